"""Measures of one case, by the formulas of docs/numbers.md."""

import numpy as np
from scipy.ndimage import label
from scipy.optimize import minimize
from scipy.special import expit, log_expit

from . import grids

METRICS = ("crossEntropy", "softDiceScore", "volumeError", "volumeErrorThresholded", "dice")
COLUMNS = (
    "crossEntropy",
    "softDiceScore",
    "dice",
    "truthVolume",
    "unpredictableVolume",
    "predictedVolume",
    "predictedVolumeThresholded",
    "volumeError",
)


#: Columns of the native grid, whichever grid the evaluation has.
SCORES = (
    "absoluteVolumeError",
    "relativeVolumeError",
    "jaccard",
    "precision",
    "recall",
    "specificity",
    "hausdorff95Mm",
    "averageSurfaceDistanceMm",
    "normalisedSurfaceDice",
    "lesionF1",
    "lesionF1AtHalfIou",
    "expectedCalibrationError",
    "brierScore",
)
#: Those that need surfaces. They are compared with other libraries by make.py of test/fixtures/segmentation, and not here.
NOT_RECOMPUTED = ("hausdorff95Mm", "averageSurfaceDistanceMm", "normalisedSurfaceDice")
LARGEST_LOG_ODDS = 16.0


def overlap_score(both, total):
    return 1.0 if total == 0 else 2 * both / total


def measures_of(truth, predicted, above, voxel, unpredictable, clip):
    """`truth` in [0, 1], `predicted` and the predicted mask `above` on one grid; `voxel` is the volume of a voxel.

    `unpredictable` is the volume of the truth where no network predicts.
    """
    clipped = np.clip(predicted, clip, 1 - clip)
    inside = truth > 0.5
    own = {
        "crossEntropy": -np.mean(truth * np.log(clipped) + (1 - truth) * np.log1p(-clipped)),
        "softDiceScore": overlap_score((truth * predicted).sum(), truth.sum() + predicted.sum()),
        "dice": overlap_score((inside * above).sum(), inside.sum() + above.sum()),
        "truthVolume": voxel * truth.sum(),
        "unpredictableVolume": unpredictable,
        "predictedVolume": voxel * predicted.sum(),
        "predictedVolumeThresholded": voxel * above.sum(),
    }
    reachable = own["truthVolume"] - unpredictable
    own["volumeError"] = own["predictedVolume"] - reachable
    own["volumeErrorThresholded"] = own["predictedVolumeThresholded"] - reachable
    return {name: float(value) for name, value in own.items()}


def ratio(part, whole, empty):
    return empty if whole == 0 else float(part / whole)


def scores_of(truth, predicted, above, native):
    """The columns of SCORES but NOT_RECOMPUTED; None where not defined. `native`: `measures_of` on the same grid."""
    inside, above = truth > 0.5, above > 0.5
    both, union = (inside & above).sum(), (inside | above).sum()
    reachable = native["truthVolume"] - native["unpredictableVolume"]
    error = native["volumeError"]
    which = np.minimum(np.floor(predicted * 10), 9).astype(int)
    excess = [np.sum((predicted - truth)[which == bin]) for bin in range(10)]
    return {
        "absoluteVolumeError": abs(error),
        "relativeVolumeError": error / reachable if reachable > 0 else 0.0 if error == 0 else None,
        "jaccard": ratio(both, union, 1.0),
        "precision": ratio(both, above.sum(), None if inside.sum() == 0 else 0.0),
        "recall": ratio(both, inside.sum(), None),
        "specificity": ratio((~inside & ~above).sum(), (~inside).sum(), None),
        **lesion_scores(inside, above),
        "expectedCalibrationError": float(np.sum(np.abs(excess)) / truth.size),
        "brierScore": float(np.mean((predicted - truth) ** 2)),
    }


