/**
 * Named arrays and a JSON tree, saved so that a reader finds the old or the new, never a mixture.
 */
package dev.schuss.checkpoint;
