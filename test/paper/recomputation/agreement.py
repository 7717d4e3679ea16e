"""Agreement of volumes case by case, by tercile of true volume, and at thresholds."""

import numpy as np
from scipy.stats import norm, t as student


def judged(row):
    """The true volume that a network could see, and the predicted one: of the masks where a loss yields no probabilities."""
    predicted = row["predictedVolumeThresholded" if row["loss"] == "lovaszHinge" else "predictedVolume"]
    return seen(row), predicted


def seen(row):
    return row["truthVolume"] - row["unpredictableVolume"]


def clustered(estimate, influences, participants, coefficients, level):
    """estimate ± t √V with the variance CR1 over participants; None with one participant or too few cases."""
    names, index = np.unique(participants, return_inverse=True)
    cases = len(participants)
    if len(names) < 2 or cases <= coefficients:
        return None
    sums = np.bincount(index, weights=influences)
    correction = len(names) / (len(names) - 1) * (cases - 1) / (cases - coefficients)
    half = student.ppf((1 + level) / 2, len(names) - 1) * np.sqrt(correction * np.sum(sums**2))
    return [estimate - half, estimate + half]


def agreement_of(rows, level):
    """Limits of agreement and proportional bias with their intervals; None with fewer than two cases."""
    if len(rows) < 2:
        return None
    truth, predicted = np.array([judged(row) for row in rows]).T
    participants = [row["participant"] for row in rows]
    cases, difference = len(rows), predicted - truth
    deviation, spread = difference - difference.mean(), difference.std(ddof=1)

    def limit(sign):
        z = sign * norm.ppf(0.975)
        on_spread = (cases / (cases - 1) * deviation**2 - spread**2) / (2 * spread) if spread > 0 else 0 * deviation
        value = difference.mean() + z * spread
        return {"value": value, "interval": clustered(value, (deviation + z * on_spread) / cases, participants, 1, level)}

    middle = (truth + predicted) / 2
    offset, slope = middle - middle.mean(), None
    if np.any(middle != middle[0]):
        squares = np.sum(offset**2)
        value = np.sum(offset * deviation) / squares
        influences = offset * (deviation - value * offset) / squares
        slope = {"value": value, "interval": clustered(value, influences, participants, 2, level)}
    return {"standardDeviation": spread, "lowerLimit": limit(-1), "upperLimit": limit(1), "slope": slope}


def terciles_of(rows):
    """The ids of small, medium and large cases of all arms together, with the range of their volumes."""
    volumes = {row["caseId"]: seen(row) for row in rows}
    ordered = sorted(volumes, key=lambda case: (volumes[case], case))
    ends = [round(len(ordered) * third / 3) for third in range(4)]
    thirds = [ordered[begin:end] for begin, end in zip(ends, ends[1:])]
    return [
        {
            "caseIds": third,
            "lowest": volumes[third[0]] if third else None,
            "highest": volumes[third[-1]] if third else None,
        }
        for third in thirds
    ]


def tercile_means(rows, terciles):
    means = []
    for tercile in terciles:
        errors = [predicted - truth for truth, predicted in map(judged, (r for r in rows if r["caseId"] in tercile["caseIds"]))]
        means.append({"cases": len(errors), "meanVolumeError": sum(errors) / len(errors) if errors else None})
    return means


def crossings_of(rows, thresholds):
    """At each threshold, the cases above it, and those that only the prediction, or only the truth, has above it."""
    pairs = [judged(row) for row in rows]
    return [
        {
            "thresholdMl": threshold,
            "truthAbove": sum(truth > threshold for truth, _ in pairs),
            "raised": sum(truth <= threshold < predicted for truth, predicted in pairs),
            "lowered": sum(predicted <= threshold < truth for truth, predicted in pairs),
        }
        for threshold in thresholds
    ]
