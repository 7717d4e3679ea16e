"""The prepared grid, masks on it, and the way back to the original grid. Arrays are [x, y, z]."""

from math import floor

import numpy as np
from scipy.ndimage import label, map_coordinates, uniform_filter

# A tie blurred by the rounding of a header is a tie.
LINEAR_THRESHOLD = 0.5 - 1e-4


class Axis:
    """An axis of the prepared grid: voxel t is centred at `start + t * step`, in voxels of the original axis."""

    def __init__(self, length, start, step, original):
        self.length, self.start, self.step = length, start, step
        # Edges in original voxels, of which voxel s covers [s - 1/2, s + 1/2].
        low = start + (np.arange(length) - 0.5) * step
        first = np.arange(original) - 0.5
        #: overlap[t, s]: length of original voxel s within prepared voxel t.
        self.overlap = np.clip(
            np.minimum(low[:, None] + step, first[None] + 1) - np.maximum(low[:, None], first[None]), 0, None
        )

    @property
    def centres(self):
        return self.start + np.arange(self.length) * self.step


def half_to_even(value):
    below = floor(value)
    if abs(value - below - 0.5) < 1e-5:
        return below + below % 2
    return round(value)


def resampled_axis(length, spacing, preprocessing):
    ratio = preprocessing["spacingMm"] / spacing
    new = max(1, half_to_even(length / ratio))
    if preprocessing["resampling"] in ("centred", "itk"):  # the fields of view have the same centre
        return Axis(new, (length - 1) / 2 - (new - 1) / 2 * ratio, ratio, length)
    if preprocessing["resampling"] == "origin":  # the first centre stays in place
        return Axis(new, 0, ratio, length)
    new = max(1, round(length * (spacing / preprocessing["spacingMm"])))  # as scipy.ndimage.zoom rounds
    if new == 1:
        return Axis(1, 0, length, length)
    if length == 1:
        return Axis(new, (1 / new - 1) / 2, 1 / new, 1)
    return Axis(new, 0, (length - 1) / (new - 1), length)  # first and last centres coincide


def prepared_axes(mask, spacing, preprocessing):
    if len(preprocessing["crop"]) == 3:
        return [resampled_axis(n, s, preprocessing) for n, s in zip(mask.shape, spacing)]
    roi = preprocessing.get("roi")
    if roi is None:
        return [Axis(n, 0, 1, n) for n in mask.shape]
    size, block = roi["sizePixels"], roi["downsample"]
    centre = [pixels.mean() for pixels in np.nonzero(mask)[:2]]
    begin = [floor(middle - (size - 1) / 2) for middle in centre]
    axes = [Axis(size // block, b + (block - 1) / 2, block, n) for b, n in zip(begin, mask.shape)]
    return [*axes, Axis(1, 0, 1, 1)]


def along_axes(values, matrices):
    """Multiplies each axis by a matrix [new, old]."""
    return np.einsum("xyz,ax,by,cz->abc", values, *matrices, optimize=True)


def coverage_of(mask, axes):
    """The share of each prepared voxel that the mask covers."""
    return along_axes(mask.astype(float), [axis.overlap / axis.step for axis in axes])


def onto_original(values, axes):
    """The mean of a prepared map over each original voxel, of size 1."""
    return np.minimum(along_axes(values.astype(float), [axis.overlap.T for axis in axes]), 1)


def interpolated(values, axes):
    """Linear interpolation at the prepared centres; edge values beyond the outermost centres."""
    at = np.meshgrid(*[axis.centres for axis in axes], indexing="ij")
    return map_coordinates(values.astype(float), at, order=1, mode="nearest")


def level(share):
    """Shares are compared to four decimals."""
    return np.floor(share * 10000 + 0.618034)


def tolerance(volume):
    return np.minimum(0.01, 1e-6 * np.maximum(1, volume))


def foremost(keys, count, backwards=False):
    """The `count` columns with the highest keys, the first row first; ties for the last places at even distances."""
    order = np.lexsort(-keys[::-1])  # stable
    if not 0 < count < order.size:
        return order[: max(0, count)]
    tied = np.flatnonzero((keys == keys[:, order[count - 1], None]).all(axis=0))
    before = np.flatnonzero(order == tied[0])[0]
    places = count - before
    chosen = (2 * np.arange(places) + 1) * tied.size // (2 * places)
    return np.concatenate([order[:before], tied[::-1 if backwards else 1][chosen]])


def volume_preserving(coverage, preference=None):
    """As many voxels as the coverages add up to. Each structure has the whole number in its own coverage, and those with
    the largest remainders one more. Within a structure the most preferred come first, then those with more around them."""
    preference = coverage if preference is None else preference
    labels, share = label(level(coverage) > 0)[0].ravel("F"), coverage.ravel("F")  # x fastest
    numbers, firsts = np.unique(labels, return_index=True)
    numbers = numbers[np.argsort(firsts)]
    numbers = numbers[numbers > 0]
    volumes = np.bincount(labels, share)[numbers]
    counts = np.floor(volumes + tolerance(volumes)).astype(int)
    total = volumes.sum()
    counts[foremost(level(volumes - counts)[None], floor(total + 0.5 + tolerance(total)) - counts.sum())] += 1
    around = 27 * uniform_filter(preference, 3, mode="constant")
    keys = np.stack([level(preference).ravel("F"), level(around).ravel("F")])
    mask = np.zeros(coverage.size)
    for place, number in enumerate(numbers):
        voxels = np.flatnonzero(labels == number)
        mask[voxels[foremost(keys[:, voxels], counts[place], place % 2 == 1)]] = 1
    return mask.reshape(coverage.shape, order="F")


def prepared_label(mask, axes, how):
    coverage = coverage_of(mask, axes)
    if how == "soft":
        return coverage.astype(np.float32).astype(float)
    if how == "volumePreserving":
        return volume_preserving(coverage)
    is_flat = mask.shape[2] == 1
    return ((coverage if is_flat else interpolated(mask, axes)) >= LINEAR_THRESHOLD).astype(float)


def central_window(shape, crop, margin):
    """Slices of a central crop without its margin."""
    begin = [(n - c) // 2 for n, c in zip(shape, crop)]
    return tuple(
        slice(max(0, b + m), max(0, min(n, b + c - m))) for n, c, b, m in zip(shape, crop, begin, margin)
    )
