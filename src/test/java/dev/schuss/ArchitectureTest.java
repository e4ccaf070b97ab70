package dev.schuss;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds the table of rooms in CONTRIBUTING.md. */
class ArchitectureTest {
  private static final String ROOT = "dev.schuss.";
  private static final Set<String> PRINTING = Set.of("report", "job");

  private static final Set<String> UNSAFE =
      Set.of(
          "java.io.ObjectInputStream",
          "java.beans.XMLDecoder",
          "com.esotericsoftware.kryo.io.Input",
          "org.apache.commons.lang3.SerializationUtils",
          "org.apache.spark.util.Utils$");

  private record Room(Set<String> imports, boolean spark) {}

  private static Map<String, Room> table;
  private static JavaClasses ours;

  @BeforeAll
  static void read() throws IOException {
    table = new LinkedHashMap<>();
    for (String line : Files.readAllLines(Path.of("CONTRIBUTING.md"))) {
      String[] cells = line.split("\\|", -1);
      if (cells.length == 6 && cells[1].strip().matches("`\\w+`")) {
        table.put(
            names(cells[1]).iterator().next(),
            new Room(names(cells[3]), cells[4].strip().equals("yes")));
      }
    }
    ours =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.schuss");
  }

  @Test
  void theTableIsAboutThisProject() {
    assertThat(table).containsKeys("math", "objective", "nn", "optim", "spec", "model", "job");
    assertThat(table.values()).allSatisfy(r -> assertThat(table.keySet()).containsAll(r.imports));
    assertThat(ours).hasSizeGreaterThan(20);
  }

  @Test
  void everyClassLivesInARoom() {
    assertNone(c -> table.containsKey(room(c)) ? Stream.of() : Stream.of(c.getName()));
  }

  @Test
  void roomsImportOnlyWhatTheTableAllows() {
    assertNone(
        c ->
            dependencies(c)
                .filter(d -> d.getName().startsWith(ROOT) && !room(d).equals(room(c)))
                .filter(d -> !known(c).imports.contains(room(d)))
                .map(d -> c.getName() + " uses " + d.getName()));
  }

  @Test
  void roomsOneDirectionOnly() {
    List<String> seen = table.keySet().stream().toList();
    table.forEach(
        (name, room) ->
            assertThat(seen.subList(0, seen.indexOf(name)))
                .as("rooms above `%s`", name)
                .containsAll(room.imports));
  }

  @Test
  void roomsWithoutSparkDoNotTouchIt() {
    assertNone(
        c ->
            dependencies(c)
                .filter(d -> !known(c).spark)
                .filter(
                    d ->
                        d.getName().startsWith("org.apache.spark.")
                            || d.getName().startsWith("org.apache.hadoop."))
                .map(d -> c.getName() + " uses " + d.getName()));
  }

  @Test
  void noPublicSignatureHoldsAScalaCollection() {
    assertNone(
        c ->
            c.getMembers().stream()
                .filter(m -> c.getModifiers().contains(JavaModifier.PUBLIC))
                .filter(
                    m ->
                        m.getModifiers().contains(JavaModifier.PUBLIC)
                            || m.getModifiers().contains(JavaModifier.PROTECTED))
                .filter(
                    m ->
                        types(m)
                            .flatMap(t -> t.getAllInvolvedRawTypes().stream())
                            .anyMatch(t -> t.getName().startsWith("scala.collection.")))
                .map(JavaMember::getFullName));
  }

  @Test
  void libraryRoomsDoNotPrint() {
    assertNone(
        c ->
            c.getAccessesFromSelf().stream()
                .filter(a -> !PRINTING.contains(room(c)) && prints(a))
                .map(JavaAccess::getDescription));
  }

  /**
   * Java's serialization runs what its bytes say. One class reads it: what Spark's broadcast of
   * this very application brings, which Spark itself reads so. Files never.
   */
  @Test
  void nothingThatIsReadIsJavasSerialization() {
    assertNone(
        c ->
            c.getName().equals("dev.schuss.score.SentModel")
                ? Stream.of()
                : Stream.concat(
                    dependencies(c)
                        .filter(d -> UNSAFE.contains(d.getName()))
                        .map(d -> c.getName() + " uses " + d.getName()),
                    c.getAccessesFromSelf().stream()
                        .filter(a -> a.getTarget().getName().equals("objectFile"))
                        .map(JavaAccess::getDescription)));
  }

  private static boolean prints(JavaAccess<?> access) {
    String target = access.getTarget().getFullName();
    return target.equals("java.lang.System.out")
        || target.equals("java.lang.System.err")
        || target.endsWith(".printStackTrace()");
  }

  private static void assertNone(Function<JavaClass, Stream<String>> violations) {
    assertThat(ours.stream().flatMap(violations).distinct().sorted()).isEmpty();
  }

  private static Stream<JavaClass> dependencies(JavaClass c) {
    return c.getDirectDependenciesFromSelf().stream()
        .map(d -> d.getTargetClass().getBaseComponentType());
  }

  private static Stream<JavaType> types(JavaMember member) {
    if (member instanceof JavaCodeUnit method) {
      return Stream.concat(Stream.of(method.getReturnType()), method.getParameterTypes().stream());
    }
    return Stream.of(((JavaField) member).getType());
  }

  private static Room known(JavaClass c) {
    return table.getOrDefault(room(c), new Room(Set.of(), false));
  }

  /** The first package name below ours; empty for a class that lives beside the rooms. */
  private static String room(JavaClass c) {
    String rest = (c.getPackageName() + ".").substring(ROOT.length());
    return rest.isEmpty() ? "" : rest.substring(0, rest.indexOf('.'));
  }

  private static Set<String> names(String cell) {
    return Pattern.compile("`(\\w+)`")
        .matcher(cell)
        .results()
        .map((MatchResult m) -> m.group(1))
        .collect(Collectors.toUnmodifiableSet());
  }
}
