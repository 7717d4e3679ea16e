"""Compares recomputed numbers with a report's files."""

import csv
import json

from .agreement import agreement_of, crossings_of, tercile_means, terciles_of
from .comparisons import VOLUME_ERRORS, mark_of, test_fields
from .measures import COLUMNS, METRICS, NOT_RECOMPUTED, SCORES, calibration_of


# Numbers in nested objects of which rounding errors are relative to volumes.
SCALED = ("mean", "value", "standardDeviation", "meanVolumeError")


def rows_of(path):
    with open(path, newline="", encoding="utf-8") as file:
        return [{name: plain(text) for name, text in row.items()} for row in csv.DictReader(file)]


def plain(text):
    """A name without the apostrophe that keeps spreadsheets from taking it for a formula."""
    return text[1:] if text[:1] == "'" and text[1:2] in tuple("=+-@\t\r＝＋－＠") else text


def check_cases(differences, folder, rows):
    reported = {
        (row["dataSet"], row["model"], row["loss"], row["caseId"]): row for row in rows_of(folder / "cases.csv")
    }
    own = {(row["dataSet"], row["model"], row["loss"], row["caseId"]): row for row in rows}
    differences.keys("cases.csv", own, reported)
    for key in own.keys() & reported.keys():
        row, told = own[key], reported[key]
        place = f"cases.csv, {'/'.join(key)}"
        for name in ("participant", "unit", "grid", "otherGrid"):
            differences.text(f"{place}, {name}", row[name], told[name])
        differences.number(f"{place}, fold", row["fold"], told["fold"])
        for name in COLUMNS:
            other = f"other{name[0].upper()}{name[1:]}"
            differences.number(f"{place}, {name}", row[name], told[name], row["scale"].get(name, 0))
            scale = row["other"]["scale"].get(name, 0)
            differences.number(f"{place}, {other}", row["other"][name], told[other], scale)
        outside = row["predictedVolumeOutside"]
        scale = max(row["predictedVolume"], row["other"]["predictedVolume"])
        differences.number(f"{place}, predictedVolumeOutside", outside, told["predictedVolumeOutside"], scale)
        truth = max(row["truthVolume"], row["other"]["truthVolume"])
        scales = {"absoluteVolumeError": scale, "relativeVolumeError": scale / truth if truth > 0 else 0}
        for name in SCORES:
            if name in NOT_RECOMPUTED:  # their means are, from the values here
                row["scores"][name] = None if told[name] == "" else float(told[name])
            else:
                differences.number(f"{place}, {name}", row["scores"][name], told[name], scales.get(name, 0))


def check_quality(differences, folder, quality):
    reported = {(row["data_set"], row["case"]): row for row in rows_of(folder / "quality.csv")}
    differences.keys("quality.csv", quality, reported)
    for key in quality.keys() & reported.keys():
        whole = quality[key]["volume_before"]
        for name, value in quality[key].items():
            differences.number(f"quality.csv, {'/'.join(key)}, {name}", value, reported[key][name], whole)


def mean_where_defined(values):
    """The mean of the values that are not None, and their number."""
    defined = [value for value in values if value is not None]
    return (sum(defined) / len(defined) if defined else None), len(defined)


