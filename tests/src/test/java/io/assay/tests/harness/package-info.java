/** Whole runs against what lm-evaluation-harness says to the same tasks and checkpoint. */
package io.assay.tests.harness;
