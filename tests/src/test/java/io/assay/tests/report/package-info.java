/** The HTML page of a run: what the command writes, and what a browser makes of it. */
package io.assay.tests.report;
