package io.assay.eval.filter;

import io.assay.datasets.text.PythonRegex;
import io.assay.eval.text.PythonText;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * One step of a filter chain: the responses to one document in, the filtered ones out. Semantics of
 * {@code lm_eval/filters}. A response is null where a map has no entry; it equals no target.
 */
interface ResponseFilter extends Serializable {
  /**
   * @param responses in the order of repeats
   * @param choices texts the document lets choose from, empty if it has none
   */
  List<String> apply(List<String> responses, List<String> choices);

  /** How many responses come out if that many go in. */
  default int count(int responses) {
    return responses;
  }

  private static List<String> each(List<String> responses, UnaryOperator<String> change) {
    List<String> changed = new ArrayList<>(responses.size());
    for (String response : responses) {
      changed.add(response == null ? null : change.apply(response));
    }
    return changed;
  }

  /**
   * {@code regex}: the selected match, stripped; of several groups the first that is not empty.
   *
   * @param select index of the match, negative from the end
   * @param fallback response without such a match
   */
  record Regex(PythonRegex pattern, int select, String fallback) implements ResponseFilter {
    @Override
    public List<String> apply(List<String> responses, List<String> choices) {
      List<String> found = new ArrayList<>(responses.size());
      for (String response : responses) {
        String match = find(response == null ? "" : response);
        found.add(match == null ? fallback : match);
      }
      return found;
    }

    /** The selected match, null if there is none. */
    String find(String response) {
      return select(pattern, select, response);
    }

    /** The selected match of any pattern, null if there is none. */
    static String select(PythonRegex pattern, int select, String response) {
      List<List<String>> matches = pattern.findAll(response);
      int index = select < 0 ? matches.size() + select : select;
      if (index < 0 || index >= matches.size()) {
        return null;
      }
      List<String> groups = matches.get(index);
      if (groups.size() == 1) {
        return PythonText.strip(groups.getFirst());
      }
      return groups.stream()
          .filter(group -> !group.isEmpty())
          .findFirst()
          .map(PythonText::strip)
          .orElse(null);
    }
  }

  /** {@code take_first}. */
  record TakeFirst() implements ResponseFilter {
    @Override
    public List<String> apply(List<String> responses, List<String> choices) {
      return responses.subList(0, Math.min(1, responses.size()));
    }

    @Override
    public int count(int responses) {
      return Math.min(1, responses);
    }
  }

  /** {@code take_first_k}. */
  record TakeFirstK(int k) implements ResponseFilter {
    @Override
    public List<String> apply(List<String> responses, List<String> choices) {
      return responses.subList(0, Math.min(k, responses.size()));
    }

    @Override
    public int count(int responses) {
      return Math.min(k, responses);
    }
  }

  /** {@code majority_vote}: the most frequent response, the earliest of equally frequent ones. */
  record MajorityVote() implements ResponseFilter {
    @Override
    public List<String> apply(List<String> responses, List<String> choices) {
      Map<String, Integer> votes = new LinkedHashMap<>();
      responses.forEach(response -> votes.merge(key(response), 1, Integer::sum));
      int most = votes.values().stream().mapToInt(Integer::intValue).max().orElse(0);
      for (String response : responses) {
        if (votes.get(key(response)) == most) {
          List<String> winner = new ArrayList<>(1);
          winner.add(response);
          return winner;
        }
      }
      return responses;
    }

    @Override
    public int count(int responses) {
      return Math.min(1, responses);
    }

    /** Null is a response of its own, different from every text. */
    private static String key(String response) {
      return response == null ? "" : "=" + response;
    }
  }

  /** {@code remove_whitespace}: at both ends. */
  record RemoveWhitespace() implements ResponseFilter {
    @Override
    public List<String> apply(List<String> responses, List<String> choices) {
      return each(responses, PythonText::strip);
    }
  }

  /** {@code lowercase}. */
  record Lowercase() implements ResponseFilter {
    @Override
    public List<String> apply(List<String> responses, List<String> choices) {
      return each(responses, text -> text.toLowerCase(Locale.ROOT));
    }
  }

  /** {@code uppercase}. */
  record Uppercase() implements ResponseFilter {
    @Override
    public List<String> apply(List<String> responses, List<String> choices) {
      return each(responses, text -> text.toUpperCase(Locale.ROOT));
    }
  }

  /**
   * {@code map}: looks responses up.
   *
   * @param otherwise result without an entry, may be null
   */
  record Lookup(Map<String, String> entries, String otherwise) implements ResponseFilter {
    @Override
    public List<String> apply(List<String> responses, List<String> choices) {
      List<String> found = new ArrayList<>(responses.size());
      for (String response : responses) {
        found.add(response == null ? otherwise : entries.getOrDefault(response, otherwise));
      }
      return found;
    }
  }
}
