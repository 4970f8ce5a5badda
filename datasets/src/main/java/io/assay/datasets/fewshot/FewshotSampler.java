package io.assay.datasets.fewshot;

import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Chooses examples for one document after the other, in the order of the evaluated split. A sampler
 * is made anew for each pass over a task.
 */
public abstract sealed class FewshotSampler {
  private final List<Map<String, Object>> pool;
  private final boolean samePool;

  /**
   * @param pool documents to choose from, in the order of their file
   * @param samePool the evaluated document is in the pool and has to be left out
   */
  private FewshotSampler(List<Map<String, Object>> pool, boolean samePool) {
    this.pool = pool;
    this.samePool = samePool;
  }

  /**
   * {@code n} examples for a document, in the order of the prompt.
   *
   * @param document its fields
   * @param key what identifies it: its id
   * @throws DataException DOCUMENT_INVALID if the pool is too small
   */
  public abstract List<Map<String, Object>> choose(Map<String, Object> document, String key, int n);

  /** The first n that are not the document. */
  public static FewshotSampler firstN(List<Map<String, Object>> pool, boolean samePool) {
    return new FirstN(pool, samePool);
  }

  /**
   * Depends on the document's key and the examples' content only: order of files, sharding and
   * limits never change a prompt. Examples are ranked by a hash of both (rendezvous hashing), so
   * that a pool that grows by one changes at most one example of each prompt.
   */
  public static FewshotSampler byId(List<Map<String, Object>> pool, boolean samePool) {
    return new ById(pool, samePool);
  }

  /**
   * The harness's: {@code random.Random(1234).sample}, one generator that runs on from document to
   * document; n + 1 drawn where the document has to be left out.
   */
  public static FewshotSampler harness(List<Map<String, Object>> pool, boolean samePool) {
    return new Harness(pool, samePool);
  }

  /** The pool without documents equal to {@code document}, if it comes from the same split. */
  List<Map<String, Object>> others(Map<String, Object> document) {
    return samePool ? pool.stream().filter(d -> !d.equals(document)).toList() : pool;
  }

  static void check(int n, int available) {
    if (n > available) {
      throw new DataException(
          DataErrorCode.DOCUMENT_INVALID,
          n
              + " few-shot examples are asked for and only "
              + available
              + " are there; lower num_fewshot or add to the few-shot split");
    }
  }

  private static final class FirstN extends FewshotSampler {
    private FirstN(List<Map<String, Object>> pool, boolean samePool) {
      super(pool, samePool);
    }

    @Override
    public List<Map<String, Object>> choose(Map<String, Object> document, String key, int n) {
      List<Map<String, Object>> others = others(document);
      check(n, others.size());
      return others.subList(0, n);
    }
  }

  private static final class ById extends FewshotSampler {
    private record Ranked(Map<String, Object> example, long hash, long rank) {}

    private final long[] hashes;

    private ById(List<Map<String, Object>> pool, boolean samePool) {
      super(pool, samePool);
      this.hashes = pool.stream().mapToLong(ContentHash::of).toArray();
    }

    @Override
    public List<Map<String, Object>> choose(Map<String, Object> document, String key, int n) {
      if (n == 0) {
        return List.of();
      }
      long seed = ContentHash.of(key);
      List<Ranked> ranked = new ArrayList<>();
      for (int i = 0; i < hashes.length; i++) {
        Map<String, Object> example = super.pool.get(i);
        if (!super.samePool || !example.equals(document)) {
          ranked.add(new Ranked(example, hashes[i], ContentHash.mix(seed ^ hashes[i])));
        }
      }
      check(n, ranked.size());
      return ranked.stream()
          .sorted(Comparator.comparingLong(Ranked::rank).thenComparingLong(Ranked::hash))
          .limit(n)
          .map(Ranked::example)
          .toList();
    }
  }

  private static final class Harness extends FewshotSampler {
    private static final long SEED = 1234;

    private final PythonRandom random = new PythonRandom(SEED);

    private Harness(List<Map<String, Object>> pool, boolean samePool) {
      super(pool, samePool);
    }

    @Override
    public List<Map<String, Object>> choose(Map<String, Object> document, String key, int n) {
      if (n == 0) {
        return List.of();
      }
      int draw = super.samePool ? n + 1 : n;
      check(draw, super.pool.size());
      List<Map<String, Object>> drawn = random.sample(super.pool, draw);
      if (!super.samePool) {
        return drawn;
      }
      List<Map<String, Object>> kept =
          drawn.stream().filter(d -> !d.equals(document)).limit(n).toList();
      if (kept.size() == n) {
        return kept;
      }
      // Several rows equal the document: the harness draws again from all the others.
      List<Map<String, Object>> others = others(document);
      check(n, others.size());
      return random.sample(others, n);
    }
  }
}
