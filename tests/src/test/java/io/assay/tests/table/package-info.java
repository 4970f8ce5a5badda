/** Reads result tables with another library than the one that wrote them. */
package io.assay.tests.table;
