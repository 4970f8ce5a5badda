package io.assay.engine.generate;

import io.assay.engine.backend.Backend;
import io.assay.engine.model.MtpModule;
import io.assay.engine.model.Transformer;
import io.assay.engine.speculative.Drafter;
import java.util.List;

/** The latent caches of the running requests: those of the main layers and of the modules. */
final class LatentCaches {
  private final Transformer transformer;
  private final List<MtpModule> modules;
  private final int batchRows;
  private LatentPool main;
  private LatentPool drafting;
  private Drafter drafter;

  /**
   * Caches without slots.
   *
   * @param batchRows most rows of a drafting pass
   */
  LatentCaches(Transformer transformer, List<MtpModule> modules, int batchRows) {
    this.transformer = transformer;
    this.modules = modules;
    this.batchRows = batchRows;
    open(SlotNeed.NONE);
  }

  /** Replaces the caches, of which no slot may be in use, by others of this size. */
  void open(SlotNeed size) {
    main = null; // not two of them at a time
    drafting = null;
    drafter = null;
    Backend backend = transformer.backend();
    main = LatentPool.open(backend, transformer.config().numLayers(), Math.toIntExact(size.main()));
    drafting = LatentPool.open(backend, modules.size(), Math.toIntExact(size.drafting()));
    drafter = new Drafter(transformer, modules, drafting.caches(), batchRows);
  }

  SlotNeed size() {
    return new SlotNeed(main.slots().capacity(), drafting.slots().capacity());
  }

  SlotNeed available() {
    return new SlotNeed(main.slots().available(), drafting.slots().available());
  }

  /** Latents of the main layers. */
  LatentPool main() {
    return main;
  }

  /** Slots of the modules' caches. */
  SlotAllocator draftingSlots() {
    return drafting.slots();
  }

  Drafter drafter() {
    return drafter;
  }
}
