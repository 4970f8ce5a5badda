/** Documents out of files: JSON lines, JSON arrays, CSV, TSV and plain text, compressed or not. */
package io.assay.datasets.reader;
