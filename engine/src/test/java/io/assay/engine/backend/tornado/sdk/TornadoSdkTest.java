package io.assay.engine.backend.tornado.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where an SDK is looked for, and what is said of one that cannot be used. */
class TornadoSdkTest {
  @TempDir private Path folder;

  @Test
  void theVariableWinsOverTheConventionalFolder() throws IOException {
    Path named = SdkFolder.create(folder.resolve("a"), "5.2.0-jdk25", "opencl");
    Path conventional = SdkFolder.create(folder.resolve("b"), "5.3.0-jdk25", "opencl");

    assertThat(TornadoSdk.find(named.toString(), conventional).home()).isEqualTo(named);
    assertThat(TornadoSdk.find(null, conventional).version()).isEqualTo("5.3.0-jdk25");
    assertThat(TornadoSdk.find(" ", conventional).home()).isEqualTo(conventional);
    // Never another one than asked for.
    refused(() -> TornadoSdk.find(folder.resolve("c").toString(), conventional))
        .hasMessageContainingAll("TORNADOVM_HOME is", "/c, which is not a folder", "tornadovm.org");
    refused(() -> TornadoSdk.find(null, folder.resolve("c")))
        .hasMessageContainingAll("TORNADOVM_HOME is not set", "no " + folder, "install the");
    refused(() -> TornadoSdk.find("a\0b", conventional)).hasMessageContaining("no folder");
  }

  @Test
  void cudaIsUsedWhereItIsAndItsJarsAreTheModulePath() throws IOException {
    TornadoSdk sdk =
        TornadoSdk.read(SdkFolder.create(folder, "5.2.0-jdk25", "opencl", "cuda", "ptx"));

    assertThat(sdk.backends()).containsExactly("opencl", "cuda", "ptx");
    assertThat(sdk.backend()).isEqualTo("cuda");
    assertThat(sdk.driver()).hasFileName("tornado-drivers-cuda-5.2.0-jdk25.jar");
    assertThat(sdk.modules())
        .extracting(jar -> jar.getFileName().toString())
        .containsExactly(
            "tornado-api-5.2.0-jdk25.jar",
            "tornado-runtime-5.2.0-jdk25.jar",
            "tornado-annotation-5.2.0-jdk25.jar",
            "tornado-drivers-common-5.2.0-jdk25.jar",
            "asm-9.9.jar",
            "commons-math3-3.2.jar",
            "snmp4j-2.8.6.jar");
    assertThat(sdk.compiler())
        .extracting(jar -> jar.getFileName().toString())
        .containsExactly(
            "compiler-25.0.2.jar",
            "truffle-compiler-25.0.2.jar",
            "collections-25.0.2.jar",
            "word-25.0.2.jar");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "share/java/tornado/tornado-api-5.2.0-jdk25.jar",
        "share/java/tornado/asm-9.9.jar",
        "share/java/tornado/tornado-drivers-opencl-5.2.0-jdk25.jar",
        "share/java/graalJars/compiler-25.0.2.jar",
        "etc/exportLists/opencl-exports"
      })
  void eachMissingFileIsNamed(String file) throws IOException {
    SdkFolder.create(folder, "5.2.0-jdk25", "opencl");
    Files.delete(folder.resolve(file));

    refused(() -> TornadoSdk.read(folder))
        .hasMessageContainingAll(
            folder + " lacks " + file.replaceFirst("-[0-9].*", "-VERSION.jar"), "install it again");
  }

  @Test
  void everyMissingFileIsNamedAtOnce() throws IOException {
    SdkFolder.create(folder, "5.2.0-jdk25", "opencl");
    Files.delete(folder.resolve("lib").resolve(System.mapLibraryName("tornado-opencl")));
    Files.delete(folder.resolve("share/java/graalJars/word-25.0.2.jar"));

    refused(() -> TornadoSdk.read(folder)).hasMessageContainingAll("word-VERSION.jar", "lib/");
  }

  @Test
  void aFolderOfAnotherKindAnOtherJdkOrNoUsableBackendIsRefused() throws IOException {
    refused(() -> TornadoSdk.read(folder)).hasMessageContaining("is not a TornadoVM SDK");
    Path old = SdkFolder.create(folder.resolve("old"), "5.2.0-jdk21", "opencl");
    refused(() -> TornadoSdk.read(old)).hasMessageContainingAll("5.2.0-jdk21", "JDK 25");
    Path other = SdkFolder.create(folder.resolve("other"), "5.2.0-jdk25", "metal", "ptx");
    refused(() -> TornadoSdk.read(other)).hasMessageContainingAll("[metal, ptx]", "cuda or opencl");
    Files.writeString(other.resolve("etc/tornado.backend"), "# nothing\n");
    refused(() -> TornadoSdk.read(other)).hasMessageContaining("does not say tornado.backends");
  }

  private static AbstractThrowableAssert<?, ?> refused(ThrowingCallable call) {
    return assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            EngineException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.BACKEND_UNAVAILABLE));
  }
}
