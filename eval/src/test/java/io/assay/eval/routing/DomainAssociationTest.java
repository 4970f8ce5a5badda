package io.assay.eval.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class DomainAssociationTest {
  /** Numbers of SciPy 1.17: chi2_contingency([[10, 20, 30], [6, 9, 17]], correction=False). */
  @Test
  void statisticIsPearsons() {
    DomainAssociation found =
        DomainAssociation.of(new long[][] {{10, 0, 20, 30}, {0, 0, 0, 0}, {6, 0, 9, 17}});
    assertThat(found.chiSquare()).isCloseTo(0.27157465150403504, within(1e-12));
    assertThat(found.pValue()).isCloseTo(0.873028283380073, within(1e-12));
    assertThat(found.degreesOfFreedom()).isEqualTo(2);
    assertThat(found.domains()).isEqualTo(2);
    assertThat(found.experts()).isEqualTo(3);
    assertThat(found.choices()).isEqualTo(92);
    assertThat(found.cramersV()).isCloseTo(Math.sqrt(0.27157465150403504 / 92), within(1e-12));
  }

  @Test
  void informationIsAllOrNothing() {
    // Each of four domains has an expert of its own: two bits, and V is 1.
    long[][] own = {{5, 0, 0, 0}, {0, 5, 0, 0}, {0, 0, 5, 0}, {0, 0, 0, 5}};
    assertThat(DomainAssociation.of(own).mutualInformation()).isCloseTo(2, within(1e-12));
    assertThat(DomainAssociation.of(own).cramersV()).isCloseTo(1, within(1e-12));
    // Independent: outer product of 1, 2 and 3, 4.
    DomainAssociation none = DomainAssociation.of(new long[][] {{300, 400}, {600, 800}});
    assertThat(none.mutualInformation()).isCloseTo(0, within(1e-12));
    assertThat(none.chiSquare()).isCloseTo(0, within(1e-12));
    assertThat(DomainAssociation.of(new long[][] {{1, 2}})).isNull();
    assertThat(DomainAssociation.of(new long[][] {{1, 0}, {3, 0}})).isNull();
  }
}
