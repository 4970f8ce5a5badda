/** Model folders that are broken, or made to do harm. */
package io.assay.tests.hostile;
