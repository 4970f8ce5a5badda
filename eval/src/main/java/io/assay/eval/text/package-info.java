/** Text as Python sees it: whitespace, words and regular expressions of the harness's rules. */
package io.assay.eval.text;
