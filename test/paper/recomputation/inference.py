"""The tests of docs/statistics.md, with SciPy's distributions."""

from itertools import islice

import numpy as np
from scipy import stats
from scipy.optimize import brentq


def sums_by(keys, values):
    """Sums of values by key, in the order of the keys' names."""
    names = sorted(set(keys))
    index = np.array([names.index(key) for key in keys])
    sums = np.zeros(len(names))
    np.add.at(sums, index, values)
    return names, np.bincount(index), sums


def bootstrap_draws(stream, groups, resamples):
    """draws[b, i]: the i-th group of bootstrap sample b."""
    numbers = np.fromiter(islice(stream, groups * resamples), float, groups * resamples)
    return np.floor(numbers * groups).astype(int).reshape(resamples, groups)


def conditional_test(participants, values, draws, statistics):
    """The bootstrap of participants, whose cases stay together."""
    _, counts, sums = sums_by(participants, values)
    if len(counts) < 2:
        return {"pValue": 1.0, "interval": None}
    total, cases = np.zeros(len(draws)), np.zeros(len(draws))
    for column in draws.T:  # in the order drawn, so that a sum of 0 is one here as well
        total += sums[column]
        cases += counts[column]
    means = total / cases
    low, high = ((1 + np.sum(side)) / (len(means) + 1) for side in (means <= 0, means >= 0))
    tail = statistics["significance"] / 2
    ends = np.array([tail, 1 - tail])
    smaller = min(low, high)
    if statistics["interval"] == "bca":
        bias, acceleration = bca_correction(means, counts, sums)
        shifted = bias + stats.norm.ppf(ends)
        ends = stats.norm.cdf(bias + shifted / (1 - acceleration * shifted))
        smaller = min(bca_tail(low, bias, acceleration), 1 - bca_tail(1 - high, bias, acceleration))
    return {"pValue": min(1.0, 2 * smaller), "interval": [float(end) for end in np.quantile(means, ends)]}


def bca_correction(means, counts, sums):
    mean = sums.sum() / counts.sum()
    # A sample that draws every group once has the same mean, up to rounding.
    equal = np.abs(means - mean) <= 1e-12 * np.abs(sums).sum() / counts.sum()
    below = np.sum((means < mean) & ~equal) + np.sum(equal) / 2
    share = min(max(below, 0.5), len(means) - 0.5) / len(means)
    jackknife = (sums.sum() - sums) / (counts.sum() - counts)
    apart = jackknife.mean() - jackknife
    squares = np.sum(apart**2)
    return stats.norm.ppf(share), 0.0 if squares == 0 else np.sum(apart**3) / (6 * squares**1.5)


def bca_tail(probability, bias, acceleration):
    shifted = stats.norm.ppf(probability) - bias
    scale = 1 + acceleration * shifted
    if not np.isfinite(shifted) or scale <= 0:
        return 0.0 if shifted < 0 else 1.0
    return stats.norm.cdf(shifted / scale - bias)


class Spread:
    """The mean over cases and its standard error across folds: CR2, with Bell and McCaffrey's degrees of freedom."""

    def __init__(self, values, folds, participants, strata):
        values, folds = np.asarray(values), np.asarray(folds)
        names = sorted(set(folds))
        self.folds, n = len(names), len(values)
        self.mean = values.mean()
        sizes = np.array([np.sum(folds == k) for k in names])
        means = np.array([values[folds == k].mean() for k in names])
        w = sizes / n
        a = w**2 / (1 - w)
        of_folds = np.sum(a * (means - self.mean) ** 2)
        self.degrees = 1 / (np.sum(w**2) + np.sum(a) ** 2 - np.sum(a**2))
        own_part, third, scores = 0.0, 0.0, {}
        for k, fold_mean in zip(names, means):
            inside = np.nonzero(folds == k)[0]
            people, _, u = sums_by([participants[i] for i in inside], values[inside] - fold_mean)
            scores.update(zip(people, u))
            g = len(u)
            own_part += g / (g - 1) * np.sum(u**2) if g > 1 else 0
            third += g**2 / ((g - 1) * (g - 2)) * np.sum(u**3) if g > 2 else 0
        added = 0.0 if strata is None else between_strata(scores, strata) / n**2
        variance = of_folds + added
        self.error = np.sqrt(variance)
        share = 1.0 if added == 0 else of_folds / variance
        self.law = [(share, self.degrees), (1 - share, len(scores) - 1)]
        largest = max(variance, own_part / n**2)
        self.skewness = 0.0 if largest == 0 else third / n**3 / largest**1.5

    def upper(self, t):
        """P(T > t)."""
        return sum(share * stats.t.sf(t, degrees) for share, degrees in self.law if share > 0)

    def hall(self, t):
        g = self.skewness
        return t if np.isinf(t) else t + g * t**2 / 3 + g**2 * t**3 / 27 + g / 6

    def statistic(self, true_mean):
        difference = self.mean - true_mean
        if self.error == 0:
            return 0.0 if difference == 0 else np.copysign(np.inf, difference)
        return self.hall(difference / self.error)

    def interval(self, confidence):
        """The means that the test does not reject, found numerically."""
        quantile = solve(lambda t: (1 - confidence) / 2 - self.upper(t), 0, 10)
        ends = [solve(lambda t, to=to: self.hall(t) - to, -10, 10) for to in (quantile, -quantile)]
        return [self.mean - self.error * end for end in ends]

    def including_training(self, confidence):
        p = 2 * self.upper(abs(self.statistic(0)))
        interval = self.interval(confidence)
        return {"pValue": p, "interval": interval, "folds": self.folds, "degreesOfFreedom": self.degrees}

    def equivalence(self, margin, significance):
        not_below, not_above = self.upper(self.statistic(-margin)), self.upper(-self.statistic(margin))
        interval = self.interval(1 - 2 * significance)
        return {"margin": margin, "pValue": max(not_below, not_above), "interval": interval}


def solve(function, low, high):
    """The root of an increasing function; the bracket grows as needed."""
    while function(low) > 0:
        low *= 2
    while function(high) < 0:
        high *= 2
    return brentq(function, low, high, xtol=1e-14, rtol=1e-15, maxiter=1000)


def between_strata(scores, stratum_of):
    groups = {}
    for participant, score in scores.items():
        groups.setdefault(stratum_of[participant], []).append(score)
    between = sum(len(u) * np.mean(u) ** 2 for u in groups.values())
    within = sum(np.var(u, ddof=1) for u in groups.values() if len(u) > 1)
    return max(0.0, between - (len(groups) - 1) / len(groups) * within)


def volume_terciles(rows):
    """The volume tercile of each participant: by mean true volume over cases, ties by name."""
    volumes = {row["caseId"]: (row["participant"], row["truthVolume"]) for row in rows}
    by_participant = {}
    for case in sorted(volumes):
        participant, volume = volumes[case]
        by_participant.setdefault(participant, []).append(volume)
    order = sorted(by_participant, key=lambda name: (sum(by_participant[name]) / len(by_participant[name]), name))
    bounds = [int(np.floor(len(order) * third / 3 + 0.5)) for third in range(4)]
    return {name: t for t in range(3) for name in order[bounds[t] : bounds[t + 1]]}


def holm(p_values):
    order = np.argsort(p_values, kind="stable")
    adjusted = np.empty(len(p_values))
    factors = len(p_values) - np.arange(len(p_values))
    adjusted[order] = np.maximum.accumulate(np.minimum(1, factors * np.asarray(p_values)[order]))
    return [float(p) for p in adjusted]
