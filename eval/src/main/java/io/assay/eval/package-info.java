/** Requests, metrics, statistics: what is asked of the engine and what is made of the answers. */
package io.assay.eval;
