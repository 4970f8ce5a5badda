/**
 * Jinja templates with Python's semantics: what jinja2 renders for task files in the harness
 * (StrictUndefined, {@code keep_trailing_newline}, no autoescape) and for chats in transformers
 * (lenient undefined, {@code trim_blocks}, {@code lstrip_blocks}), bounded and without access to
 * anything but the document.
 *
 * <p>A general Java template engine is not used here because prompts must equal the harness's byte
 * for byte: the language's values (None, True, 1.0, repr of a list, code points, floor division,
 * {@code str.split}) are Python's.
 */
package io.assay.datasets.template;