def lesion_scores(inside, above):
    """F1 by any overlap and by an IoU above 0.5; lesions are connected by faces, edges and corners."""
    if not inside.any() and not above.any():
        return {"lesionF1": 1.0, "lesionF1AtHalfIou": 1.0}
    neighbours = np.ones((3, 3, 3))
    true, lesions = label(inside, neighbours)
    found, predictions = label(above, neighbours)
    hit = sum(above[true == one].any() for one in range(1, lesions + 1))
    false = sum(not inside[found == one].any() for one in range(1, predictions + 1))
    paired = sum(
        ((true == a) & (found == b)).sum() / ((true == a) | (found == b)).sum() > 0.5
        for a in range(1, lesions + 1)
        for b in set(found[true == a]) - {0}
    )
    return {
        "lesionF1": 0.0 if hit == 0 else hit / (hit + (lesions - hit + false) / 2),
        "lesionF1AtHalfIou": 2 * paired / (lesions + predictions),
    }


def reliability_of(truth, predicted):
    """(bin, voxels, Σ ŷ, Σ y) of ten bins, and (voxels, mean log-odds, Σ y) of bins of log-odds; without empty ones."""
    least = 1 / (1 + np.exp(LARGEST_LOG_ODDS))
    clipped = np.clip(predicted, least, 1 - least)
    odds = np.where(predicted <= least, -LARGEST_LOG_ODDS, np.where(predicted >= 1 - least, LARGEST_LOG_ODDS, np.log(clipped / (1 - clipped))))
    tenths = np.minimum(np.floor(predicted * 10), 9).astype(int)
    eighths = np.minimum(np.floor((odds + LARGEST_LOG_ODDS) * 8), 255).astype(int)

    def sums(which, values, count):
        return np.array([np.bincount(which, weights, count) for weights in (np.ones(truth.size), values, truth)])

    return sums(tenths, predicted, 10), sums(eighths, odds, 256)


def calibration_of(reliabilities):
    """The fields of `calibration` in table1.json, from `reliability_of` of an arm's predictions."""
    (voxels, predicted, truth), (weights, odds, inside) = (sum(parts) for parts in zip(*reliabilities))
    kept = weights > 0
    x = np.stack([np.ones(kept.sum()), odds[kept] / weights[kept]])
    n, y = weights[kept], inside[kept]
    slope = None
    if min(x[1][y > 0], default=np.inf) < max(x[1][y < n], default=-np.inf) and min(x[1][y < n]) < max(x[1][y > 0]):
        line = minimize(
            lambda t: -np.sum(y * log_expit(t @ x) + (n - y) * log_expit(-(t @ x))) / n.sum(), [0.0, 1.0], method="BFGS"
        ).x
        for _ in range(4):  # to the last digits
            p = expit(line @ x)
            line = line + np.linalg.solve((x * (n * p * (1 - p))) @ x.T, x @ (y - n * p))
        slope = float(line[1])
    return {
        "voxels": int(voxels.sum()),
        "expectedCalibrationError": float(np.abs(predicted - truth).sum() / voxels.sum()),
        "misplacedShare": float(np.abs(predicted - truth).sum() / predicted.sum()) if predicted.sum() > 0 else None,
        "slope": slope,
        "uncertainShare": float(predicted[1:9].sum() / predicted.sum()) if predicted.sum() > 0 else None,
        "bins": [
            {"voxels": v, "predicted": p / v, "observed": t / v, "volumeShare": p / max(predicted.sum(), 1e-300)}
            for v, p, t in zip(voxels, predicted, truth)
            if v > 0
        ],
    }


