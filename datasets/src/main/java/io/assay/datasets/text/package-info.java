/**
 * Text as Python sees it: white space and regular expressions, for templates, filters and metrics.
 */
package io.assay.datasets.text;
