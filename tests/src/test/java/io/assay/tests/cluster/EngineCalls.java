package io.assay.tests.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodTransform;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * Lets a Java agent hear of every call of the real engine before it is answered; the product knows
 * nothing of it. The agent is a public class with a public static method {@code check} that takes
 * the list of requests.
 */
final class EngineCalls implements ClassFileTransformer {
  private static final String ENGINE = "io/assay/engine/Engine";
  private static final Set<String> ASKED = Set.of("score", "generate");
  private static final MethodTypeDesc CHECK =
      MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_List);

  private final ClassDesc agent;

  private EngineCalls(Class<?> agent) {
    this.agent = ClassDesc.of(agent.getName());
  }

  /** To be called by the agent's {@code premain}. */
  static void tell(Class<?> agent, Instrumentation instrumentation) {
    instrumentation.addTransformer(new EngineCalls(agent));
  }

  /** Makes the jar of an agent. */
  static Path jar(Path file, Class<?> agent) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(new Attributes.Name("Premain-Class"), agent.getName());
    try (OutputStream stream = Files.newOutputStream(file);
        JarOutputStream jar = new JarOutputStream(stream, manifest)) {
      for (Class<?> type : List.of(agent, EngineCalls.class)) {
        String entry = type.getName().replace('.', '/') + ".class";
        try (InputStream code = type.getResourceAsStream("/" + entry)) {
          jar.putNextEntry(new JarEntry(entry));
          code.transferTo(jar);
        }
      }
    }
    return file;
  }

  @Override
  public byte[] transform(
      ClassLoader loader, String name, Class<?> redefined, ProtectionDomain domain, byte[] bytes) {
    if (!ENGINE.equals(name)) {
      return null;
    }
    CodeTransform checkFirst =
        CodeTransform.ofStateful(
            () -> {
              boolean[] started = new boolean[1];
              return (builder, element) -> {
                if (!started[0]) {
                  started[0] = true;
                  builder.aload(1).invokestatic(agent, "check", CHECK);
                }
                builder.with(element);
              };
            });
    ClassFile file = ClassFile.of();
    return file.transformClass(
        file.parse(bytes),
        ClassTransform.transformingMethods(
            method -> ASKED.contains(method.methodName().stringValue()),
            MethodTransform.transformingCode(checkFirst)));
  }
}
