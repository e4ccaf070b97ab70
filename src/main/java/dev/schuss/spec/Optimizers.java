package dev.schuss.spec;

import dev.schuss.optim.AdaDelta;
import dev.schuss.optim.AdaGrad;
import dev.schuss.optim.Adam;
import dev.schuss.optim.AdamW;
import dev.schuss.optim.AmsGrad;
import dev.schuss.optim.Average;
import dev.schuss.optim.Clip;
import dev.schuss.optim.Constant;
import dev.schuss.optim.Cosine;
import dev.schuss.optim.Cyclic;
import dev.schuss.optim.Exponential;
import dev.schuss.optim.Grouped;
import dev.schuss.optim.InverseSqrt;
import dev.schuss.optim.Lamb;
import dev.schuss.optim.Lars;
import dev.schuss.optim.Lbfgs;
import dev.schuss.optim.Length;
import dev.schuss.optim.Linear;
import dev.schuss.optim.Lion;
import dev.schuss.optim.Lookahead;
import dev.schuss.optim.Momentum;
import dev.schuss.optim.MultiStep;
import dev.schuss.optim.NAdam;
import dev.schuss.optim.Nesterov;
import dev.schuss.optim.NovoGrad;
import dev.schuss.optim.OneCycle;
import dev.schuss.optim.OneCycleMomentum;
import dev.schuss.optim.Optimizer;
import dev.schuss.optim.Paced;
import dev.schuss.optim.Plateau;
import dev.schuss.optim.Polynomial;
import dev.schuss.optim.Quickprop;
import dev.schuss.optim.RAdam;
import dev.schuss.optim.RmsProp;
import dev.schuss.optim.RmsPropNesterov;
import dev.schuss.optim.Rprop;
import dev.schuss.optim.Schedule;
import dev.schuss.optim.Sgd;
import dev.schuss.optim.StepDecay;
import dev.schuss.optim.Sutskever;
import dev.schuss.optim.Table;
import dev.schuss.optim.WarmRestarts;
import dev.schuss.optim.Warmup;

/** The update rules and schedules by name, and what job files wrap around them. */
final class Optimizers {
  static final Registry<Schedule> SCHEDULES =
      Registry.of(Schedule.class, "kind")
          .add("constant", Constant.class)
          .add("step", StepDecay.class)
          .add("multi-step", MultiStep.class)
          .add("exponential", Exponential.class)
          .add("polynomial", Polynomial.class)
          .add("linear", Linear.class)
          .add("cosine", Cosine.class)
          .add("cosine-warm-restarts", WarmRestarts.class)
          .add("inverse-sqrt", InverseSqrt.class)
          .add("one-cycle", OneCycle.class)
          .add("cyclic", Cyclic.class)
          .add("plateau", Plateau.class)
          .add("sutskever", Sutskever.class)
          .add("one-cycle-momentum", OneCycleMomentum.class)
          .usually("constant")
          .alsoNamed("reduce-on-plateau", "plateau")
          .alsoNamed("sutskever-momentum", "sutskever")
          .wrapper("per", Paced.class, "inner", "pace")
          .wrapper("warmup", Warmup.class, "inner", "length")
          .alias("lr", "base")
          .alias("T", "length")
          .alias("T_max", "length")
          .alias("total", "length")
          .alias("total_iters", "length")
          .alias("total_steps", "length")
          .alias("eta_min", "end")
          .alias("end_lr", "end")
          .alias("start_factor", "start")
          .alias("end_factor", "end")
          .alias("T0", "first")
          .alias("T_0", "first")
          .alias("T_mult", "growth")
          .alias("step_size", "every")
          .alias("step_size_up", "up")
          .alias("step_size_down", "down")
          .alias("max_lr", "max")
          .alias("mu_max", "max")
          .alias("d_model", "modelSize")
          .alias("pct_start", "rise")
          .alias("anneal_strategy", "anneal")
          .alias("div_factor", "div")
          .alias("final_div", "finalDiv")
          .alias("final_div_factor", "finalDiv")
          .alias("three_phase", "threePhase")
          .alias("max_momentum", "high")
          .alias("base_momentum", "low")
          .alias("threshold_mode", "thresholdMode")
          .alias("min_lr", "minRate")
          .alias("eps", "epsilon");

