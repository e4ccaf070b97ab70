package dev.schuss.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {

  private static Map<String, Object> sample() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("z", 1);
    map.put("a", Map.of("loss", Double.NaN));
    map.put("list", Arrays.asList(1L, 0.5, 0.1f, "x", null, true, Float.NEGATIVE_INFINITY));
    map.put("blocks", List.of(Map.of("k", 1), List.of()));
    return map;
  }

  @Test
  void keepsTheOrderAndPutsFlatListsOnOneLine() {
    assertThat(Json.pretty(sample()))
        .isEqualTo(
            """
            {
              "z": 1,
              "a": {
                "loss": null
              },
              "list": [1,0.5,0.1,"x",null,true,null],
              "blocks": [
                {
                  "k": 1
                },
                []
              ]
            }
            """);
    assertThat(Json.line(sample()))
        .isEqualTo(
            "{\"z\":1,\"a\":{\"loss\":null},\"list\":[1,0.5,0.1,\"x\",null,true,null],"
                + "\"blocks\":[{\"k\":1},[]]}");
  }

  @Test
  void readsNumbersAsTheyAre() {
    assertThat(Json.parse("[1, -0, 1.0, 9223372036854775807, 9223372036854775808, 1e3, -0.0]", "j"))
        .isEqualTo(
            List.of(
                1L,
                -0.0,
                1.0,
                Long.MAX_VALUE,
                new BigDecimal("9223372036854775808"),
                1000.0,
                -0.0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\":1,\"a\":2}|j: a is there twice",
        "{\"a\":|j: the JSON ends too early",
        "[1] [2]|j: is not JSON at line 1 column 6",
        "{a|j: is not JSON at line 1 column 3",
        "1e999|j: the number 1e999 is too large",
        "NaN|j: is not JSON at line 1 column 1",
      })
  void refusesWhatIsNoJson(String text, String message) {
    assertThatThrownBy(() -> Json.parse(text, "j"))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(message)
        .hasMessageNotContaining("\n");
  }

  @Test
  void refusesWhatIsNoTree() {
    assertThatThrownBy(
            () ->
                Json.line(
                    List.of(
                        new Object() {
                          @Override
                          public String toString() {
                            return "it";
                          }
                        })))
        .hasMessageEndingWith(": it");
    assertThatThrownBy(() -> Json.parseObject("[]", "j"))
        .hasMessage("j: is not a JSON object { ... }");
    assertThatThrownBy(() -> Json.parse("[".repeat(100_000), "j"))
        .isInstanceOf(ModelException.class);
  }

  @Provide
  Arbitrary<Object> trees() {
    return trees(3);
  }

  /** Of so many levels at most: a recursion left to chance now and then fills the memory. */
  private static Arbitrary<Object> trees(int levels) {
    Arbitrary<Object> scalars =
        Arbitraries.oneOf(
            Arbitraries.longs(),
            Arbitraries.longs().map(Double::longBitsToDouble).filter(Double::isFinite),
            Arbitraries.strings().ofMaxLength(8),
            Arbitraries.of(true, false));
    if (levels == 0) {
      return scalars;
    }
    Arbitrary<Object> inner = trees(levels - 1);
    return Arbitraries.oneOf(
        scalars,
        inner.list().ofMaxSize(3).map(list -> list),
        Arbitraries.maps(Arbitraries.strings().ofMaxLength(5), inner).ofMaxSize(3).map(map -> map));
  }

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void comesBack(@ForAll("trees") Object tree) {
    assertThat(Json.parse(Json.line(tree), "j")).isEqualTo(tree);
    assertThat(Json.parse(Json.pretty(tree), "j")).isEqualTo(tree);
    assertThat(Json.line(tree)).doesNotContain("\n");
  }
}
