/**
 * What a run is going to do and cost: the figures, and how they are shown to people and programs.
 */
package io.assay.job.plan;
