/** Two runs compared metric by metric, and whether the second may be as it is. */
package io.assay.job.gate;
