package io.assay.engine.weights;

/**
 * A multi-token prediction module (DeepSeek-V3 report, section 2.2). Embedding and head are the
 * main model's; files store copies.
 *
 * @param depth from 1
 * @param embeddingNorm {@code enorm [hidden]}
 * @param hiddenNorm {@code hnorm [hidden]}
 * @param combine {@code eh_proj [hidden, 2 * hidden]}: embedding first
 * @param block the module's decoder block
 * @param headNorm {@code shared_head.norm [hidden]}
 */
public record MtpWeights(
    int depth,
    float[] embeddingNorm,
    float[] hiddenNorm,
    Matrix combine,
    LayerWeights block,
    float[] headNorm) {}
