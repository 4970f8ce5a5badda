/**
 * Kernels: static methods that TornadoVM compiles for a device and that run as plain Java too.
 *
 * <p>Every kernel reads its sizes and offsets from a stretch of an {@code IntArray} of <em>control
 * words</em> that begins at {@code at}, so that one compiled kernel serves all layers and all
 * batches: only arrays and {@code at} are fixed when it is compiled. What the words mean stands
 * beside the kernel. A kernel that has nothing to do in an execution finds 0 in its first word,
 * whatever the others say.
 *
 * <p>A kernel is called on the device what its method is called, so no method has the name of a
 * function that OpenCL C already has ({@code select}, {@code rotate}).
 *
 * <p>No kernel returns before a barrier: PoCL 3.1 computes such kernels wrongly when it uses more
 * than one thread, although all items of a group return together. Groups without work come to the
 * barrier with nothing.
 *
 * <p>What 5.2.0 does not compile, or compiles wrongly, is not used here: bit casts between int and
 * float, {@code >>>} of negative values, {@code return} inside loops of helpers, private arrays,
 * static arrays, NaN and infinities.
 */
package io.assay.engine.backend.tornado.kernel;
