package dev.schuss.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.schuss.TestSpark;
import dev.schuss.model.Feature;
import dev.schuss.model.Invalid;
import dev.schuss.model.Scaling;
import dev.schuss.objective.Batch;
import dev.schuss.objective.Task;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Categories, labels that are text, class weights, and rows that cannot be used. */
class CategoriesTest {
  @TempDir Path folder;

  private Dataset<Row> csv(String... lines) {
    String name = "f" + System.nanoTime() + ".csv";
    return new Csv(SourceTest.write(folder.resolve(name), List.of(lines)).toString())
        .load(TestSpark.session())
        .coalesce(1);
  }

  private static Recipe recipe(Columns columns, ClassWeights weights, Invalid invalid) {
    return new Recipe(
        columns,
        Task.CLASSIFICATION,
        Scaling.none(),
        weights,
        invalid,
        Persist.MEMORY_AND_DISK,
        0,
        0,
        1,
        1);
  }

  private static Prepared prepare(Dataset<Row> data, Columns columns) {
    return DataPreparation.training(data, recipe(columns, null, Invalid.ERROR));
  }

  private static List<String> rows(Blocks blocks) {
    List<String> rows = new ArrayList<>();
    for (Block block : blocks.rdd().collect()) {
      Batch batch = new Batch(0, block.width(), block.targetWidth());
      for (int row : block.inOrder()) {
        block.gather(new int[] {row}, 0, 1, batch);
        rows.add(
            Arrays.toString(Arrays.copyOf(batch.features(), block.width()))
                + batch.targets()[0]
                + " x"
                + batch.weights()[0]);
      }
    }
    rows.sort(null);
    return rows;
  }

  @Test
  void theMostFrequentCategoryComesFirstAndTheLastInputIsForTheMissing() {
    Dataset<Row> data =
        csv("c,n,y", "red,1,0", "blue,2,1", " blue ,3,0", "amber,4,1", ",5,0", "\"\",6,1");
    Columns columns = Columns.labelled("y").categorical("c");
    try (Prepared p = prepare(data, columns)) {
      assertThat(p.preprocessing().inputs())
          .containsExactly(
              Feature.category("c", List.of("blue", "amber", "red"), true), Feature.number("n"));
      assertThat(rows(p.train()))
          .containsExactly(
              "[0.0, 0.0, 0.0, 1.0, 5.0]0.0 x1.0",
              "[0.0, 0.0, 0.0, 1.0, 6.0]1.0 x1.0",
              "[0.0, 0.0, 1.0, 0.0, 1.0]0.0 x1.0",
              "[0.0, 1.0, 0.0, 0.0, 4.0]1.0 x1.0",
              "[1.0, 0.0, 0.0, 0.0, 2.0]1.0 x1.0",
              "[1.0, 0.0, 0.0, 0.0, 3.0]0.0 x1.0");
      Dataset<Row> others = csv("n,y,c", "9,1,green", "8,0,red");
      try (Blocks scored = DataPreparation.scoring(others, null, p.preprocessing(), 1)) {
        assertThat(rows(scored))
            .containsExactly(
                "[0.0, 0.0, 0.0, 1.0, 9.0]1.0 x1.0", "[0.0, 0.0, 1.0, 0.0, 8.0]0.0 x1.0");
      }
    }
  }

  @Test
  void numbersMayBeCategoriesAndStayTheSameFromAnotherSource() {
    Dataset<Row> data = csv("c,y", "10,0", "3,1", "3,0");
    try (Prepared p = prepare(data, Columns.labelled("y").categorical("c"))) {
      assertThat(p.preprocessing().inputs().get(0).categories()).containsExactly("3", "10");
      Dataset<Row> typed =
          TestSpark.session().sql("select * from values (3.0D, 1), (10D, 0) as t(c, y)");
      try (Blocks scored = DataPreparation.scoring(typed, null, p.preprocessing(), 1)) {
        assertThat(rows(scored))
            .containsExactly("[0.0, 1.0, 0.0]0.0 x1.0", "[1.0, 0.0, 0.0]1.0 x1.0");
      }
    }
  }

