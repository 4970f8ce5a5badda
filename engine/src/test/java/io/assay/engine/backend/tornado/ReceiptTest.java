package io.assay.engine.backend.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** A device as an array of its own, which copies reach or do not reach. */
final class ReceiptTest {
  private final KernelGraph graph = new KernelGraph("head", 7);
  private final IntArray device = new IntArray(graph.words().getSize());
  private final Receipt receipt = new Receipt();

  @Test
  void whatComesBackIsAccepted() {
    for (int i = 0; i < 3; i++) {
      execute(/* sent= */ true, /* returned= */ true);
      assertThatCode(() -> receipt.check(graph, "a GPU")).doesNotThrowAnyException();
    }
  }

  @Test
  void copiesThatDoNotArriveAreNoticed() {
    execute(/* sent= */ true, /* returned= */ true);

    // The number of the execution before is there, on both sides.
    execute(/* sent= */ true, /* returned= */ false);
    refused();
    execute(/* sent= */ false, /* returned= */ true);
    refused();
  }

  /** All control words that were asked for are there besides. */
  @Test
  void takesNoControlWord() {
    assertThat(graph.allot(7)).isZero();
    assertThat(graph.receipt()).isEqualTo(7);
    assertThatThrownBy(() -> graph.allot(1)).isInstanceOf(IllegalStateException.class);
  }

  private void execute(boolean sent, boolean returned) {
    receipt.write(graph);
    if (sent) {
      device.set(graph.receipt(), graph.words().get(graph.receipt()));
    }
    IntArray back = receipt.take(graph);
    if (returned) {
      back.set(graph.receipt(), device.get(graph.receipt()));
    }
  }

  private void refused() {
    assertThatThrownBy(() -> receipt.check(graph, "a GPU"))
        .isInstanceOfSatisfying(
            EngineException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.BACKEND_UNAVAILABLE))
        .hasMessageContaining("graph head were copied from a GPU, but nothing arrived");
  }
}
