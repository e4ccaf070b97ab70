/** A model's predictions for the rows of a DataFrame. */
package dev.schuss.score;
