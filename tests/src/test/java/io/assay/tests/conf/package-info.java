/** What lies in {@code conf/}: every file is read as its reader would, every name in it exists. */
package io.assay.tests.conf;
