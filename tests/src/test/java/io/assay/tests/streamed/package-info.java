/** Models larger than memory: weights read a layer at a time. */
package io.assay.tests.streamed;
