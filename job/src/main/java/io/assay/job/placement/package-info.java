/** Expert placement from the tables of runs: what is measured, what is placed, how it reads. */
package io.assay.job.placement;
