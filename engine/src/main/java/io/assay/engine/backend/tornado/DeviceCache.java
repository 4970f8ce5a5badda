package io.assay.engine.backend.tornado;

import io.assay.engine.backend.Backend;

/**
 * Latents of one layer in the device's array of all latents.
 *
 * @param slot its first slot there
 */
record DeviceCache(int slot, int slots) implements Backend.Cache {}
