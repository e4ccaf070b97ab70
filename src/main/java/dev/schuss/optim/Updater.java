package dev.schuss.optim;

import dev.schuss.math.Ranges;
import dev.schuss.math.Vectors;
import dev.schuss.objective.Layout;
import dev.schuss.objective.Segment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** An update rule at work on one weight vector: the rule, the layers' groups and the state. */
public final class Updater {
  /** With rates and decays up to this no rule here takes harmless numbers to infinity. */
  private static final double HARMLESS_FACTOR = 10;

  private static final String RUN_STEPS = "run.steps";
  private static final String RUN_EPOCH = "run.stepsPerEpoch";

  private final Optimizer given;
  private final RunLength run;
  private final Layout layout;
  private final List<Group> groups;
  private final float[] w;
  private final OptimizerState state;
  private final List<Trained> trained;
  private Optimizer rule;
  private boolean harmless;
  private boolean searching;
  private final double[] trusts; // by layer; NaN of rules that tell none

  /** A trained piece of a layer, before the learning rate of a step is known. */
  private record Trained(int from, int to, int layer, double rateScale, double weightDecay) {}

  /**
   * A rule before its first update.
   *
   * @param rule its schedules resolved ({@link Optimizer#resolve})
   * @param groups layers that are updated in their own way, beside and after those of the rule; may
   *     be empty
   * @param w layout.size() starting weights, which the updates change in place
   * @throws IllegalArgumentException if a group matches no layer, or nothing is left to train
   */
  public Updater(Optimizer rule, Layout layout, List<Group> groups, float[] w) {
    this(rule, null, layout, groups, w);
  }

  /**
   * A rule before its first update, whose schedules get the length of a run. That is part of the
   * state: a run that goes on from it keeps the schedule, however long it is planned now.
   *
   * @param given its schedules not resolved
   * @param run null where they are resolved
   * @param groups layers that are updated in their own way, beside and after those of the rule; may
   *     be empty
   * @param w layout.size() starting weights, which the updates change in place
   * @throws IllegalArgumentException if a group matches no layer, or nothing is left to train, or a
   *     schedule lacks a length that the run does not have either
   */
  public Updater(Optimizer given, RunLength run, Layout layout, List<Group> groups, float[] w) {
    if (w.length != layout.size()) {
      throw new IllegalArgumentException(
          w.length + " weights for a layout of " + layout.size() + " parameters");
    }
    this.given = given;
    this.run = run;
    this.rule = run == null ? given : given.resolve(run);
    this.layout = layout;
    this.groups = Stream.concat(rule.groups().stream(), groups.stream()).toList();
    this.w = w;
    this.trained = trained();
    this.trusts = new double[layout.segments().size()];
    Arrays.fill(trusts, Double.NaN);
    this.state =
        new OptimizerState(
            run == null ? rule.slots() : rule.slots().andNumbers(RUN_STEPS, RUN_EPOCH), layout);
    if (run != null) {
      state.number(RUN_STEPS, run.steps() == null ? 0 : (double) run.steps());
      state.number(RUN_EPOCH, (double) run.stepsPerEpoch());
    }
    rule.start(step(null, Double.NaN, learningRate(), new Guard(w)));
    this.harmless = looksHarmless();
  }

  private List<Trained> trained() {
    List<Segment> segments = layout.segments();
    for (Group group : groups) {
      if (segments.stream().noneMatch(group::matches)) {
        throw new IllegalArgumentException(
            "%s: groups: match = %s: matches no layer; layers are %s"
                .formatted(
                    Records.kind(rule),
                    group.match(),
                    segments.stream().map(Segment::name).toList()));
      }
    }
    for (Group group : groups) {
      if (group.weightDecay() != null && group.weightDecay() > 0 && !Records.decays(rule)) {
        throw new IllegalArgumentException(
            "%s: groups: weightDecay = %s: the rule has no weight decay; l2 is a loss term of any"
                .formatted(Records.kind(rule), group.weightDecay()));
      }
    }
    List<Trained> pieces = new ArrayList<>();
    for (int layer = 0; layer < segments.size(); layer++) {
      Segment s = segments.get(layer);
      double rateScale = 1;
      double weightDecay = rule.weightDecay();
      boolean frozen = !s.trainable();
      for (Group group : groups) {
        if (group.matches(s)) {
          rateScale = group.learningRateScale() == null ? rateScale : group.learningRateScale();
          weightDecay = group.weightDecay() == null ? weightDecay : group.weightDecay();
          frozen = group.frozen() == null ? frozen : group.frozen() || !s.trainable();
        }
      }
      for (int from = s.offset(); !frozen && from < s.end(); from += Step.CHUNK) {
        int to = Math.min(from + Step.CHUNK, s.end());
        pieces.add(new Trained(from, to, layer, rateScale, weightDecay));
      }
    }
    if (pieces.isEmpty()) {
      throw new IllegalArgumentException(
          "%s: groups: frozen = true for every layer of %s: there is nothing to train"
              .formatted(Records.kind(rule), segments.stream().map(Segment::name).toList()));
    }
    return List.copyOf(pieces);
  }

