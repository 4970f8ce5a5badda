package io.assay.datasets;

/**
 * A record that could not be read; the job goes on without it.
 *
 * @param source file
 * @param item line or record number from 1, as an editor shows it
 * @param code what is wrong
 * @param message one sentence
 */
public record BadRecord(String source, long item, DataErrorCode code, String message)
    implements java.io.Serializable {}
