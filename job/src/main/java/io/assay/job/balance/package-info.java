/**
 * {@code assay balance}: correction biases calibrated on given traffic, and what they are worth.
 */
package io.assay.job.balance;
