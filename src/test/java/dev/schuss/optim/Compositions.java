package dev.schuss.optim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Random compositions: rule, schedule, clipping, look-ahead, average, groups. */
final class Compositions {
  private Compositions() {}

  static Arbitrary<Optimizer> all() {
    Arbitrary<Optimizer> rules = schedules().flatMap(s -> Arbitraries.of(rules(s)));
    Arbitrary<Optimizer> clipped = rules.map(Compositions::clipped);
    Arbitrary<Optimizer> ahead =
        Combinators.combine(
                Arbitraries.oneOf(rules, clipped),
                Arbitraries.integers().between(1, 5),
                Arbitraries.of(Lookahead.Momentum.class))
            .as(Compositions::ahead);
    Arbitrary<Optimizer> averaged =
        Combinators.combine(
                Arbitraries.oneOf(rules, clipped, ahead),
                Arbitraries.of(Average.Kind.class),
                Arbitraries.longs().between(1, 6))
            .as((rule, kind, from) -> new Average(rule, kind, 0.9, from));
    Arbitrary<Optimizer> any = Arbitraries.oneOf(rules, clipped, ahead, averaged);
    List<Group> groups =
        List.of(
            new Group("a.*", 0.5, 0.1, null, null, null),
            new Group("b.*", null, null, null, null, true));
    return Arbitraries.oneOf(
        any, any.filter(Records::decays).map(rule -> new Grouped(rule, groups)));
  }

  private static Optimizer clipped(Optimizer rule) {
    return new Clip(rule, 1.5, 3.0, 2.0, null);
  }

  private static Optimizer ahead(Optimizer rule, int every, Lookahead.Momentum momentum) {
    if (rule.fullBatch()) {
      return rule;
    }
    return new Lookahead(
        rule, every, 0.5, rule.momentumSlot() == null ? Lookahead.Momentum.KEEP : momentum);
  }

  private static Arbitrary<Schedule> schedules() {
    return Arbitraries.of(
        new Constant(0.01),
        new Cosine(0.02, null, 0),
        new Warmup(new Cosine(0.02, null, 0.001), Length.epochs(1), null, true),
        new Warmup(Plateau.defaults(0.02), Length.steps(2), 0.0, false),
        new Paced(StepDecay.defaults(0.05, Length.steps(2)), Paced.Pace.EPOCH, null),
        new OneCycle(0.05, null, 0.3, Cycle.Anneal.COS, 25, 1e4, true),
        new Plateau(0.05, "loss", 0.5, 0, 0, Plateau.ThresholdMode.REL, 1, 0.001, 0));
  }

  /** Every rule in every variant, with all its options on in one or the other. */
  static List<Optimizer> rules(Schedule rate) {
    List<Optimizer> rules = new ArrayList<>(List.of(new Sgd(rate, 0), new Sgd(rate, 0.1)));
    Schedule momentum = Schedule.constant(0.9);
    Schedule rising = Sutskever.defaults(0.9);
    for (Momentum.Variant v : Momentum.Variant.values()) {
      rules.add(new Momentum(rate, v, rising, 0.1, 0.2));
    }
    for (Nesterov.Variant v : Nesterov.Variant.values()) {
      rules.add(new Nesterov(rate, v, rising, 0.1));
    }
    for (AdaGrad.Variant v : AdaGrad.Variant.values()) {
      rules.add(new AdaGrad(rate, v, 1e-7, 0.1, 0.1, 0.1));
    }
    rules.add(new AdaDelta(rate, 0.9, 1e-6, 0.1));
    for (RmsProp.Variant v : RmsProp.Variant.values()) {
      boolean layerwise = v == RmsProp.Variant.LAYERWISE;
      rules.add(new RmsProp(rate, v, 0.9, 1e-8, 0, false, 0.1));
      rules.add(new RmsProp(rate, v, 0.9, 1e-8, layerwise ? 0 : 0.9, !layerwise, 0.1));
    }
    for (RmsPropNesterov.Variant v : RmsPropNesterov.Variant.values()) {
      rules.add(new RmsPropNesterov(rate, v, momentum, 0.9, 1e-8));
    }
    for (Adam.Variant v : Adam.Variant.values()) {
      rules.add(new Adam(rate, v, 0.9, 0.999, 1e-8, 0.1, 0));
      rules.add(new Adam(rate, v, 0.9, 0.999, 1e-8, 0, 3));
    }
    for (AmsGrad.Variant v : AmsGrad.Variant.values()) {
      rules.add(new AmsGrad(rate, v, 0.9, 0.999, 1e-8, 0.1));
    }
    for (AdamW.Variant v : AdamW.Variant.values()) {
      rules.add(new AdamW(rate, v, 0.9, 0.999, 1e-8, 0.1));
    }
    for (NAdam.Variant v : NAdam.Variant.values()) {
      rules.add(new NAdam(rate, v, 0.9, 0.999, 1e-8, 0.004, 0.1));
    }
    for (RAdam.Variant v : RAdam.Variant.values()) {
      rules.add(new RAdam(rate, v, 0.9, 0.8, 1e-8, 0.1));
    }
    for (NovoGrad.Variant v : NovoGrad.Variant.values()) {
      rules.add(new NovoGrad(rate, v, 0.95, 0.98, 1e-8, 0.1, true));
    }
    for (Lars.Variant v : Lars.Variant.values()) {
      rules.add(new Lars(rate, v, 0.9, 0.1, 0.02, 0, true, false, true));
    }
    rules.add(new Lamb(rate, 0.9, 0.999, 1e-6, 0.01, 1.0, true, false, false));
    rules.add(new Lamb(rate, 0.9, 0.999, 1e-6, 0, null, false, true, true));
    rules.add(new Lion(rate, 0.9, 0.99, 0.1));
    Arrays.stream(Rprop.Variant.values())
        .forEach(v -> rules.add(new Rprop(rate, v, 0.5, 1.2, 1e-6, 50)));
    for (Quickprop.Variant v : Quickprop.Variant.values()) {
      rules.add(new Quickprop(rate, v, 1.75, 0.1));
    }
    rules.add(new Lbfgs(rate, 2, 1e-4, 0.9, 3));
    return List.copyOf(rules);
  }
}
