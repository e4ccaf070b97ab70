package dev.schuss.data;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Neighbouring partitions lie together, about as many in each group. */
class GroupsTest {

  @Property
  void everyPartitionLiesInOneGroupAndGroupsAreAboutEqual(
      @ForAll @IntRange(min = 1, max = 3000) int partitions,
      @ForAll @IntRange(min = 1, max = 400) int slots) {
    Groups groups = new Groups(partitions, slots);
    int n = groups.numPartitions();
    assertThat(n).isEqualTo(Math.min(partitions, slots));
    assertThat(groups.first(0)).isZero();
    assertThat(groups.first(n)).isEqualTo(partitions);
    for (int g = 0; g < n; g++) {
      int size = groups.first(g + 1) - groups.first(g);
      assertThat(size).isBetween(1, (int) Math.ceil(1.25 * partitions / n) + 1);
      for (int p = groups.first(g); p < groups.first(g + 1); p++) {
        assertThat(groups.getPartition(p)).isEqualTo(g);
      }
    }
  }

  @Test
  void groupsAreWholeBranchesWhereTheyCanBe() {
    Groups groups = new Groups(32, 2);
    assertThat(groups.first(1)).isEqualTo(16);
    assertThat(new Groups(100, 8).first(1) % 2).isZero();
  }
}
