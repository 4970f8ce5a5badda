package io.assay.job.request;

import java.io.Serializable;

/**
 * A slice where it stands in its run.
 *
 * @param index from 0, in the order of the plan
 * @param ordinal requests of the run before it
 * @param routedBefore {@link Slice#planned} tokens of all slices before it, and what batches that
 *     are not full lack
 * @param key equal keys, equal rows
 */
public record PlacedSlice(int index, Slice slice, long ordinal, long routedBefore, String key)
    implements Serializable {}
