"""Reads a data folder: the sweep's record, the lineage log and the stored artifacts."""

import gzip
import hashlib
import json
from pathlib import Path

import nibabel
import numpy as np


class Store:
    def __init__(self, folder):
        self.folder = Path(folder)
        self.works = {}
        lineage = self.folder / "lineage.jsonl"
        for line in lineage.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            if record["kind"] == "artifact":
                work = record["spec"]
                self.works.setdefault((work["step"], work["digest"]), {})[work["unit"]] = work

    def blob(self, digest):
        """Bytes by their SHA-256, which is checked."""
        data = (self.folder / "objects" / digest[:2] / digest).read_bytes()
        if hashlib.sha256(data).hexdigest() != digest:
            raise SystemExit(f"object {digest} does not match its SHA-256")
        return data

    def manifest(self, digest):
        return json.loads(self.blob(digest))

    def work(self, unit, digest):
        """The record of a result; the same bytes may have been computed for a unit of another sweep."""
        found = self.works[(unit.split(" ")[0], digest)]
        return found.get(unit) or list(found.values())[-1]

    def inputs(self, work, step):
        """The works of a step that went into a work."""
        return [self.work(one["unit"], one["digest"]) for one in work["inputs"] if one["unit"].split(" ")[0] == step]

    def summary(self, work):
        return self.manifest(work["digest"])["summary"]

    def probabilities(self, manifest, name):
        """A probability map [x, y, z] as stored, in single precision, with its affine."""
        image = nibabel.Nifti1Image.from_bytes(gzip.decompress(self.blob(manifest["files"][name]["digest"])))
        values = np.asanyarray(image.dataobj)
        return values.reshape((values.shape + (1, 1))[:3]), image.affine


class Sweep:
    """What a sweep's report was computed from."""

    def __init__(self, folder, sweep_id, paths):
        self.store = Store(folder)
        place = self.store.folder / "sweeps" / sweep_id
        self.report_folder = place / "report"
        record = json.loads((place / "sweep.json").read_text(encoding="utf-8"))
        self.config = json.loads(self.store.blob(record["specification"]))["config"]
        imported = json.loads(self.store.blob(record["specification"]))["importedFolds"]
        if imported is not None:
            self.config["split"]["stratify"] = "none"
        self.roots = {name: Path(paths.get(name, at["root"])) for name, at in record["locations"].items()}
        result = json.loads((place / "result.json").read_text(encoding="utf-8"))
        if result["report"] is None:
            raise SystemExit(f"{sweep_id} has no report")
        self.report = self.store.work("report", result["report"]["digest"])

    def data_set(self, name):
        """Scanned cases by id, the ids that were prepared, and the evaluations, each with its manifest."""
        def of_own(step):
            return [work for work in self.store.inputs(self.report, step) if self._is_of(work, step, name)]

        scanned = {case["id"]: case for work in of_own("scan") for case in self.store.summary(work)["cases"]}
        prepared = [case["id"] for work in of_own("statistics") for case in self.store.summary(work)["cases"]]
        evaluations = []
        for joined in of_own("join"):
            for work in self.store.inputs(joined, "evaluate"):
                folds = self.store.summary(self.store.inputs(work, "split")[0])["folds"]
                evaluations.append((self.store.manifest(work["digest"]), folds))
        return scanned, prepared, evaluations

    def _is_of(self, work, step, name):
        digests = {i["digest"] for i in self.report["inputs"] if i["unit"] == f"{step} {name}"}
        return work["digest"] in digests
