/** What people see of a training: progress on a terminal, a line per epoch, the summary. */
package dev.schuss.report;
