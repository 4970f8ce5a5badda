/** From rendered documents to token ids: what exactly the engine is asked. */
package io.assay.eval.request;
