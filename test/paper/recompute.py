#!/usr/bin/env python3
"""Recomputes every number of a sweep's report from its probability maps and the original masks.

    pip install numpy scipy nibabel pillow
    python3 test/paper/recompute.py SWEEP [--data-dir .volbias] [--path NAME=FOLDER] [--report FOLDER]

Nothing of volbias' own code runs: masks are read with nibabel or Pillow, brought onto the prepared grid, and
probabilities back onto the original one, with NumPy and SciPy; measures, means, tests and marks follow docs/numbers.md and
docs/statistics.md. Only what no formula determines comes from the store: probability maps, folds, participants, paths
of files, and the config. The bootstrap draws the same random numbers, so its intervals must agree as well.

Compared to 1e-9, relative: cases.csv, quality.csv (volumes), significance.csv, table1.csv and table1.json, with
agreement, terciles and thresholds. For differences of volumes and their means, 1e-9 is relative to the volumes. Theory, the ranges of intensities and the counts of non-finite voxels are not
recomputed. Masks drawn from outlines (tufts with label.title) are not supported.

Exit codes: 0 if all agree, 1 with a list of what differs.
"""

import argparse
import hashlib
import sys
from pathlib import Path

import numpy as np

from recomputation.comparisons import adjusted_p_values, comparisons_of
from recomputation.differences import Differences
from recomputation.images import Original
from recomputation.measures import Case
from recomputation.report import Table1, check_cases, check_quality
from recomputation.significance import check_significance
from recomputation.store import Sweep

SHOWN = 80


def with_scale(measures):
    """Adds the numbers of which volume errors are differences: rounding errors are relative to these."""
    predicted, hard, truth = (
        measures[name] for name in ("predictedVolume", "predictedVolumeThresholded", "truthVolume")
    )
    scale = {"volumeError": max(predicted, truth), "volumeErrorThresholded": max(hard, truth)}
    return {**measures, "scale": scale}


def recompute_data_set(sweep, data_set, differences):
    """The rows of all arms and, by case, the effect of preparation."""
    name, config = data_set["name"], sweep.config
    root = sweep.roots[name]
    scanned, prepared, evaluations = sweep.data_set(name)
    cases, quality, rows = {}, {}, []
    for case_id in prepared:
        files = scanned[case_id]
        digest = hashlib.sha256((root / files["label"]["path"]).read_bytes()).hexdigest()
        differences.text(f"{name}/{case_id}, SHA-256 of the mask", digest, files["label"]["digest"])
        cases[case_id] = Case(Original(root, files, data_set), data_set, config["network"]["upsampling"])
        quality[(name, case_id)] = cases[case_id].quality
    grid = config["evaluation"]["grid"]
    other = {"native": "working", "working": "native"}[grid]
    for manifest, folds in evaluations:
        summary = manifest["summary"]
        place = {key: summary["cases"][0][key] for key in ("dataSet", "model", "loss", "fold")}
        predicted = {one["caseId"]: one["file"] for one in summary["predictions"]}
        differences.keys(f"predictions of {'/'.join(map(str, place.values()))}", folds[place["fold"]], predicted)
        for case_id, file in predicted.items():
            case = cases[case_id]
            probabilities, affine = sweep.store.probabilities(manifest, file)
            if not case.is_flat and not np.allclose(affine, case.affine(), rtol=0, atol=1e-3):
                differences.found.append(f"{name}/{case_id}: the probability map lies elsewhere than expected")
            measured = case.measured(probabilities, config["evaluation"])
            rows.append(
                {
                    **place,
                    **with_scale(measured[grid]),
                    "caseId": case_id,
                    "participant": scanned[case_id]["participant"],
                    "unit": "hundredPixels" if case.is_flat else "ml",
                    "grid": grid,
                    "otherGrid": other,
                    "other": with_scale(measured[other]),
                    "predictedVolumeOutside": measured["predictedVolumeOutside"],
                    "scores": {"dice": measured["native"]["dice"], **measured["scores"]},
                    "reliability": measured["reliability"],
                }
            )
    return rows, quality


def main():
    parser = argparse.ArgumentParser(description="Recomputes every number of a sweep's report.")
    parser.add_argument("sweep", help="id of the sweep: the name of its folder in sweeps/")
    parser.add_argument("--data-dir", default=".volbias", help="data folder (default: .volbias)")
    parser.add_argument("--path", action="append", default=[], metavar="NAME=FOLDER", help="where a data set is now")
    parser.add_argument("--report", help="folder of the report's files (default: the sweep's own)")
    options = parser.parse_args()
    sweep = Sweep(options.data_dir, options.sweep, dict(path.split("=", 1) for path in options.path))
    differences = Differences()
    rows, quality, answers = [], {}, {}
    for data_set in sweep.config["dataSets"]:
        own, of_cases = recompute_data_set(sweep, data_set, differences)
        rows += own
        quality.update(of_cases)
        if own:
            answers.update(comparisons_of(own, sweep.config))
    folder = Path(options.report) if options.report else sweep.report_folder
    check_cases(differences, folder, rows)
    check_quality(differences, folder, quality)
    adjusted = adjusted_p_values(answers, sweep.config)
    table = Table1(sweep.config, rows, answers, adjusted)
    table.check_csv(differences, folder)
    table.check_json(differences, folder)
    check_significance(differences, folder, answers, adjusted, sweep.config)
    for found in differences.found[:SHOWN]:
        print(found)
    if len(differences.found) > SHOWN:
        print(f"… and {len(differences.found) - SHOWN} more")
    counts = f"{differences.compared} values of {len(rows)} predictions and {len(answers)} tests"
    agree = f"{len(differences.found)} differ" if differences.found else "all agree to 1e-9"
    print(f"{options.sweep}: recomputed {counts}; {agree}")
    sys.exit(1 if differences.found else 0)


if __name__ == "__main__":
    main()
