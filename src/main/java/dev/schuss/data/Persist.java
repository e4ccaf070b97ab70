package dev.schuss.data;

import org.apache.spark.storage.StorageLevel;

/** Where the packed rows are kept while they are trained on. */
public enum Persist {
  /** In memory, and on local disks where that does not suffice. */
  MEMORY_AND_DISK,
  /** In memory; what does not fit is read and packed anew in every round. */
  MEMORY,
  /** On local disks. */
  DISK;

  StorageLevel level() {
    return switch (this) {
      case MEMORY_AND_DISK -> StorageLevel.MEMORY_AND_DISK();
      case MEMORY -> StorageLevel.MEMORY_ONLY();
      case DISK -> StorageLevel.DISK_ONLY();
    };
  }
}
