package io.assay.datasets.template;

/**
 * {@code object.name} where the type has a method of that name; only a call makes something of it.
 */
record BoundMethod(Object object, String name) {}