  @Test
  void manyCategoriesMakeSparseRowsAndAreNotScaled() {
    Dataset<Row> data =
        TestSpark.session()
            .range(200)
            .selectExpr("concat('v', id % 40) as c", "id as n", "id % 2 as y");
    try (Prepared p =
        DataPreparation.training(
            data,
            new Recipe(
                Columns.labelled("y").categorical("c"),
                Task.CLASSIFICATION,
                Scaling.standard(),
                null,
                Invalid.ERROR,
                Persist.MEMORY,
                .1,
                .2,
                1,
                3))) {
      assertThat(p.train().sparse()).isTrue();
      assertThat(p.train().width()).isEqualTo(42);
      assertThat(p.train().rows()).isEqualTo(140);
      assertThat(p.validation().rows()).isEqualTo(20);
      assertThat(p.test().rows()).isEqualTo(40);
      assertThat(p.preprocessing().shift()).startsWith(new float[41]);
      assertThat(p.preprocessing().divisor()[7]).isEqualTo(1);
      assertThat(p.preprocessing().shift()[41]).isBetween(80f, 120f);
      List<String> all = new ArrayList<>(rows(p.train()));
      all.addAll(rows(p.validation()));
      all.addAll(rows(p.test()));
      assertThat(all).hasSize(200).doesNotHaveDuplicates();
    }
  }

  @Test
  void wrongCategoricalColumns() {
    Dataset<Row> data = csv("c,y", "a,0", "b,1");
    assertThatThrownBy(() -> prepare(data, Columns.labelled("y").categorical("d")))
        .hasMessage("categorical column d is no feature; the features are c");
    assertThatThrownBy(
            () ->
                prepare(
                    data.selectExpr("array(1.0D) as c", "y"),
                    Columns.labelled("y").categorical("c")))
        .hasMessage(
            "categorical column c is of type array<double>: it must hold one value per row");
    assertThatThrownBy(
            () ->
                prepare(
                    TestSpark.session().range(100_002).selectExpr("id as c", "id % 2 as y"),
                    Columns.labelled("y").categorical("c")))
        .hasMessage(
            "categorical column c has more than 100000 different values: leave it out of the features, or make it coarser");
  }

  @Test
  void labelsMayBeText() {
    Dataset<Row> data = csv("x,y", "1,B", "2, A ", "3,B", "4,C");
    try (Prepared p = prepare(data, Columns.labelled("y"))) {
      assertThat(p.preprocessing().classes().names()).containsExactly("A", "B", "C");
      assertThat(rows(p.train()))
          .containsExactly("[1.0]1.0 x1.0", "[2.0]0.0 x1.0", "[3.0]1.0 x1.0", "[4.0]2.0 x1.0");
      try (Blocks scored =
          DataPreparation.scoring(csv("x,y", "7,C", "8,A"), null, p.preprocessing(), 1)) {
        assertThat(rows(scored)).containsExactly("[7.0]2.0 x1.0", "[8.0]0.0 x1.0");
      }
      assertThatThrownBy(
              () -> DataPreparation.scoring(csv("x,y", "7,D"), null, p.preprocessing(), 1))
          .hasMessageEndingWith(
              "line 2, column y: \"D\" is not one of the classes of the training data (A, B, C); 1 row of 1 is bad: mend or remove it");
    }
    Dataset<Row> bools = TestSpark.session().range(4).selectExpr("id as x", "id > 1 as y");
    try (Prepared p = prepare(bools, Columns.labelled("y"))) {
      assertThat(p.preprocessing().classes().names()).containsExactly("false", "true");
      assertThat(rows(p.train())).contains("[0.0]0.0 x1.0", "[3.0]1.0 x1.0");
    }
    assertThatThrownBy(() -> prepare(csv("x,y", "1,A", "2,A"), Columns.labelled("y")))
        .hasMessage(
            "label column y: all 2 rows have the label A; a classification needs at least two classes");
  }

  @Test
  void classWeightsCountInTrainingAlone() {
    Dataset<Row> data = csv("x,y,w", "1,a,1", "2,a,1", "3,a,2", "4,b,1");
    Columns columns = new Columns(List.of("x"), List.of("y"), "w", null);
    try (Prepared p =
        DataPreparation.training(data, recipe(columns, ClassWeights.balanced(), Invalid.ERROR))) {
      assertThat(rows(p.train()))
          .containsExactly(
              "[1.0]0.0 x0.6666667", "[2.0]0.0 x0.6666667", "[3.0]0.0 x1.3333334", "[4.0]1.0 x2.0");
      try (Blocks scored = DataPreparation.scoring(data, columns, p.preprocessing(), 1)) {
        assertThat(rows(scored)).contains("[3.0]0.0 x2.0", "[4.0]1.0 x1.0");
      }
    }
    try (Prepared p =
        DataPreparation.training(
            data,
            recipe(Columns.labelled("y"), ClassWeights.of(Map.of("b", 2.5)), Invalid.ERROR))) {
      assertThat(rows(p.train())).contains("[4.0, 1.0]1.0 x2.5", "[1.0, 1.0]0.0 x1.0");
    }
    assertThatThrownBy(
            () ->
                DataPreparation.training(
                    data,
                    recipe(
                        Columns.labelled("y"), ClassWeights.of(Map.of("c", 2.0)), Invalid.ERROR)))
        .hasMessage("classWeights names the class c, which the data does not have; it has a, b");
    assertThatThrownBy(() -> ClassWeights.of(Map.of("c", 0.0)))
        .hasMessage("the weight of class c is 0.0: must be a positive number");
  }

