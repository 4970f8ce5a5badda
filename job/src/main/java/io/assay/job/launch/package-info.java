/** What the start script and the JVM agree on. */
package io.assay.job.launch;
