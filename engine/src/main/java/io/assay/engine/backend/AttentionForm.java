package io.assay.engine.backend;

/** The two equal ways to compute latent attention; they differ by rounding order only. */
public enum AttentionForm {
  /** Keys and values are projected up from the latents: cheaper for many queries. */
  EXPANDED,
  /** The projections are folded into queries and outputs: cheaper for few queries. */
  ABSORBED
}