  @Test
  void badRowsAreSkippedAndCounted() {
    Dataset<Row> data =
        csv("x,y", "1,0", "two,1", "3,1", ",0", "5", "NaN,1", "7,", "8,1", "1e999,0");
    Recipe skip = recipe(Columns.labelled("y"), null, Invalid.SKIP);
    try (Prepared p = DataPreparation.training(data, skip)) {
      assertThat(rows(p.train()))
          .containsExactly("[1.0]0.0 x1.0", "[3.0]1.0 x1.0", "[8.0]1.0 x1.0");
      Skipped skipped = p.train().skipped();
      assertThat(skipped.rows()).isEqualTo(6);
      assertThat(skipped.examples()).hasSize(3);
      assertThat(skipped.examples().get(0)).endsWith("line 3, column x: \"two\" is not a number");
      assertThat(skipped.examples().get(1)).endsWith("line 5, column x: missing value");
      assertThat(skipped.examples().get(2))
          .endsWith("line 6: \"5\" has more or fewer values than columns");
      try (Blocks scored =
          DataPreparation.scoring(csv("x,y", "1,0", "2,9"), null, p.preprocessing(), 1)) {
        assertThat(scored.rows()).isEqualTo(1);
        assertThat(scored.skipped().rows()).isEqualTo(1);
      }
    }
    assertThatThrownBy(() -> DataPreparation.training(csv("x,y", "a,0", "b,1"), skip))
        .hasMessageEndingWith(
            "line 2, column x: \"a\" is not a number; 2 rows of 2 are bad: mend or remove them");
  }

  @Test
  void missingNumbersAreKeptAsTheMean() {
    Dataset<Row> data = csv("x,y", "1,0", ",1", "3,1", "NaN,0");
    Recipe keep =
        new Recipe(
            Columns.labelled("y"),
            Task.CLASSIFICATION,
            Scaling.standard(),
            null,
            Invalid.KEEP,
            Persist.MEMORY_AND_DISK,
            0,
            0,
            1,
            1);
    try (Prepared p = DataPreparation.training(data, keep)) {
      assertThat(p.preprocessing().shift()[0]).isEqualTo(2);
      assertThat(rows(p.train()))
          .containsExactly("[-1.0]0.0 x1.0", "[0.0]0.0 x1.0", "[0.0]1.0 x1.0", "[1.0]1.0 x1.0");
    }
    assertThatThrownBy(() -> DataPreparation.training(csv("x,y", "a,0", "2,1"), keep))
        .hasMessageContaining("\"a\" is not a number");
    assertThatThrownBy(() -> DataPreparation.training(csv("x,y", "1,", "2,1"), keep))
        .hasMessageContaining("line 2, column y: missing value");
  }

  @Test
  void aRareClassIsInBothPartsOfTheSplit() {
    Dataset<Row> data =
        TestSpark.session()
            .range(58_000)
            .selectExpr(
                "id as x",
                "id * 7 % 100 as z",
                "case when id < 10 then 7 else id % 6 + 1 end as y");
    try (Prepared p =
        DataPreparation.training(
            data, Columns.labelled("y"), Task.CLASSIFICATION, Scaling.standard(), .1, 1, 4)) {
      assertThat(p.preprocessing().classes().numbers()).containsExactly(1, 2, 3, 4, 5, 6, 7);
      assertThat(p.train().rows() + p.validation().rows()).isEqualTo(58_000);
      assertThat(rows(p.train()).stream().filter(r -> r.contains("]6.0 "))).hasSize(9);
      assertThat(rows(p.validation()).stream().filter(r -> r.contains("]6.0 "))).hasSize(1);
    }
  }
}
