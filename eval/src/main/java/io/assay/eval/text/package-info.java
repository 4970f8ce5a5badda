/** Text as the harness's rules see it: white space, words and answers in LaTeX. */
package io.assay.eval.text;
