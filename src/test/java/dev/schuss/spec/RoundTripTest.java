package dev.schuss.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.GsonBuilder;
import dev.schuss.math.EditDistance;
import dev.schuss.math.Mix;
import dev.schuss.nn.Activation;
import dev.schuss.nn.Layer;
import dev.schuss.optim.Adam;
import dev.schuss.optim.Average;
import dev.schuss.optim.Clip;
import dev.schuss.optim.Constant;
import dev.schuss.optim.Cosine;
import dev.schuss.optim.Group;
import dev.schuss.optim.Grouped;
import dev.schuss.optim.Length;
import dev.schuss.optim.Linear;
import dev.schuss.optim.Lookahead;
import dev.schuss.optim.Momentum;
import dev.schuss.optim.MultiStep;
import dev.schuss.optim.Optimizer;
import dev.schuss.optim.Paced;
import dev.schuss.optim.Schedule;
import dev.schuss.optim.Sgd;
import dev.schuss.optim.Table;
import dev.schuss.optim.Warmup;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Any record comes back from its tree, directly and through JSON text. */
class RoundTripTest {
  record Inner(int a, Activation activation, List<String> names) {}

  enum Colour {
    RED,
    DARK_GREEN
  }

  record Scalars(int i, long l, double d, boolean b, String s, Colour e, Duration time) {}

  record Boxed(Integer i, Long l, Double d, Boolean b, String s, Colour e) {
    static final Boxed DEFAULTS = new Boxed(null, null, null, null, null, null);
  }

  record Everything(
      Scalars scalars,
      Boxed boxed,
      List<Inner> list,
      List<List<Double>> nested,
      Map<String, Double> map,
      List<Layer> layers,
      Optimizer optimizer) {}

  private static final Arbitrary<String> TEXTS =
      Arbitraries.strings().ofMaxLength(12).injectDuplicates(0.1);
  private static final Arbitrary<Double> NUMBERS =
      Arbitraries.oneOf(
          Arbitraries.longs().map(Double::longBitsToDouble).filter(Double::isFinite),
          Arbitraries.of(
              0.0, -0.0, 1.0, 0.1, Double.MIN_VALUE, Double.MAX_VALUE, 1e16, 9007199254740991.0));
  private static final Arbitrary<Colour> COLOURS = Arbitraries.of(Colour.class);
  private static final Arbitrary<Activation> ACTIVATIONS =
      Arbitraries.longs().map(seed -> Samples.any(Networks.ACTIVATIONS, new Mix(seed)));
  private static final Arbitrary<Double> UNIT =
      Arbitraries.integers().between(0, 999).map(i -> i / 1000.0);

  @Provide
  Arbitrary<Everything> everything() {
    Arbitrary<Scalars> scalars =
        Combinators.combine(
                Arbitraries.integers(),
                Arbitraries.longs(),
                NUMBERS,
                Arbitraries.of(true, false),
                TEXTS,
                COLOURS,
                Arbitraries.longs().between(0, Long.MAX_VALUE / 2).map(Duration::ofNanos))
            .as(Scalars::new);
    Arbitrary<Boxed> boxed =
        Combinators.combine(
                Arbitraries.integers().injectNull(0.3),
                Arbitraries.longs().injectNull(0.3),
                NUMBERS.injectNull(0.3),
                Arbitraries.of(true, false).injectNull(0.3),
                TEXTS.injectNull(0.3),
                COLOURS.injectNull(0.3))
            .as(Boxed::new);
    Arbitrary<Inner> inner =
        Combinators.combine(Arbitraries.integers(), ACTIVATIONS, TEXTS.list().ofMaxSize(3))
            .as(Inner::new);
    Arbitrary<Layer> layers =
        Arbitraries.longs().map(seed -> Samples.any(Networks.LAYERS, new Mix(seed)));
    return Combinators.combine(
            scalars,
            boxed,
            inner.list().ofMaxSize(3),
            NUMBERS.list().ofMaxSize(3).list().ofMaxSize(3),
            Arbitraries.maps(TEXTS, NUMBERS).ofMaxSize(3),
            layers.list().ofMaxSize(3),
            optimizers())
        .as(Everything::new);
  }

  private static Arbitrary<Length> lengths() {
    return Arbitraries.oneOf(
        Arbitraries.longs().between(1, 1L << 40).map(Length::steps),
        Arbitraries.doubles().ofScale(3).between(0.001, 1e4).map(Length::epochs));
  }

