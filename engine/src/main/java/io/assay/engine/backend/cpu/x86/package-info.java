/**
 * Matrix products in the processor's own instructions, for what the Vector API cannot express (the
 * bf16 dot product of AVX512_BF16) or does not reach: machine code written by a small assembler at
 * start, called without copies through the foreign function interface. Knows instructions and
 * memory, nothing about models.
 */
package io.assay.engine.backend.cpu.x86;
