"""Reads original masks and images: NIfTI with nibabel, pictures with Pillow. Arrays are [x, y, z]."""

import nibabel
import numpy as np
from nibabel.orientations import apply_orientation, io_orientation, ornt_transform
from PIL import Image, ImageOps

MILLIMETRES = {"meter": 1000.0, "mm": 1.0, "micron": 0.001, "unknown": 1.0}


def read_picture(path):
    picture = ImageOps.exif_transpose(Image.open(path))
    if picture.mode == "1" or picture.mode.startswith("I"):
        grey = np.asarray(picture).astype(float)
    elif picture.mode == "L":
        grey = np.asarray(picture).astype(float)
    else:
        red, green, blue = np.moveaxis(np.asarray(picture.convert("RGB")).astype(float), 2, 0)
        grey = 0.299 * red + 0.587 * green + 0.114 * blue
    return grey.T[:, :, np.newaxis], np.eye(4)


def read_nifti(path, channel):
    image = nibabel.load(path)
    values = image.get_fdata()
    values = values.reshape((values.shape + (1, 1))[:3] + (-1,))[..., channel]
    unit = MILLIMETRES[image.header.get_xyzt_units()[0]]
    return values, np.diag([unit, unit, unit, 1]) @ image.affine


def read(path, channel=0):
    """Values and the affine in mm."""
    is_picture = path.suffix.lower() in (".png", ".jpg", ".jpeg")
    values, affine = read_picture(path) if is_picture else read_nifti(path, channel)
    return np.nan_to_num(values, nan=0, posinf=0, neginf=0), affine


def spacing_of(affine):
    return np.linalg.norm(affine[:3, :3], axis=0)


class Original:
    """The original mask on the grid of the case's first image."""

    def __init__(self, root, case, data_set):
        if "labelOutlines" in case:
            raise SystemExit("masks drawn from outlines (tufts with label.title) are not recomputed")
        first = case["images"][0]
        image, self.affine = read(root / first["path"], first.get("channel", 0))
        mask, affine = read(root / case["label"]["path"])
        turn = ornt_transform(io_orientation(affine), io_orientation(self.affine))
        mask = apply_orientation(mask, turn)
        if mask.shape != image.shape:
            raise SystemExit(f"{case['id']}: the mask has another shape than the image")
        self.mask = mask > data_set["label"].get("greaterThan", 0)
        self.spacing = np.array(data_set.get("overrideSpacingMm") or spacing_of(self.affine))
        self.region = self._region_modality(root, case, data_set)

    @staticmethod
    def _region_modality(root, case, data_set):
        """The image that decides where a structure can be, and its threshold; None without a mask."""
        rule = data_set["preprocessing"]["mask"]
        if rule == "none":
            return None
        found = next(one for one in case["images"] if one["modality"] == rule["modality"])
        return read(root / found["path"], found.get("channel", 0))[0], rule["greaterThan"]
