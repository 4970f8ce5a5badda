/** Filter chains: from generated texts to the answers that metrics judge. */
package io.assay.eval.filter;
