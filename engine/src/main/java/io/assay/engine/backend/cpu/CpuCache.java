package io.assay.engine.backend.cpu;

import io.assay.engine.backend.Backend;

/**
 * Latents of one layer in a Java array.
 *
 * @param data {@code [slots, width]}: latent after its norm, then the key's rotated part
 */
record CpuCache(float[] data, int slots, int width) implements Backend.Cache {}
