package io.assay.datasets.template;

import java.util.LinkedHashMap;
import java.util.Map;

/** {@code namespace()}: the one object a template may write to from within a loop. */
final class Namespace {
  final Map<String, Object> fields = new LinkedHashMap<>();
}