  /** The weights that the updates change. */
  public float[] weights() {
    return w;
  }

  /**
   * What the rule's schedules say in vain in a run of this length; see {@link RunLength#doubts}.
   */
  public List<String> doubts() {
    return run == null ? List.of() : run.doubts(given);
  }

  /** Whether updates change this segment: it is trainable and no group freezes it. */
  public boolean trains(Segment s) {
    return s.trainable() && !frozen(s);
  }

  /** Whether a group keeps this segment as it is. */
  public boolean frozen(Segment s) {
    boolean frozen = false;
    for (Group group : groups) {
      if (group.frozen() != null && group.matches(s)) {
        frozen = group.frozen();
      }
    }
    return frozen;
  }

  /** The groups of the rule and of the constructor, for {@link Regularization#addTo}. */
  public List<Group> groups() {
    return groups;
  }

  /** The state: the count of updates, the rate's scale and all arrays. */
  public OptimizerState state() {
    return state;
  }

  /** The state under its names, for a checkpoint; valid until the next update. */
  public SavedState save() {
    return state.save(Records.kind(rule));
  }

  /** The state under its names, in arrays of its own. */
  public SavedState copy() {
    return state.copy(Records.kind(rule));
  }

  /**
   * Goes on from a saved state; the weights of that time must be in {@link #weights}.
   *
   * @throws IllegalArgumentException naming what does not fit the rule or the layout; nothing was
   *     changed then
   */
  public void load(SavedState saved) {
    state.load(saved, Records.kind(rule));
    if (run != null) {
      long steps = (long) state.number(RUN_STEPS);
      rule =
          given.resolve(new RunLength((long) state.number(RUN_EPOCH), steps == 0 ? null : steps));
    }
    harmless = looksHarmless();
  }

  /** What lowers the learning rate by a validation metric; null where there is none. */
  public Plateau plateau() {
    return rule.learningRate().plateau();
  }

  /** Tells the plateau, if there is one, the value of its metric after an epoch. */
  public void epochEnded(double metric, boolean higherIsBetter) {
    if (plateau() != null) {
      plateau().observe(state, metric, higherIsBetter);
    }
  }

  /**
   * The learning rate of the next update.
   *
   * @throws Ranges.OutOfRange if the schedule gives a number that is negative or not finite
   */
  public double learningRate() {
    double rate = rule.learningRate().at(state.updates()) * state.rateScale();
    try {
      Hyper.check("learningRate", rate, false);
    } catch (Ranges.OutOfRange e) {
      throw named(e);
    }
    return rate;
  }

  /** Where the next gradient is to be taken; valid until the next update. */
  public float[] gradientPoint() {
    double rate = learningRate();
    try {
      return rule.gradientPoint(step(null, Double.NaN, rate, new Guard(w)));
    } catch (Ranges.OutOfRange e) {
      throw named(e);
    }
  }

  /** The weights to evaluate, save and export; valid until the next update. */
  public float[] result() {
    return rule.result(step(null, Double.NaN, learningRate(), new Guard(w)));
  }

  /**
   * Makes one update.
   *
   * @param g layout.size() mean gradients at {@link #gradientPoint}; overwritten
   * @param loss the mean loss there, with the regularization terms
   * @throws NonFiniteException if the loss, the gradient, the updated weights or the updated state
   *     are not finite; weights and state are then as they were. A rule that {@linkplain
   *     Optimizer#retreats retreats} from such a loss or gradient keeps its weights and goes on
   */
  public void update(float[] g, double loss) {
    double rate = learningRate();
    // Harmless numbers stay finite, so there is nothing to go back to: the usual case costs one
    // more reading of g. Others cost a copy of everything.
    if (Double.isFinite(loss) && harmless && harmlessFactors(rate) && all(g, Guard.GRADIENT)) {
      Guard guard = new Guard(w);
      apply(step(g, loss, rate, guard));
      harmless = guard.harmless();
      if (!harmless) {
        checkFinite(w, "the updated ");
      }
    } else {
      NonFiniteException refusal =
          Double.isFinite(loss)
              ? nonFinite(g, "the gradient of ")
              : new NonFiniteException(state.updates() + 1, "the loss");
      if (refusal == null) {
        updateWithCare(g, loss, rate);
      } else if (!rule.retreats(step(g, loss, rate, Guard.NONE))) {
        throw refusal;
      }
    }
    searching = rule.triesPoints() && rule.searching(step(null, loss, rate, Guard.NONE));
    state.advance();
  }

