package io.assay.engine.backend;

/**
 * What a model takes of a device's own memory.
 *
 * @param streamed whether weights are copied to it a layer at a time
 * @param weightBytes weights there at a time
 * @param workingBytes rows between layers, latents, and what blocks of rows are computed in
 * @param usableBytes what the device has for both
 */
public record DeviceFit(boolean streamed, long weightBytes, long workingBytes, long usableBytes) {}