class Table1:
    """Means, tests and marks of every arm, to be compared with table1.json and table1.csv."""

    def __init__(self, config, rows, answers, adjusted):
        self.config, self.answers, self.adjusted = config, answers, adjusted
        self.arms, self.terciles = {}, {}
        for data_set in [one["name"] for one in config["dataSets"]]:
            self.terciles[data_set] = terciles_of([row for row in rows if row["dataSet"] == data_set])
            for model in config["arms"]["models"]:
                for loss in config["arms"]["losses"]:
                    arm = (data_set, model, loss)
                    self.arms[arm] = self._arm([r for r in rows if (r["dataSet"], r["model"], r["loss"]) == arm], self.terciles[data_set])

    def _arm(self, rows, terciles):
        def mean(values):
            return sum(values) / len(rows) if rows else None

        folds = range(self.config["split"]["folds"])
        thresholds = self.config["evaluation"].get("thresholdsMl", []) if rows and rows[0]["unit"] == "ml" else []
        return {
            "agreement": agreement_of(rows, 1 - self.config["statistics"]["significance"]),
            "terciles": tercile_means(rows, terciles),
            "crossings": crossings_of(rows, thresholds),
            "cases": len(rows),
            "participants": len({row["participant"] for row in rows}),
            "missingFolds": [fold for fold in folds if fold not in {row["fold"] for row in rows}],
            "meanTruthVolume": mean([row["truthVolume"] for row in rows]),
            "meanUnpredictableVolume": mean([row["unpredictableVolume"] for row in rows]),
            "otherMeanTruthVolume": mean([row["other"]["truthVolume"] for row in rows]),
            "otherMeanUnpredictableVolume": mean([row["other"]["unpredictableVolume"] for row in rows]),
            "means": {metric: mean([row[metric] for row in rows]) for metric in METRICS},
            "otherMeans": {metric: mean([row["other"][metric] for row in rows]) for metric in METRICS},
            "scores": {name: mean_where_defined([row["scores"][name] for row in rows]) for name in ("dice", *SCORES)},
            "calibration": calibration_of([row["reliability"] for row in rows]) if rows else None,
            "scale": max([max(row["scale"]["volumeError"], row["other"]["scale"]["volumeError"]) for row in rows] or [0]),
        }

    def _test(self, arm, metric):
        return self.answers.get(("againstZero", *arm[:2], metric, arm[2], None))

    def _equivalent(self, test):
        found = test["equivalence"]
        return None if found is None else found["pValue"] < self.config["statistics"]["significance"]

    def _mark(self, arm, metric):
        own = self.arms[arm]
        if own["cases"] == 0:
            return ""
        return mark_of(arm, metric, own["means"][metric], self.answers, self.adjusted, self.config)

    def check_csv(self, differences, folder):
        reported = {
            (row["data_set"], row["model"], row["loss"], row["metric"]): row for row in rows_of(folder / "table1.csv")
        }
        differences.keys("table1.csv", [(*arm, metric) for arm in self.arms for metric in METRICS], reported)
        for (*arm, metric), told in reported.items():
            arm = tuple(arm)
            if arm not in self.arms:
                continue
            own, place = self.arms[arm], f"table1.csv, {'/'.join(arm)}, {metric}"
            scale = own["scale"] if metric in VOLUME_ERRORS else 0
            differences.number(f"{place}, mean", own["means"][metric], told["mean"], scale)
            differences.number(f"{place}, other mean", own["otherMeans"][metric], told["mean_on_other_grid"], scale)
            differences.number(f"{place}, true volume", own["meanTruthVolume"], told["mean_true_volume"])
            differences.number(f"{place}, cut off", own["meanUnpredictableVolume"], told["mean_unpredictable_volume"])
            differences.number(f"{place}, cases", own["cases"], told["cases"])
            differences.number(f"{place}, participants", own["participants"], told["participants"])
            differences.text(f"{place}, missing_folds", " ".join(map(str, own["missingFolds"])), told["missing_folds"])
            differences.text(f"{place}, mark", self._mark(arm, metric), told["mark"])
            self._check_tests(differences, place, told, self._test(arm, metric), ("againstZero", *arm[:2], metric, arm[2], None))

    def _check_tests(self, differences, place, told, test, key):
        fields = test_fields(test, self.adjusted.get(key))
        for name, value in fields.items():
            is_end = name.endswith(("low", "high"))
            differences.number(f"{place}, {name}", value, told[name], test["scale"] if test and is_end else 0)
        holds = None if test is None else self._equivalent(test)
        differences.text(f"{place}, equivalent", {None: "", True: "yes", False: "no"}[holds], told["equivalent"])

    def check_json(self, differences, folder):
        told = json.loads((folder / "table1.json").read_text(encoding="utf-8"))
        statistics = self.config["statistics"]
        for name in ("decides", "correction", "significance", "equivalenceMargin"):
            differences.text(f"table1.json, rules, {name}", statistics[name], told["rules"][name])
        differences.text("table1.json, grid", self.config["evaluation"]["grid"], told["table"]["grid"])
        reported = {
            (data_set["name"], arm["model"], arm["loss"]): arm
            for data_set in told["table"]["dataSets"]
            for arm in data_set["arms"]
        }
        differences.keys("table1.json, arms", self.arms, reported)
        for arm in self.arms.keys() & reported.keys():
            self._check_arm(differences, arm, reported[arm])
        for data_set in told["table"]["dataSets"]:
            own = {"terciles": self.terciles[data_set["name"]]}
            check_answer(differences, f"table1.json, {data_set['name']}", own, data_set, 0)
        self._check_comparisons(differences, told["comparisons"])

    def _check_arm(self, differences, arm, told):
        own, place = self.arms[arm], f"table1.json, {'/'.join(arm)}"
        for name in ("cases", "participants", "meanTruthVolume", "meanUnpredictableVolume"):
            differences.number(f"{place}, {name}", own[name], told[name])
        differences.text(f"{place}, missingFolds", own["missingFolds"], told["missingFolds"])
        other = told["otherGrid"] or {"meanTruthVolume": None, "meanUnpredictableVolume": None, "means": {}}
        for name in ("meanTruthVolume", "meanUnpredictableVolume"):
            own_name = f"otherM{name[1:]}"
            differences.number(f"{place}, otherGrid, {name}", own[own_name], other[name])
        for metric in METRICS:
            scale = own["scale"] if metric in VOLUME_ERRORS else 0
            mean = (told["means"] or {}).get(metric)
            differences.number(f"{place}, {metric}", own["means"][metric], mean, scale)
            differences.number(f"{place}, other {metric}", own["otherMeans"][metric], other["means"].get(metric), scale)
        for name, (mean, cases) in own["scores"].items():
            scale = own["scale"] if "olumeError" in name else 0
            differences.number(f"{place}, scores, {name}", mean, told["scores"][name]["mean"], scale)
            differences.number(f"{place}, scores, {name}, cases", cases, told["scores"][name]["cases"])
        volumes = {"terciles": own["terciles"], "agreement": own["agreement"] and {**own["agreement"]}}
        if volumes["agreement"] is not None and told["agreement"] is not None:
            # A ratio of volumes.
            check_answer(differences, place, {"slope": volumes["agreement"].pop("slope")}, told["agreement"], 1)
        if own["crossings"]:
            volumes["crossings"] = own["crossings"]
        check_answer(differences, place, volumes, told, own["scale"])
        self._check_calibration(differences, f"{place}, calibration", own["calibration"], told["calibration"])
        for metric in VOLUME_ERRORS:
            test, outcome = self._test(arm, metric), told["outcomes"][metric]
            differences.text(f"{place}, {metric} is tested", test is not None, outcome is not None)
            if test is None or outcome is None:
                continue
            adjusted = self.adjusted.get(("againstZero", *arm[:2], metric, arm[2], None))
            differences.number(f"{place}, {metric}, adjustedPValue", adjusted, outcome["adjustedPValue"])
            differences.text(f"{place}, {metric}, equivalent", self._equivalent(test), outcome["equivalent"])
            differences.text(f"{place}, {metric}, mark", self._mark(arm, metric) or None, outcome["mark"])

    def _check_calibration(self, differences, place, own, told):
        differences.text(place, own is None, told is None)
        if own is None or told is None:
            return
        for name in ("voxels", "expectedCalibrationError", "misplacedShare", "slope", "uncertainShare"):
            differences.number(f"{place}, {name}", own[name], told[name])
        differences.text(f"{place}, bins", len(own["bins"]), len(told["bins"]))
        for mine, theirs in zip(own["bins"], told["bins"]):
            for name, value in mine.items():
                differences.number(f"{place}, bins, {theirs['lowest']}, {name}", value, theirs[name])

    def _check_comparisons(self, differences, comparisons):
        names = ("kind", "dataSet", "model", "metric", "loss", "reference")
        reported = {tuple(one.get(name) for name in names): one for one in comparisons}
        differences.keys("table1.json, comparisons", self.answers, reported)
        for key in self.answers.keys() & reported.keys():
            place = f"table1.json, {'/'.join(str(part) for part in key if part)}"
            check_answer(differences, place, self.answers[key], reported[key], self.answers[key]["scale"])


def check_answer(differences, place, own, told, scale):
    """Numbers at the same names of two nested objects; means and ends of intervals have a scale."""
    for name in own.keys() - {"scale"}:
        value, reported, where = own[name], told[name], f"{place}, {name}"
        if isinstance(value, dict) and isinstance(reported, dict):
            check_answer(differences, where, value, reported, scale)
        elif isinstance(value, list) and isinstance(reported, list):
            differences.text(f"{where}, length", len(value), len(reported))
            for mine, theirs in zip(value, reported):
                if isinstance(mine, dict):
                    check_answer(differences, where, mine, theirs, scale)
                elif isinstance(mine, str):
                    differences.text(where, mine, theirs)
                else:
                    differences.number(where, mine, theirs, scale)
        elif isinstance(value, (dict, list)) or isinstance(reported, (dict, list)):
            differences.text(where, value, reported)
        else:
            differences.number(where, value, reported, scale if name in SCALED else 0)
