/** What {@code assay plan} says, against what {@code assay run} does. */
package io.assay.tests.plan;
