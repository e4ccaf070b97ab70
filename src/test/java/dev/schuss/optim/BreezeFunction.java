package dev.schuss.optim;

import breeze.linalg.DenseVector;
import breeze.optimize.DiffFunction;
import java.lang.invoke.MethodHandles;
import java.util.function.Function;
import org.apache.xbean.asm9.ClassWriter;
import org.apache.xbean.asm9.MethodVisitor;
import org.apache.xbean.asm9.Opcodes;
import scala.Tuple2;

/**
 * A Java function as Breeze wants it. The class is written as bytecode: no Java class can have both
 * the {@code double apply} and the {@code Object apply} that Scala's compiler makes of one method.
 */
final class BreezeFunction {
  private static final String NAME = "dev/schuss/optim/GeneratedDiffFunction";
  private static final String PARENT = "breeze/optimize/CachedDiffFunction";
  private static final String FUNCTION = "java/util/function/Function";

  private BreezeFunction() {}

  /** The value and the gradient of a point by this function. */
  @SuppressWarnings("unchecked")
  static DiffFunction<DenseVector<Object>> of(
      Function<DenseVector<Object>, Tuple2<Object, DenseVector<Object>>> function) {
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    writer.visit(Opcodes.V1_8, Opcodes.ACC_PUBLIC, NAME, null, PARENT, null);
    writer.visitField(0, "function", "L" + FUNCTION + ";", null, null);
    constructor(writer);
    calculate(writer);
    part(writer, "valueAt", "(Ljava/lang/Object;)D", "_1");
    part(writer, "gradientAt", "(Ljava/lang/Object;)Ljava/lang/Object;", "_2");
    writer.visitEnd();
    try {
      return (DiffFunction<DenseVector<Object>>)
          MethodHandles.lookup()
              .defineHiddenClass(writer.toByteArray(), true)
              .lookupClass()
              .getConstructor(Function.class)
              .newInstance(function);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void constructor(ClassWriter writer) {
    MethodVisitor m =
        writer.visitMethod(Opcodes.ACC_PUBLIC, "<init>", "(L" + FUNCTION + ";)V", null, null);
    m.visitVarInsn(Opcodes.ALOAD, 0);
    m.visitInsn(Opcodes.ACONST_NULL);
    m.visitInsn(Opcodes.ACONST_NULL);
    m.visitMethodInsn(
        Opcodes.INVOKESPECIAL,
        PARENT,
        "<init>",
        "(Lbreeze/optimize/DiffFunction;Lbreeze/linalg/support/CanCopy;)V",
        false);
    m.visitVarInsn(Opcodes.ALOAD, 0);
    m.visitVarInsn(Opcodes.ALOAD, 1);
    m.visitFieldInsn(Opcodes.PUTFIELD, NAME, "function", "L" + FUNCTION + ";");
    m.visitInsn(Opcodes.RETURN);
    m.visitMaxs(0, 0);
  }

  private static void calculate(ClassWriter writer) {
    MethodVisitor m =
        writer.visitMethod(
            Opcodes.ACC_PUBLIC, "calculate", "(Ljava/lang/Object;)Lscala/Tuple2;", null, null);
    m.visitVarInsn(Opcodes.ALOAD, 0);
    m.visitFieldInsn(Opcodes.GETFIELD, NAME, "function", "L" + FUNCTION + ";");
    m.visitVarInsn(Opcodes.ALOAD, 1);
    m.visitMethodInsn(
        Opcodes.INVOKEINTERFACE, FUNCTION, "apply", "(Ljava/lang/Object;)Ljava/lang/Object;", true);
    m.visitTypeInsn(Opcodes.CHECKCAST, "scala/Tuple2");
    m.visitInsn(Opcodes.ARETURN);
    m.visitMaxs(0, 0);
  }

  /** A method that returns one half of what calculate does. */
  private static void part(ClassWriter writer, String name, String type, String half) {
    MethodVisitor m = writer.visitMethod(Opcodes.ACC_PUBLIC, name, type, null, null);
    m.visitVarInsn(Opcodes.ALOAD, 0);
    m.visitVarInsn(Opcodes.ALOAD, 1);
    m.visitMethodInsn(
        Opcodes.INVOKEVIRTUAL, NAME, "calculate", "(Ljava/lang/Object;)Lscala/Tuple2;", false);
    m.visitMethodInsn(Opcodes.INVOKEVIRTUAL, "scala/Tuple2", half, "()Ljava/lang/Object;", false);
    if (type.endsWith("D")) {
      m.visitTypeInsn(Opcodes.CHECKCAST, "java/lang/Double");
      m.visitMethodInsn(Opcodes.INVOKEVIRTUAL, "java/lang/Double", "doubleValue", "()D", false);
      m.visitInsn(Opcodes.DRETURN);
    } else {
      m.visitInsn(Opcodes.ARETURN);
    }
    m.visitMaxs(0, 0);
  }
}
