package dev.schuss.train;

import java.util.List;
import java.util.Map;

/**
 * One epoch.
 *
 * @param step number of updates made so far
 * @param epoch counted from 0
 * @param learningRate used by the last update
 * @param trainLoss mean data loss over the epoch's minibatches, each before its update
 * @param regularization the l1 and l2 terms at the end of the epoch, not part of trainLoss
 * @param validation the metrics of the validation rows by name; empty without validation
 * @param gradientNorms the Euclidean norm of the mean gradient of the epoch's last round (of its
 *     first where it was cut short), by layout segment
 * @param updateRatios the Euclidean norm of that round's update beside that of the weights, by
 *     layout segment; without segments that were all 0, and empty of networks of more than 16
 *     million parameters
 * @param trustRatios what that round's update was multiplied by in each layer, by layout segment;
 *     empty of rules that have no such ratio ({@link dev.schuss.optim.Step#trust})
 * @param gradientLooks the gradients of some of the epoch's rounds: of all first updates of a
 *     training, of later ones the rarer the more were made
 * @param best whether this epoch's metric is the best so far (the metric of early stopping)
 * @param samplesPerSecond training rows per second of this epoch's rounds
 * @param seconds wall time of the epoch, validation included
 * @param time where they went
 * @param rounds what single rounds took
 * @param searching whether the last update left the weights as they were, since a line search
 *     rejected the point that trainLoss and regularization are of
 * @param curvature along those of the epoch's updates that were looked at; empty unless asked for
 */
public record EpochReport(
    long step,
    int epoch,
    double learningRate,
    double trainLoss,
    double regularization,
    Map<String, Double> validation,
    Map<String, Double> gradientNorms,
    Map<String, Double> updateRatios,
    Map<String, Double> trustRatios,
    List<GradientLook> gradientLooks,
    boolean best,
    double samplesPerSecond,
    double seconds,
    TimeSplit time,
    RoundSpread rounds,
    boolean searching,
    List<Curvature> curvature) {}
