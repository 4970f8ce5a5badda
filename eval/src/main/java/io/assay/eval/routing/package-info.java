/** Expert load and its balance, from the counts of single requests. */
package io.assay.eval.routing;
