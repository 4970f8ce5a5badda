/** Expert placement by measured load: which GPU holds which replica of which expert (EPLB). */
package io.assay.eval.placement;
