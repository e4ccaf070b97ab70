package dev.schuss.spec;

import dev.schuss.optim.AdaDelta;
import dev.schuss.optim.AdaGrad;
import dev.schuss.optim.Adam;
import dev.schuss.optim.AdamW;
import dev.schuss.optim.AmsGrad;
import dev.schuss.optim.Average;
import dev.schuss.optim.Constant;
import dev.schuss.optim.Lamb;
import dev.schuss.optim.Lars;
import dev.schuss.optim.Lion;
import dev.schuss.optim.Lookahead;
import dev.schuss.optim.Momentum;
import dev.schuss.optim.NAdam;
import dev.schuss.optim.Nesterov;
import dev.schuss.optim.NovoGrad;
import dev.schuss.optim.Optimizer;
import dev.schuss.optim.Quickprop;
import dev.schuss.optim.RAdam;
import dev.schuss.optim.RmsProp;
import dev.schuss.optim.RmsPropNesterov;
import dev.schuss.optim.Rprop;
import dev.schuss.optim.Schedule;
import dev.schuss.optim.Sgd;
import dev.schuss.optim.Table;

/** The update rules by name, and what job files wrap around them. */
final class Optimizers {
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
          .usually("adam")
          .wrapper("lookahead", Lookahead.class, "inner")
          .wrapper("average", Average.class, "inner")
          .alias("lr", "learningRate")
          .alias("weight_decay", "weightDecay")
          .alias("eps", "epsilon")
          .alias("k", "every")
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

  /** A plain number is the same value at every update, a list one value for each. */
  static final Codec<Schedule> SCHEDULE =
      new Codec<>() {
        @Override
        public Schedule read(Value value, Binder binder) {
          return value.checked(
              () ->
                  value.isList()
                      ? new Table(value.elements().stream().map(Value::real).toList())
                      : new Constant(value.real()));
        }

        @Override
        public Object write(Schedule schedule, Binder binder) {
          if (schedule instanceof Constant constant) {
            return constant.value();
          }
          if (schedule instanceof Table table) {
            return table.values();
          }
          throw new IllegalArgumentException(schedule + " cannot be written to a job file");
        }
      };

  private Optimizers() {}
}
