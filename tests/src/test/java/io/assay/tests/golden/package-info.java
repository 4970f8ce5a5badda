/** The golden cases, and golden cases made wrong. */
package io.assay.tests.golden;
