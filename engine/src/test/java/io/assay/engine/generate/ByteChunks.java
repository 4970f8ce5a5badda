package io.assay.engine.generate;

import io.assay.engine.tokenizer.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A byte-level vocabulary whose tokens are any bytes: a text and half a character in one token,
 * which trained vocabularies have few of.
 */
final class ByteChunks implements Tokenizer {
  private final List<byte[]> chunks;

  /** Token i has the bytes {@code chunks[i]}. */
  ByteChunks(List<byte[]> chunks) {
    this.chunks = chunks;
  }

  @Override
  public int[] encode(String text) {
    throw new UnsupportedOperationException("chunks only decode");
  }

  @Override
  public String decode(int[] ids, boolean skipSpecial) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int id : ids) {
      bytes.writeBytes(chunks.get(id));
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Override
  public String token(int id) {
    return decode(new int[] {id}, false);
  }

  @Override
  public int size() {
    return chunks.size();
  }

  @Override
  public int bosId() {
    return -1;
  }

  @Override
  public boolean addBos() {
    return false;
  }

  @Override
  public String fingerprint() {
    return "";
  }

  @Override
  public void close() {}
}
