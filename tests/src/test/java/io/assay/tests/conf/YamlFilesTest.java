package io.assay.tests.conf;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.assay.job.config.Places;
import io.assay.job.config.RunConfig;
import io.assay.job.config.RunConfigReader;
import io.assay.tests.launcher.Project;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlFilesTest {
  private static final LocalDate NIGHT = LocalDate.of(2026, 1, 31);

  private static RunConfig run(String file) {
    return new RunConfigReader(new Places(List.of(Project.root())), NIGHT)
        .read(Project.root().resolve(file), List.of(), null);
  }

  @Test
  void theNightIsARunFileWithGatesAgainstTheLast() {
    RunConfig night = run("conf/nightly.yaml");

    assertThat(night.id()).isEqualTo("nightly-2026-01-31");
    assertThat(night.gates().baseline()).isEqualTo("latest");
    assertThat(night.gates().rules())
        .extracting(rule -> rule.metric())
        .containsExactly("perplexity", "acc*", "exact_match");
    assertThat(night.corpora()).isNotEmpty();
  }

  @Test
  void theQuickstartIsARunFile() {
    assertThat(run("conf/quickstart.yaml").id()).isEqualTo("quickstart-2026-01-31");
  }

  @ParameterizedTest
  @ValueSource(strings = {"driver", "executor"})
  void podTemplatesMountWhatTheyName(String role) throws IOException {
    JsonNode pod =
        new YAMLMapper()
            .readTree(
                Project.root().resolve("conf/kubernetes/" + role + "-pod-template.yaml").toFile());

    assertThat(pod.get("kind").asText()).isEqualTo("Pod");
    assertThat(pod.get("apiVersion").asText()).isEqualTo("v1");
    assertThat(pod.at("/metadata/labels").get("app.kubernetes.io/component").asText())
        .isEqualTo(role);
    JsonNode containers = pod.at("/spec/containers");
    assertThat(containers).hasSize(1);
    assertThat(names(containers.get(0).get("volumeMounts")))
        .isNotEmpty()
        .isEqualTo(names(pod.at("/spec/volumes")));
  }

  private static Set<String> names(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false)
        .map(entry -> entry.get("name").asText())
        .collect(Collectors.toSet());
  }
}
