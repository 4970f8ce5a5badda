/**
 * What is done to the documents of a data set before prompts are made of them: a closed list of
 * transforms, in place of the Python functions ({@code process_docs}) that tasks of the harness
 * have.
 */
package io.assay.datasets.transform;
