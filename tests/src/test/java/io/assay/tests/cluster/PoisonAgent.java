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
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A Java agent that makes the real engine end its process without a word when it is asked for
 * certain tokens, as a defect in native code or a broken device would. Executors get it by {@code
 * -javaagent:<jar>=<token ids>}; the product knows nothing of it.
 */
public final class PoisonAgent implements ClassFileTransformer {
  /** What a process ends with that aborts. */
  static final int EXIT = 134;

  private static final String ENGINE = "io/assay/engine/Engine";
  private static final Set<String> ASKED = Set.of("score", "generate");
  private static final List<String> TOKENS = List.of("tokens", "prompt");
  private static final MethodTypeDesc CHECK =
      MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_List);

  private static volatile int[] poison = {};

  private PoisonAgent() {}

  /** Called by the JVM before its main class. */
  public static void premain(String arguments, Instrumentation instrumentation) {
    poison = Arrays.stream(arguments.split("-", -1)).mapToInt(Integer::parseInt).toArray();
    instrumentation.addTransformer(new PoisonAgent());
  }

  /** Makes the jar of an agent. */
  static Path jar(Path file) throws IOException {
    String name = PoisonAgent.class.getName();
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(new Attributes.Name("Premain-Class"), name);
    String entry = name.replace('.', '/') + ".class";
    try (OutputStream stream = Files.newOutputStream(file);
        JarOutputStream jar = new JarOutputStream(stream, manifest);
        InputStream code = PoisonAgent.class.getResourceAsStream("/" + entry)) {
      jar.putNextEntry(new JarEntry(entry));
      code.transferTo(jar);
    }
    return file;
  }

  /** The option that puts the agent into a JVM. */
  static String option(Path jar, int... tokens) {
    return "-javaagent:"
        + jar
        + "="
        + IntStream.of(tokens).mapToObj(String::valueOf).collect(Collectors.joining("-"));
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
                  builder
                      .aload(1)
                      .invokestatic(ClassDesc.of(PoisonAgent.class.getName()), "check", CHECK);
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

  /** Called by the engine with its requests: ends the process if one has the poisoned tokens. */
  public static void check(List<?> requests) {
    for (Object request : requests) {
      if (contains(tokens(request))) {
        Runtime.getRuntime().halt(EXIT);
      }
    }
  }

  /** Classes of the engine belong to a class loader that this class cannot see. */
  private static int[] tokens(Object request) {
    for (String accessor : TOKENS) {
      try {
        return (int[]) request.getClass().getMethod(accessor).invoke(request);
      } catch (NoSuchMethodException e) {
        // The other kind of request.
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }
    throw new IllegalStateException(request.getClass() + " has no tokens");
  }

  private static boolean contains(int[] tokens) {
    return IntStream.rangeClosed(0, tokens.length - poison.length)
        .anyMatch(
            from -> Arrays.equals(tokens, from, from + poison.length, poison, 0, poison.length));
  }
}
