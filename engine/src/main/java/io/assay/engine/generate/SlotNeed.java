package io.assay.engine.generate;

/**
 * Slots of the latent caches.
 *
 * @param main of the main layers' caches
 * @param drafting of the prediction modules' caches
 */
record SlotNeed(long main, long drafting) {
  static final SlotNeed NONE = new SlotNeed(0, 0);

  SlotNeed plus(SlotNeed other) {
    return new SlotNeed(Math.addExact(main, other.main), Math.addExact(drafting, other.drafting));
  }

  SlotNeed times(long factor) {
    return new SlotNeed(Math.multiplyExact(main, factor), Math.multiplyExact(drafting, factor));
  }

  SlotNeed min(SlotNeed other) {
    return new SlotNeed(Math.min(main, other.main), Math.min(drafting, other.drafting));
  }

  SlotNeed max(SlotNeed other) {
    return new SlotNeed(Math.max(main, other.main), Math.max(drafting, other.drafting));
  }

  boolean fitsIn(SlotNeed room) {
    return main <= room.main && drafting <= room.drafting;
  }
}