  private static Arbitrary<Schedule> schedules() {
    Arbitrary<Double> rates = Arbitraries.doubles().ofScale(9).between(0, 1e3);
    Arbitrary<Length> known = lengths().injectNull(0.3);
    Arbitrary<Schedule> plain =
        Arbitraries.oneOf(
            rates.map(Schedule::constant),
            rates.list().ofMinSize(1).ofMaxSize(3).map(Table::new),
            Combinators.combine(rates, known, rates).as(Cosine::new),
            Combinators.combine(rates, known, UNIT, UNIT).as(Linear::new),
            Combinators.combine(rates, lengths().list().ofMinSize(1).ofMaxSize(3), UNIT)
                .as(MultiStep::new));
    Arbitrary<Schedule> shaped =
        plain.filter(s -> !(s instanceof Constant) && !(s instanceof Table));
    Arbitrary<Paced.Pace> paces = Arbitraries.of(Paced.Pace.class);
    Arbitrary<Schedule> paced =
        Combinators.combine(shaped, paces, Arbitraries.longs().between(1, 99).injectNull(0.5))
            .as(Paced::new);
    Arbitrary<Schedule> warmed =
        Combinators.combine(
                Arbitraries.oneOf(shaped, paced),
                lengths(),
                UNIT.injectNull(0.5),
                Arbitraries.of(true, false))
            .as(Warmup::new);
    return Arbitraries.oneOf(plain, shaped, paced, warmed);
  }

  private static Arbitrary<Optimizer> optimizers() {
    Arbitrary<Optimizer> rules =
        Arbitraries.oneOf(
            Combinators.combine(schedules(), UNIT).as(Sgd::new),
            Combinators.combine(
                    schedules(),
                    Arbitraries.of(Momentum.Variant.class),
                    UNIT.map(Schedule::constant),
                    UNIT,
                    UNIT)
                .as(Momentum::new),
            Combinators.combine(
                    schedules(),
                    Arbitraries.of(Adam.Variant.class),
                    UNIT,
                    UNIT,
                    UNIT.map(u -> u + 1e-9),
                    UNIT,
                    Arbitraries.longs().between(0, 9))
                .as(Adam::new));
    Arbitrary<Optimizer> clipped =
        Combinators.combine(rules, UNIT.map(u -> u + 1).injectNull(0.5))
            .as((rule, norm) -> new Clip(rule, null, norm, null, null));
    Arbitrary<Optimizer> lookahead =
        Combinators.combine(
                Arbitraries.oneOf(rules, clipped),
                Arbitraries.integers().between(1, 99),
                UNIT.map(u -> 1 - u))
            .as(Lookahead::of);
    Arbitrary<Optimizer> averaged =
        Combinators.combine(
                Arbitraries.oneOf(rules, clipped, lookahead),
                Arbitraries.of(Average.Kind.class),
                UNIT,
                Arbitraries.longs().between(1, 99))
            .as(Average::new);
    Arbitrary<Optimizer> any = Arbitraries.oneOf(rules, clipped, lookahead, averaged);
    Arbitrary<Group> groups =
        Combinators.combine(
                TEXTS, UNIT.injectNull(0.5), Arbitraries.of(true, false).injectNull(0.5))
            .as((match, decay, frozen) -> new Group(match, null, decay, null, decay, frozen));
    return Arbitraries.oneOf(
        any, Combinators.combine(any, groups.list().ofMaxSize(3)).as(Grouped::new));
  }

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void comesBack(@ForAll("everything") Everything object) {
    Binder binder = Vocabulary.binder();
    Map<?, ?> tree = (Map<?, ?>) binder.toTree(object);
    assertThat(tree.keySet())
        .map(String::valueOf)
        .containsExactly("scalars", "boxed", "list", "nested", "map", "layers", "optimizer");
    assertThat(binder.fromTree(keyed(tree), Everything.class, "tree")).isEqualTo(object);

    String json = new GsonBuilder().serializeNulls().create().toJson(tree);
    Section section = Section.ofText(json, "json", Overrides.NONE);
    assertThat(binder.bind(section, Everything.class)).isEqualTo(object);
  }

  private static Map<String, Object> keyed(Map<?, ?> tree) {
    Map<String, Object> keyed = new LinkedHashMap<>();
    tree.forEach((k, v) -> keyed.put((String) k, v));
    return keyed;
  }

  @Property(tries = 300)
  void editDistanceIsAMetric(
      @ForAll("words") String a, @ForAll("words") String b, @ForAll("words") String c) {
    assertThat(EditDistance.distance(a, b)).isEqualTo(EditDistance.distance(b, a));
    assertThat(EditDistance.distance(a, b) == 0).isEqualTo(a.equals(b));
    assertThat(EditDistance.distance(a, b)).isLessThanOrEqualTo(Math.max(a.length(), b.length()));
    assertThat(EditDistance.distance(a + c, b + c))
        .isLessThanOrEqualTo(EditDistance.distance(a, b));
  }

  @Provide
  Arbitrary<String> words() {
    return Arbitraries.strings().withChars("abc").ofMaxLength(6);
  }
}
