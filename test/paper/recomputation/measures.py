"""Measures of one case, by the formulas of docs/numbers.md."""

import numpy as np

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
        return {"native": native, "working": working, "predictedVolumeOutside": outside}

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
