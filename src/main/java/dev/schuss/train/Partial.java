package dev.schuss.train;

import dev.schuss.objective.GradientSum;
import dev.schuss.train.PairwiseSum.Branch;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.util.ArrayList;
import java.util.List;

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
