"""The anchor of preprocess-case.ts: the same case read, resampled to 2 mm and stored with nibabel and SimpleITK on one thread.

Pinned: Python 3.11 (measured with 3.11.7), numpy 2.4.6, nibabel 5.4.2, SimpleITK 2.5.7
  python3.11 -m venv anchor && anchor/bin/pip install numpy==2.4.6 nibabel==5.4.2 SimpleITK==2.5.7
  VOLBIAS_TEST_PYTHON=anchor/bin/python npm run bench
A development tool; the product needs none of it.

Arguments: folder of the case, folder for the results, rounds. Prints JSON: versions, seconds of each round, peak memory in MB.
"""
import json
import os
import platform
import sys
import time

import nibabel as nib
import numpy as np
import SimpleITK as sitk

sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(1)
spacing = 2.0


def image_of(path, dtype):
    read = nib.load(path)
    values = np.asanyarray(read.dataobj).astype(dtype)
    image = sitk.GetImageFromArray(np.ascontiguousarray(values.T))
    affine = read.affine
    lengths = np.sqrt((affine[:3, :3] ** 2).sum(0))
    flip = np.diag([-1.0, -1.0, 1.0])  # nibabel's RAS to ITK's LPS
    image.SetSpacing(lengths.tolist())
    image.SetDirection((flip @ affine[:3, :3] / lengths).ravel().tolist())
    image.SetOrigin((flip @ affine[:3, 3]).tolist())
    return image


def resampled(image):
    size = [max(1, round(n * s / spacing)) for n, s in zip(image.GetSize(), image.GetSpacing())]
    shift = [((n - 1) * s - (m - 1) * spacing) / 2 / s for n, s, m in zip(image.GetSize(), image.GetSpacing(), size)]
    resample = sitk.ResampleImageFilter()
    resample.SetInterpolator(sitk.sitkLinear)
    resample.SetSize(size)
    resample.SetOutputSpacing([spacing] * 3)
    resample.SetOutputDirection(image.GetDirection())
    resample.SetOutputOrigin(image.TransformContinuousIndexToPhysicalPoint(shift))
    return resample.Execute(image)


def store(name, arrays, image):
    direction = np.array(image.GetDirection()).reshape(3, 3)
    affine = np.eye(4)
    affine[:3, :3] = np.diag([-1.0, -1.0, 1.0]) @ direction * spacing
    affine[:3, 3] = np.diag([-1.0, -1.0, 1.0]) @ np.array(image.GetOrigin())
    values = np.stack([array.T for array in arrays], -1) if len(arrays) > 1 else arrays[0].T
    nib.Nifti1Image(values, affine).to_filename(name)
    handle = os.open(name, os.O_RDWR)
    os.fsync(handle)
    os.close(handle)


def prepare(folder, out):
    images = []
    for name in ("flair", "t1", "t1ce", "t2"):
        images.append(resampled(image_of(f"{folder}/case_{name}.nii.gz", np.float32)))
    arrays = [sitk.GetArrayFromImage(image) for image in images]
    inside = arrays[0] > 0
    moments = [(array[inside].mean(dtype=np.float64), array[inside].std(dtype=np.float64)) for array in arrays]
    label = sitk.GetArrayFromImage(resampled(sitk.Cast(image_of(f"{folder}/case_seg.nii.gz", np.int16) > 0, sitk.sitkFloat32)))
    store(f"{out}/images.nii", arrays, images[0])
    store(f"{out}/label.nii", [(label >= 0.5).astype(np.uint8)], images[0])
    store(f"{out}/mask.nii", [inside.astype(np.uint8)], images[0])
    return moments


folder, out, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
seconds = []
for _ in range(rounds):
    start = time.perf_counter()
    moments = prepare(folder, out)
    seconds.append(time.perf_counter() - start)
with open("/proc/self/status") as status:  # getrusage would begin at the size of the process that started this one
    peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
versions = f"Python {platform.python_version()}, numpy {np.__version__}, nibabel {nib.__version__}, SimpleITK {sitk.Version.VersionString()}"
print(json.dumps({"versions": versions, "seconds": seconds, "peakMb": peak, "mean": moments[0][0], "deviation": moments[0][1]}))
