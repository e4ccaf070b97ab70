package dev.schuss.train;

import dev.schuss.objective.GradientSum;
import dev.schuss.train.PairwiseSum.Branch;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import scala.Tuple2;

/** What a task returns: the sums of its partitions; none where it left them in this JVM. */
public final class Partial implements Externalizable {
  private static final long serialVersionUID = 1;

  private List<Branch> branches = List.of();

  /** No sums. */
  public Partial() {}

  Partial(List<Branch> branches) {
    this.branches = branches;
  }

  List<Branch> branches() {
    return branches;
  }

  /** The sums of neighbouring tasks, which come in any order, added up in that of partitions. */
  static Partial total(Iterator<Tuple2<Integer, Partial>> parts) {
    List<Branch> branches = new ArrayList<>();
    parts.forEachRemaining(part -> branches.addAll(part._2().branches));
    branches.sort(Comparator.comparingLong(branch -> (long) branch.index() << branch.level()));
    PairwiseSum sum = new PairwiseSum();
    branches.forEach(sum::add);
    return new Partial(sum.branches());
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    out.writeInt(branches.size());
    for (Branch branch : branches) {
      out.writeInt(branch.level());
      out.writeInt(branch.index());
      branch.sum().writeExternal(out);
    }
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    int n = in.readInt();
    branches = new ArrayList<>(n);
    for (int i = 0; i < n; i++) {
      int level = in.readInt();
      int index = in.readInt();
      GradientSum sum = new GradientSum();
      sum.readExternal(in);
      branches.add(new Branch(level, index, sum));
    }
  }
}
