/** Answers that are used again: the next night, and after a run was broken off. */
package io.assay.tests.store;
