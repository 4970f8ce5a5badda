package io.assay.job.lines;

/**
 * A line of an input file.
 *
 * @param number from 1, as an editor shows it
 * @param bytes without the line end; null when the line was longer than allowed
 */
record RawLine(long number, byte[] bytes) {}