  /** Whether the last update left the weights as they were, since a line search goes on. */
  public boolean searching() {
    return searching;
  }

  /**
   * What the last update multiplied each layer's step by, where the rule has such a ratio: the
   * local rate of {@link Lars}, the ratio of {@link Lamb}, the inverse root of {@link NovoGrad}'s
   * v.
   *
   * @return a number for each layout segment, valid until the next update; NaN where there is none
   */
  public double[] trusts() {
    return trusts;
  }

  private void apply(Step step) {
    try {
      rule.step(step);
    } catch (Ranges.OutOfRange e) {
      throw named(e);
    }
  }

  /** A schedule that leaves its range on the way: the error says of which rule, and when. */
  private Ranges.OutOfRange named(Ranges.OutOfRange e) {
    return e.of(Records.kind(rule) + ", step " + (state.updates() + 1));
  }

  private void updateWithCare(float[] g, double loss, double rate) {
    float[] weightsBefore = w.clone();
    SavedState before = state.copy(Records.kind(rule));
    try {
      apply(step(g, loss, rate, new Guard(w)));
      checkFinite(w, "the updated ");
      for (Map.Entry<String, float[]> slot : state.perWeight().entrySet()) {
        checkFinite(slot.getValue(), "the updated " + slot.getKey() + " of ");
      }
    } catch (RuntimeException e) {
      System.arraycopy(weightsBefore, 0, w, 0, w.length);
      state.load(before, Records.kind(rule));
      throw e;
    }
    harmless = looksHarmless();
  }

  /** Whether nothing here is near overflow, and the rule is known to keep it so. */
  private boolean looksHarmless() {
    Optimizer inside = rule;
    boolean ours = isOurs(inside);
    while (inside instanceof Wrapper wrapper) {
      inside = wrapper.inner();
      ours &= isOurs(inside);
    }
    return ours
        && all(w, Guard.WEIGHT)
        && state.perWeight().values().stream().allMatch(slot -> all(slot, Guard.STATE));
  }

  private boolean harmlessFactors(double rate) {
    return trained.stream()
        .allMatch(
            p -> rate * p.rateScale() <= HARMLESS_FACTOR && p.weightDecay() <= HARMLESS_FACTOR);
  }

  private static boolean isOurs(Optimizer rule) {
    return rule.getClass().getPackage() == Updater.class.getPackage();
  }

  private static boolean all(float[] values, float scale) {
    int chunks = (values.length - 1) / Step.CHUNK + 1;
    IntStream indexes = IntStream.range(0, chunks);
    return (values.length < Step.PARALLEL ? indexes : indexes.parallel())
        .allMatch(
            i -> {
              int from = i * Step.CHUNK;
              int to = (int) Math.min((long) from + Step.CHUNK, values.length);
              return Guard.below(values, scale, from, to);
            });
  }

  private void checkFinite(float[] values, String what) {
    NonFiniteException refusal = nonFinite(values, what);
    if (refusal != null) {
      throw refusal;
    }
  }

  /** What is wrong with the values, by layer; null if all of them are finite. */
  private NonFiniteException nonFinite(float[] values, String what) {
    if (!Vectors.allFinite(values, 0, values.length)) {
      for (Segment s : layout.segments()) {
        if (!Vectors.allFinite(values, s.offset(), s.end())) {
          return new NonFiniteException(state.updates() + 1, what + s.name());
        }
      }
    }
    return null;
  }

  private Step step(float[] g, double loss, double rate, Guard guard) {
    List<Step.Span> spans = new ArrayList<>(trained.size());
    for (Trained p : trained) {
      spans.add(new Step.Span(p.from(), p.to(), p.layer(), rate * p.rateScale(), p.weightDecay()));
    }
    return new Step(w, g, loss, rate, state, "", spans, guard, trusts);
  }
}