class Case:
    """A case's original mask on both grids."""

    def __init__(self, original, data_set, upsampling):
        self.original = original
        preprocessing = data_set["preprocessing"]
        self.axes = grids.prepared_axes(original.mask, original.spacing, preprocessing)
        self.label = grids.prepared_label(original.mask, self.axes, data_set["label"]["resampling"])
        self.is_flat = len(preprocessing["crop"]) == 2
        steps = np.array([axis.step for axis in self.axes])
        if self.is_flat:
            self.working_voxel, self.native_voxel = 0.01, 0.01 / steps[0] / steps[1]
        else:
            self.native_voxel = np.prod(original.spacing) / 1000
            self.working_voxel = np.prod(original.spacing * steps) / 1000
        self.quality = self._quality(preprocessing, upsampling)

    def measured(self, probabilities, evaluation):
        """Measures on both grids, and the predicted volume outside the original image."""
        if probabilities.shape != self.label.shape:
            raise SystemExit(f"a probability map has {probabilities.shape} voxels, expected {self.label.shape}")
        predicted = probabilities.astype(float)
        truth = self.original.mask.astype(float)
        above = (probabilities.astype(np.float32) > np.float32(evaluation["threshold"])).astype(float)
        back = grids.onto_original(predicted, self.axes)
        # The mask goes back with its volume, to the voxels with the highest probability of those that it covers.
        above_back = grids.volume_preserving(grids.onto_original(above, self.axes), back)
        clip = evaluation["clip"]
        beyond = self.working_voxel * self.label[~self.predictable].sum()
        working = measures_of(self.label, predicted, above, self.working_voxel, beyond, clip)
        beyond = self.quality["cannot_be_predicted"]
        native = measures_of(truth, back, above_back, self.native_voxel, beyond, clip)
        outside = working["predictedVolume"] - native["predictedVolume"]
        return {
            "native": native,
            "working": working,
            "predictedVolumeOutside": outside,
            "scores": scores_of(truth, back, above_back, native),
            "reliability": reliability_of(self.label[self.predictable], predicted[self.predictable]),
        }

    def affine(self):
        """The prepared grid's affine."""
        start, step = ([getattr(axis, name) for axis in self.axes] for name in ("start", "step"))
        move = np.diag([*step, 1.0])
        move[:3, 3] = start
        return self.original.affine @ move

    def _quality(self, preprocessing, upsampling):
        coverage = grids.coverage_of(self.original.mask, self.axes)
        if self.is_flat:  # blocks that reach beyond the picture are not predicted
            whole = [np.isclose(axis.overlap.sum(axis=1), axis.step) for axis in self.axes[:2]]
            in_picture = whole[0][:, None, None] & whole[1][None, :, None]
            coverage = coverage * in_picture
        crop = [*preprocessing["crop"], 1][:3]
        edge = 13 if upsampling == "valid" else 0
        window = grids.central_window(coverage.shape, crop, [0, 0, 0])
        predicted = grids.central_window(coverage.shape, crop, [edge, edge, 0 if self.is_flat else edge])
        region = np.ones(coverage.shape)
        if self.original.region is not None:
            image, threshold = self.original.region
            flat = grids.coverage_of(image, self.axes) if self.is_flat else grids.interpolated(image, self.axes)
            region = (flat.astype(np.float32) > threshold).astype(float)
        self.predictable = np.zeros(coverage.shape, dtype=bool)
        self.predictable[predicted] = region[predicted] == 1
        if self.is_flat:
            self.predictable &= in_picture
        before = self.original.mask.sum() * self.native_voxel
        sums = [coverage.sum(), coverage[window].sum(), coverage[predicted].sum(), (coverage * region)[predicted].sum()]
        left = [before, *[total * self.working_voxel for total in sums]]
        # What rounding leaves of nothing is nothing.
        parts = [a - b if a - b > 1e-9 * a else 0.0 for a, b in zip(left, left[1:])]
        names = ["outside_prepared_image", "outside_crop", "in_margin", "outside_mask"]
        return {
            "volume_before": before,
            "volume_after": self.label.sum() * self.working_voxel,
            "structure_voxels": self.label.sum(),
            **dict(zip(names, parts)),
            "cannot_be_predicted": sum(parts),
        }
