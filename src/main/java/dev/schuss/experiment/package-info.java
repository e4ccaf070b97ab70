/** Many trainings compared, and the search for a learning rate. */
package dev.schuss.experiment;
