package io.assay.tests.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Opcode;
import java.lang.classfile.constantpool.MethodRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.time.Instant;

/**
 * A Java agent that lets Assay, Spark and Hadoop ask another clock for the time of day, which can
 * be set while they run. What measures how long something takes is not touched, as when a real
 * clock is set. {@link FakeClock} sets it.
 */
public final class ClockAgent implements ClassFileTransformer {
  private static final ClassDesc SELF = ClassDesc.of(ClockAgent.class.getName());
  private static final MethodTypeDesc MILLIS = MethodTypeDesc.of(ConstantDescs.CD_long);
  private static final MethodTypeDesc INSTANT =
      MethodTypeDesc.of(ClassDesc.of(Instant.class.getName()));
  private static final String OWN = "io/assay/tests/cluster/";
  private static final long POLL_MILLIS = 50;

  private static volatile long ahead;

  ClockAgent() {}

  /** Called by the JVM before its main class, with the file that says how far the clock is off. */
  public static void premain(String file, Instrumentation instrumentation) {
    Path offset = Path.of(file);
    ahead = read(offset);
    Thread.ofPlatform().daemon().name("clock").start(() -> follow(offset));
    instrumentation.addTransformer(new ClockAgent());
  }

  private static void follow(Path offset) {
    try {
      while (true) {
        ahead = read(offset);
        if (ahead != 0) {
          // Who set it can see that it was heard of.
          Files.createDirectories(offset.resolveSibling(offset.getFileName() + ".heard"));
        }
        Thread.sleep(POLL_MILLIS);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static long read(Path offset) {
    try {
      return Long.parseLong(Files.readString(offset));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Called instead of {@link System#currentTimeMillis}. */
  public static long currentTimeMillis() {
    return System.currentTimeMillis() + ahead;
  }

  /** Called instead of {@link Instant#now()}. */
  public static Instant now() {
    return Instant.now().plusMillis(ahead);
  }

  @Override
  public byte[] transform(
      ClassLoader loader, String name, Class<?> redefined, ProtectionDomain domain, byte[] bytes) {
    if (redefined != null || name == null || name.startsWith(OWN) || !finds(loader)) {
      return null;
    }
    ClassFile file =
        ClassFile.of(
            ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.defaultResolver()
                    .orElse(ClassHierarchyResolver.ofResourceParsing(loader))));
    ClassModel model = file.parse(bytes);
    return asks(model)
        ? file.transformClass(model, ClassTransform.transformingMethodBodies(ClockAgent::instead))
        : null;
  }

  /** The JDK's own loaders do not know the agent. */
  private static boolean finds(ClassLoader loader) {
    try {
      return loader != null
          && loader.loadClass(ClockAgent.class.getName()).equals(ClockAgent.class);
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private static boolean asks(ClassModel model) {
    for (PoolEntry entry : model.constantPool()) {
      if (entry instanceof MethodRefEntry method
          && method.name().stringValue().matches("currentTimeMillis|now")) {
        return true;
      }
    }
    return false;
  }

  private static void instead(CodeBuilder builder, CodeElement element) {
    if (element instanceof InvokeInstruction call && call.opcode() == Opcode.INVOKESTATIC) {
      String asked = call.owner().asInternalName() + "." + call.name().stringValue();
      if (asked.equals("java/lang/System.currentTimeMillis")) {
        builder.invokestatic(SELF, "currentTimeMillis", MILLIS);
        return;
      }
      if (asked.equals("java/time/Instant.now") && call.typeSymbol().equals(INSTANT)) {
        builder.invokestatic(SELF, "now", INSTANT);
        return;
      }
    }
    builder.with(element);
  }
}
