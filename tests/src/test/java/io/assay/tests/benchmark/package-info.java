/**
 * What {@code bin/bench} runs: kernels (JMH, beside the kernels in the engine module), the engine
 * end to end, the same work in other programs, and weights larger than memory. Every figure is a
 * {@link io.assay.tests.benchmark.Line} that says what it is to be compared with.
 */
package io.assay.tests.benchmark;
