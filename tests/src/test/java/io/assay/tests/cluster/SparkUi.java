package io.assay.tests.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a driver says of itself at its web interface, as programs read it. */
record SparkUi(int port) {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /**
   * An executor that lives.
   *
   * @param activeTasks tasks it runs right now
   * @param completedTasks tasks it has ended with success
   */
  record Executor(String applicationId, String id, int activeTasks, int completedTasks) {}

  /** The executors, without the driver; none as long as there is no driver. */
  List<Executor> executors() {
    Optional<JsonNode> applications = get("");
    if (applications.isEmpty() || applications.get().isEmpty()) {
      return List.of();
    }
    String application = applications.get().get(0).get("id").asText();
    List<Executor> executors = new ArrayList<>();
    for (JsonNode executor : get("/" + application + "/executors").orElse(JSON.createArrayNode())) {
      if (!executor.get("id").asText().equals("driver") && executor.get("isActive").asBoolean()) {
        executors.add(
            new Executor(
                application,
                executor.get("id").asText(),
                executor.get("activeTasks").asInt(),
                executor.get("completedTasks").asInt()));
      }
    }
    return executors;
  }

  private Optional<JsonNode> get(String path) {
    URI uri = URI.create("http://127.0.0.1:" + port + "/api/v1/applications" + path);
    try {
      HttpResponse<byte[]> response =
          CLIENT.send(
              HttpRequest.newBuilder(uri).timeout(TIMEOUT).build(),
              HttpResponse.BodyHandlers.ofByteArray());
      return response.statusCode() == 200
          ? Optional.of(JSON.readTree(response.body()))
          : Optional.empty();
    } catch (IOException e) {
      // Not there yet, or no longer.
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking " + uri, e);
    }
  }
}
