package io.assay.tests.generated;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.tests.generated.CheckpointSpec.Storage;
import io.assay.tests.reference.ReferenceModel;
import io.assay.tests.reference.ReferenceTensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CheckpointGeneratorTest {
  static final Path TOKENIZER =
      Path.of(System.getProperty("assay.root", ".."), "tests/golden/v3-basic/checkpoint");

  @TempDir Path folder;

  @Test
  void namesAndShapesAreThoseOfAPublishedLayout() {
    // v3-basic was written by another generator, after the published checkpoints.
    CheckpointSpec spec =
        CheckpointSpec.v3()
            .with("hidden_size", 96)
            .with("q_lora_rank", 56)
            .with("kv_lora_rank", 40)
            .with("qk_nope_head_dim", 24)
            .with("v_head_dim", 20)
            .with("intermediate_size", 176)
            .with("moe_intermediate_size", 48)
            .with("n_routed_experts", 16);
    CheckpointGenerator.write(spec, folder.resolve("model"), TOKENIZER);
    ReferenceTensors golden = ReferenceTensors.readFolder(TOKENIZER);
    ReferenceTensors generated = ReferenceTensors.readFolder(folder.resolve("model"));
    assertThat(generated.all().keySet()).isEqualTo(golden.all().keySet());
    for (String name : golden.all().keySet()) {
      assertThat(generated.raw(name).shape()).as(name).isEqualTo(golden.raw(name).shape());
    }
  }

  @ParameterizedTest
  @EnumSource
  void activationsStaySane(Storage storage) {
    CheckpointSpec spec = CheckpointSpec.v3().stored(storage).with("hidden_size", 136);
    CheckpointGenerator.write(spec, folder.resolve("model"), TOKENIZER);
    ReferenceModel model = ReferenceModel.open(folder.resolve("model"));
    int[] tokens = Tokens.random(40, model.vocab(), 5);
    ReferenceModel.Pass pass = model.forward(tokens);
    double squares =
        Arrays.stream(pass.logits())
            .flatMapToDouble(Arrays::stream)
            .map(x -> x * x)
            .average()
            .orElseThrow();
    assertThat(Math.sqrt(squares)).isBetween(1.0, 5.0);
    assertThat(pass.margin()).isGreaterThan(1e-6);
    // Expert choice depends on the token: a routing that always takes the same proves little.
    TreeSet<Integer> used = new TreeSet<>();
    pass.routing().get(2).forEach(d -> Arrays.stream(d.ids()).forEach(used::add));
    assertThat(used).hasSizeGreaterThan(6);
  }

  @Test
  void equalSpecificationsGiveEqualBytesHoweverSharded() throws Exception {
    CheckpointGenerator.write(CheckpointSpec.v3(), folder.resolve("a"), TOKENIZER);
    CheckpointGenerator.write(CheckpointSpec.v3(), folder.resolve("b"), TOKENIZER);
    CheckpointGenerator.write(CheckpointSpec.v3().inShards(3), folder.resolve("c"), TOKENIZER);
    CheckpointGenerator.write(CheckpointSpec.v3().seeded(2), folder.resolve("d"), TOKENIZER);
    byte[] first = Files.readAllBytes(folder.resolve("a/model.safetensors"));
    assertThat(Files.readAllBytes(folder.resolve("b/model.safetensors"))).isEqualTo(first);
    assertThat(Files.readAllBytes(folder.resolve("d/model.safetensors"))).isNotEqualTo(first);
    assertThat(folder.resolve("c/model-00003-of-00003.safetensors")).exists();
    ReferenceTensors whole = ReferenceTensors.readFolder(folder.resolve("a"));
    ReferenceTensors sharded = ReferenceTensors.readFolder(folder.resolve("c"));
    assertThat(sharded.all().keySet()).isEqualTo(whole.all().keySet());
    for (String name : whole.all().keySet()) {
      assertThat(sharded.raw(name).values()).as(name).isEqualTo(whole.raw(name).values());
    }
  }
}
