package dev.schuss;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.EntityTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.doctree.StartElementTree;
import com.sun.source.doctree.TextTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * What the sources say of a record and its components, or of an enum and its constants: the one
 * place where the meaning of a job file's key stands. Javac reads them, since class files hold no
 * comments.
 *
 * @param summary the first paragraph, in Markdown
 * @param members the components or constants that have a text of their own, in Markdown
 */
public record SourceDocs(String summary, Map<String, String> members) {
  private static final Map<Class<?>, SourceDocs> KNOWN = new HashMap<>();

  /**
   * The documentation of a type of ours.
   *
   * @param names what links to a type are to be called, by its simple name
   */
  public static synchronized SourceDocs of(Class<?> type, UnaryOperator<String> names) {
    return KNOWN.computeIfAbsent(type, t -> parse(t, names));
  }

  /** The syntax tree of a source file, and access to its comments. */
  public static JavacTask task(Path source) {
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    StandardJavaFileManager files = javac.getStandardFileManager(null, null, null);
    return (JavacTask)
        javac.getTask(
            null,
            files,
            null,
            List.of("-proc:none"),
            null,
            files.getJavaFileObjects(source.toFile()));
  }

  private static SourceDocs parse(Class<?> type, UnaryOperator<String> names) {
    Class<?> outermost = type;
    while (outermost.getEnclosingClass() != null) {
      outermost = outermost.getEnclosingClass();
    }
    JavacTask task =
        task(Path.of("src/main/java", outermost.getName().replace('.', '/') + ".java"));
    String[] summary = {""};
    Map<String, String> members = new LinkedHashMap<>();
    DocTrees trees = DocTrees.instance(task);
    var scanner =
        new TreePathScanner<Void, String>() {
          @Override
          public Void visitClass(ClassTree node, String outer) {
            String name = outer + node.getSimpleName();
            DocCommentTree doc = trees.getDocCommentTree(getCurrentPath());
            if (doc != null && name.equals(type.getCanonicalName())) {
              summary[0] = markdown(doc.getFullBody(), names);
              for (DocTree tag : doc.getBlockTags()) {
                if (tag instanceof ParamTree param && !param.isTypeParameter()) {
                  members.put(param.getName().toString(), markdown(param.getDescription(), names));
                }
              }
            }
            return super.visitClass(node, name + ".");
          }

          @Override
          public Void visitVariable(VariableTree node, String outer) {
            DocCommentTree doc = trees.getDocCommentTree(getCurrentPath());
            if (doc != null && type.isEnum() && outer.equals(type.getCanonicalName() + ".")) {
              members.put(node.getName().toString(), markdown(doc.getFullBody(), names));
            }
            return super.visitVariable(node, outer);
          }
        };
    try {
      for (CompilationUnitTree unit : task.parse()) {
        scanner.scan(unit, type.getPackageName() + ".");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new SourceDocs(summary[0], members);
  }

  /** One paragraph of a comment on one line. */
  private static String markdown(List<? extends DocTree> body, UnaryOperator<String> names) {
    StringBuilder text = new StringBuilder();
    for (DocTree part : body) {
      if (part instanceof StartElementTree) {
        break; // the second paragraph
      } else if (part instanceof TextTree plain) {
        text.append(plain.getBody());
      } else if (part instanceof LiteralTree code) {
        text.append('`').append(code.getBody().getBody().strip()).append('`');
      } else if (part instanceof LinkTree link) {
        String target = link.getReference().getSignature();
        String last = target.substring(1 + Math.max(target.indexOf('#'), target.lastIndexOf('.')));
        boolean constant = last.equals(last.toUpperCase(Locale.ROOT));
        text.append('`')
            .append(constant ? last.toLowerCase(Locale.ROOT).replace('_', '-') : names.apply(last))
            .append('`');
      } else if (part instanceof EntityTree entity) {
        text.append('&').append(entity.getName()).append(';');
      } else {
        throw new IllegalStateException("no Markdown for " + part);
      }
    }
    return text.toString().replaceAll("\\s+", " ").strip();
  }
}
