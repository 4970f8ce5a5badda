/** Documents and tasks: readers, task YAML, templates, few-shot. Knows neither engine nor Spark. */
package io.assay.datasets;
