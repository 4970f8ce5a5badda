package io.assay.job.doctor;

import io.assay.engine.EngineException;
import io.assay.engine.backend.tornado.Tornado;
import io.assay.engine.backend.tornado.sdk.RunningJvm;
import io.assay.engine.backend.tornado.sdk.TornadoSdk;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

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
            .orElseGet(TornadoDiagnosis::devices));
    return findings;
  }

  private static Finding devices() {
    List<String> devices;
    try {
      devices = Tornado.devices();
    } catch (RuntimeException | LinkageError e) {
      // Whatever TornadoVM throws when a driver is broken, the rest of the page is still worth it.
      return Finding.absent(
          BACKEND,
          "TornadoVM does not start: " + e,
          "install the driver of the device, and libraries such as CUDA's or an OpenCL loader");
    }
    if (devices.isEmpty()) {
      return Finding.absent(BACKEND, "no device", "install the driver of the device");
    }
    return Finding.ok(
        BACKEND,
        IntStream.range(0, devices.size())
            .mapToObj(i -> "device " + i + ": " + devices.get(i))
            .collect(Collectors.joining("; ")));
  }
}
