/** The queries for analysts. */
package io.assay.tests.sql;