  static final Registry<Optimizer> REGISTRY =
      Registry.of(Optimizer.class, "rule")
          .add("sgd", Sgd.class)
          .add("momentum", Momentum.class)
          .add("nesterov", Nesterov.class)
          .add("adagrad", AdaGrad.class)
          .add("adadelta", AdaDelta.class)
          .add("rmsprop", RmsProp.class)
          .add("rmsprop-nesterov", RmsPropNesterov.class)
          .add("adam", Adam.class)
          .add("amsgrad", AmsGrad.class)
          .add("adamw", AdamW.class)
          .add("nadam", NAdam.class)
          .add("radam", RAdam.class)
          .add("novograd", NovoGrad.class)
          .add("lars", Lars.class)
          .add("lamb", Lamb.class)
          .add("lion", Lion.class)
          .add("rprop", Rprop.class)
          .add("quickprop", Quickprop.class)
          .add("lbfgs", Lbfgs.class)
          .usually("adam")
          .shaper("schedule", "learningRate", SCHEDULES, "base")
          .wrapper("clip", Clip.class, "inner")
          .wrapper("lookahead", Lookahead.class, "inner")
          .wrapper("average", Average.class, "inner")
          .wrapper("groups", Grouped.class, "inner", "groups")
          .alias("lr", "learningRate")
          .alias("weight_decay", "weightDecay")
          .alias("eps", "epsilon")
          .alias("k", "every")
          .alias("alpha", "decay")
          .alias("momentum_steps", "momentum")
          .alias("lr_decay", "rateDecay")
          .alias("initial_accumulator", "initialAccumulator")
          .alias("initial_accumulator_value", "initialAccumulator")
          .alias("momentum_decay", "momentumDecay")
          .alias("grad_averaging", "gradAveraging")
          .alias("trust_coeff", "trustCoefficient")
          .alias("trust_coefficient", "trustCoefficient")
          .alias("trust_clip", "trustClip")
          .alias("always_adapt", "alwaysAdapt")
          .alias("max_grad_norm", "maxGradNorm")
          .alias("bias_correction", "biasCorrection")
          .alias("etaminus", "etaMinus")
          .alias("etaplus", "etaPlus")
          .alias("step_min", "stepMin")
          .alias("step_max", "stepMax")
          .alias("max_growth", "maxGrowth")
          .alias("pullback_momentum", "momentum");

  /**
   * A plain number is the same value at every update, a list one value for each, a block one of the
   * schedules.
   */
  static final Codec<Schedule> SCHEDULE =
      new Codec<>() {
        @Override
        public Schedule read(Value value, Binder binder) {
          if (value.isSection()) {
            return SCHEDULES.read(value, binder);
          }
          return value.checked(
              () ->
                  value.isList()
                      ? new Table(value.elements().stream().map(Value::real).toList())
                      : new Constant(value.real()));
        }

        @Override
        public Object write(Schedule schedule, Binder binder) {
          if (schedule instanceof Constant constant) {
            return constant.base();
          }
          return schedule instanceof Table table
              ? table.values()
              : SCHEDULES.write(schedule, binder);
        }
      };

  /** N, N steps or N epochs. */
  static final Codec<Length> LENGTH =
      new Codec<>() {
        @Override
        public Length read(Value value, Binder binder) {
          return value.checked(() -> Length.parse(value.text()));
        }

        @Override
        public Object write(Length length, Binder binder) {
          return length.unit() == Length.Unit.STEPS
              ? (Object) (long) length.count()
              : length.toString();
        }
      };

  private Optimizers() {}
}
