"""All tests of a data set, and what the report's rules make of them."""

import numpy as np

from . import inference
from .measures import METRICS
from .random_stream import random_stream

VOLUME_ERRORS = ("volumeError", "volumeErrorThresholded")
LOWER_IS_BETTER = ("crossEntropy",)

# With fewer participants, nothing is marked.
ENOUGH_PARTICIPANTS = 10


def by_case(rows, model, loss):
    own = [row for row in rows if row["model"] == model and row["loss"] == loss]
    return {row["caseId"]: row for row in sorted(own, key=lambda row: row["caseId"])}


def questions(rows, config):
    """(key, cases, values) of each test; the key is (kind, data set, model, metric, loss, reference)."""
    data_set = rows[0]["dataSet"]
    losses = config["arms"]["losses"]
    for model in config["arms"]["models"]:
        for metric in METRICS:
            for position, loss in enumerate(losses):
                arm = by_case(rows, model, loss)
                if arm and metric in VOLUME_ERRORS:
                    values = [row[metric] for row in arm.values()]
                    yield ("againstZero", data_set, model, metric, loss, None), list(arm.values()), values
                for reference in losses[:position]:
                    other = by_case(rows, model, reference)
                    cases = [arm[case] for case in arm if case in other]
                    if cases:
                        values = [row[metric] - other[row["caseId"]][metric] for row in cases]
                        yield ("lossPair", data_set, model, metric, loss, reference), cases, values


def comparisons_of(rows, config):
    """Every test of a data set by its key, with the scale that rounding errors of its mean have."""
    settings = config["statistics"]
    stratified = config["split"]["stratify"] == "volumeTercile"
    strata = inference.volume_terciles(rows) if stratified else None
    draws, answers = {}, {}
    for key, cases, values in questions(rows, config):
        participants = [row["participant"] for row in cases]
        groups = len(set(participants))
        if groups not in draws:  # every set of cases begins the data set's stream anew
            stream = random_stream(config["seed"], key[1], "bootstrap")
            draws[groups] = inference.bootstrap_draws(stream, groups, settings["resamples"])
        answer = {
            "mean": float(np.mean(values)),
            "cases": len(cases),
            "groups": groups,
            "conditional": inference.conditional_test(participants, values, draws[groups], settings),
            "includingTraining": None,
            "equivalence": None,
        }
        folds = [row["fold"] for row in cases]
        if len(set(folds)) > 1:
            spread = inference.Spread(values, folds, participants, strata)
            answer["includingTraining"] = spread.including_training(1 - settings["significance"])
            reachable = [row["truthVolume"] - row["unpredictableVolume"] for row in cases]
            margin = settings["equivalenceMargin"] * np.mean(reachable)
            if key[0] == "againstZero" and margin > 0:
                answer["equivalence"] = spread.equivalence(margin, settings["significance"])
        answer["scale"] = max(max(abs(row[key[3]]), row["scale"].get(key[3], 0)) for row in cases)
        answers[key] = answer
    return answers


def decisive(answer, config):
    """Interval and p-value of the test that decides."""
    if config["statistics"]["decides"] == "conditional":
        return answer["conditional"]
    return answer["includingTraining"] or {"interval": None, "pValue": 1.0}


def test_fields(answer, adjusted):
    """The columns that table1.csv and significance.csv have of a test; all None without one."""
    including, conditional, equivalence = (
        (answer or {}).get(name) or {} for name in ("includingTraining", "conditional", "equivalence")
    )
    low, high = including.get("interval") or (None, None)
    conditional_low, conditional_high = conditional.get("interval") or (None, None)
    return {
        "including_training_low": low,
        "including_training_high": high,
        "including_training_p": including.get("pValue"),
        "folds": including.get("folds"),
        "degrees_of_freedom": including.get("degreesOfFreedom"),
        "conditional_low": conditional_low,
        "conditional_high": conditional_high,
        "conditional_p": conditional.get("pValue"),
        "adjusted_p": adjusted,
        "equivalence_margin": equivalence.get("margin"),
        "equivalence_p": equivalence.get("pValue"),
    }


def adjusted_p_values(answers, config):
    """Holm's p-values by key: ΔV and ΔV hard are a family each, over the whole report."""
    adjusted = {}
    if config["statistics"]["correction"] == "none":
        return adjusted
    for metric in VOLUME_ERRORS:
        family = [key for key, answer in answers.items() if key[0] == "againstZero" and key[3] == metric]
        family = [key for key in family if decisive(answers[key], config)["interval"] is not None]
        adjusted.update(zip(family, inference.holm([decisive(answers[key], config)["pValue"] for key in family])))
    return adjusted


def mark_of(arm, metric, mean, answers, adjusted, config):
    """over, under, better or ''; `arm` is (data set, model, loss)."""
    data_set, model, loss = arm
    level = config["statistics"]["significance"]
    if metric in VOLUME_ERRORS:
        key = ("againstZero", data_set, model, metric, loss, None)
        p_value = adjusted.get(key, decisive(answers[key], config)["pValue"])
        no_volume = loss == "lovaszHinge" and metric == "volumeError"
        unmarked = no_volume or answers[key]["groups"] < ENOUGH_PARTICIPANTS
        return "" if unmarked or p_value >= level else "over" if mean > 0 else "under"
    others = [other for other in config["arms"]["losses"] if other != loss]
    sign = -1 if metric in LOWER_IS_BETTER else 1
    wins = 0
    for other in others:
        forward = answers.get(("lossPair", data_set, model, metric, loss, other))
        pair = forward or answers.get(("lossPair", data_set, model, metric, other, loss))
        if pair is None or pair["groups"] < ENOUGH_PARTICIPANTS:
            continue
        if decisive(pair, config)["pValue"] < level:
            wins += pair["mean"] * sign * (1 if forward else -1) > 0
    return "better" if others and wins == len(others) else ""
