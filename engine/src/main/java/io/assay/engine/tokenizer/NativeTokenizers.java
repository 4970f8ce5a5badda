package io.assay.engine.tokenizer;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;

/**
 * The Hugging Face tokenizers library as DJL packs it, loaded with the network off.
 *
 * <p>DJL's own {@code HuggingFaceTokenizer} is passed by on purpose: it sends telemetry on
 * construction and truncates to a length of its choosing. The native functions below it do neither.
 */
final class NativeTokenizers {
  static {
    // Read by DJL when it looks for its native library, which it would otherwise download on
    // machines whose accelerator has a variant of it.
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
  }

  private NativeTokenizers() {}

  /** The native functions; {@code TOKENIZER_INVALID} when this platform has no library. */
  static TokenizersLibrary library() {
    try {
      LibUtils.checkStatus();
      return TokenizersLibrary.LIB;
    } catch (RuntimeException | LinkageError e) {
      throw new EngineException(
          ErrorCode.TOKENIZER_INVALID,
          "the native tokenizers library cannot be loaded (%s); it unpacks itself into DJL_CACHE_DIR, by default ~/.djl.ai, which must be writable"
              .formatted(Messages.firstLine(e)),
          e);
    }
  }
}
