package io.assay.engine.backend.tornado.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.ThrowInstruction;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import uk.ac.manchester.tornado.api.KernelContext;

/**
 * What TornadoVM 5.2.0 does not compile, or compiles to something else, looked for in class files:
 * the package's own documentation says why each is a rule.
 */
final class KernelRules {
  /** Functions of OpenCL C that a Java method could be called like; not all there are. */
  private static final Set<String> BUILT_INS =
      Set.of(
          ("abs abs_diff add_sat all any barrier bitselect cbrt ceil clamp clz convert cos cross"
                  + " degrees distance dot erf exp exp2 fabs fdim floor fma fmax fmin fmod fract frexp"
                  + " hadd hypot ilogb isequal isfinite isinf isnan isnormal ldexp length log log10"
                  + " log2 mad max maxmag mem_fence min minmag mix modf nan normalize pow pown powr"
                  + " prefetch printf radians remainder rhadd rint rootn rotate round rsqrt select"
                  + " shuffle sign signbit sin smoothstep sqrt step tan tanh trunc upsample vload"
                  + " vstore")
              .split(" ", -1));

  private static final Set<String> FORBIDDEN =
      Set.of(
          "java/lang/Float.intBitsToFloat",
          "java/lang/Float.floatToRawIntBits",
          "java/lang/Float.floatToIntBits",
          "java/lang/Float.float16ToFloat",
          "java/lang/Float.floatToFloat16",
          "java/lang/Math.round",
          "java/lang/Math.floor",
          "java/lang/Math.ceil",
          "java/lang/Math.fma",
          "java/lang/Math.abs");

  private KernelRules() {}

  /** Broken rules of a class's static methods, each as {@code method: rule}. */
  static List<String> broken(Class<?> kernels) throws IOException {
    ClassModel model;
    try (InputStream file =
        kernels.getResourceAsStream(
            kernels.getName().substring(kernels.getPackageName().length() + 1) + ".class")) {
      model = ClassFile.of().parse(file.readAllBytes());
    }
    List<String> broken = new ArrayList<>();
    for (MethodModel method : model.methods()) {
      if (method.flags().has(AccessFlag.STATIC) && method.code().isPresent()) {
        check(method, method.code().get(), broken);
      }
    }
    return broken;
  }

  private static boolean isKernel(MethodModel method) {
    MethodTypeDesc type = method.methodTypeSymbol();
    return type.parameterCount() > 0
        && type.parameterType(0).descriptorString().equals(KernelContext.class.descriptorString());
  }

  private static void check(MethodModel method, CodeModel code, List<String> broken) {
    String name = method.methodName().stringValue();
    // Its table of constants is no code of a kernel.
    if (name.equals("<clinit>")) {
      return;
    }
    int returns = 0;
    boolean barrier = false;
    for (CodeElement element : code.elementList()) {
      String rule = null;
      switch (element) {
        case ReturnInstruction _ -> returns++;
        case InvokeInstruction call -> {
          String target = call.owner().asInternalName() + "." + call.name().stringValue();
          barrier |= target.endsWith("KernelContext.localBarrier");
          rule = FORBIDDEN.contains(target) ? "calls " + target : null;
        }
        case OperatorInstruction o ->
            rule =
                o.opcode() == Opcode.IUSHR || o.opcode() == Opcode.LUSHR
                    ? "shifts without the sign"
                    : null;
        case NewPrimitiveArrayInstruction _ -> rule = "has a private array, which is not zeroed";
        case NewReferenceArrayInstruction _ -> rule = "has a private array, which is not zeroed";
        case ThrowInstruction _ -> rule = "throws";
        case FieldInstruction f ->
            rule = f.typeSymbol().isArray() ? "reads the static array " + f.name() : null;
        case ConstantInstruction c -> rule = notFinite(c.constantValue());
        default -> rule = null;
      }
      if (rule != null) {
        broken.add(name + ": " + rule);
      }
    }
    if (isKernel(method)) {
      if (barrier && returns > 1) {
        broken.add(name + ": returns before a barrier");
      }
      if (BUILT_INS.contains(name)) {
        broken.add(name + ": is called like a function of OpenCL C");
      }
    } else if (isHelper(method) && returns > 1) {
      broken.add(name + ": a helper returns in more than one place");
    }
  }

  /** What kernels may call; methods with arrays of the heap run on the host only. */
  private static boolean isHelper(MethodModel method) {
    return method.methodTypeSymbol().parameterList().stream()
        .noneMatch(type -> type.descriptorString().startsWith("["));
  }

  private static String notFinite(Object constant) {
    boolean finite =
        switch (constant) {
          case Float f -> Float.isFinite(f);
          case Double d -> Double.isFinite(d);
          default -> true;
        };
    return finite ? null : "has the constant " + constant;
  }
}
