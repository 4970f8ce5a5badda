/** Runs whose executors are processes of their own, started by Spark as on a cluster. */
package io.assay.tests.cluster;
