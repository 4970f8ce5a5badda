/** Tokens in; log-probabilities, text and routing out. Pure Java, no Spark. */
package io.assay.engine;
