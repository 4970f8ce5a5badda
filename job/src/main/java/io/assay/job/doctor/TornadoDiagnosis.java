package io.assay.job.doctor;

import io.assay.engine.EngineException;
import io.assay.engine.backend.tornado.sdk.RunningJvm;
import io.assay.engine.backend.tornado.sdk.TornadoSdk;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What there is of the backend tornado: the SDK, a JVM that can use it, devices. */
final class TornadoDiagnosis {
  private static final String SDK = "TornadoVM";
  private static final String BACKEND = "backend tornado";

  private TornadoDiagnosis() {}

  static List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    Optional<String> problem = RunningJvm.problem();
    try {
      TornadoSdk sdk = TornadoSdk.find();
      findings.add(
          Finding.ok(
              SDK,
              "SDK "
                  + sdk.version()
                  + " in "
                  + sdk.home()
                  + ", backends "
                  + String.join(" ", sdk.backends())
                  + "; "
                  + sdk.backend()
                  + " is used"));
    } catch (EngineException e) {
      String found = TornadoSdk.isNamed() ? "cannot be used" : "no SDK, so no GPU";
      findings.add(Finding.absent(SDK, found, e.getMessage()));
      // A JVM with TornadoVM's arguments does not need to know where its SDK is.
      if (problem.isPresent()) {
        return findings;
      }
    }
    findings.add(
        problem
            .map(sentence -> Finding.absent(BACKEND, "not in this JVM", sentence))
            .orElseGet(() -> Finding.ok(BACKEND, "this JVM has TornadoVM's arguments")));
    return findings;
  }
}
