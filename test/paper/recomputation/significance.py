"""Compares the recomputed tests with significance.csv."""

from .comparisons import ENOUGH_PARTICIPANTS, decisive, test_fields
from .report import rows_of

COLUMNS = ("data_set", "model", "metric", "loss", "reference")


def check_significance(differences, folder, answers, adjusted, config):
    """Every comparison with its estimate, both tests, corrected p-value, verdict and equivalence."""
    reported = {tuple(row[name] for name in COLUMNS): row for row in rows_of(folder / "significance.csv")}
    # The sums of Lovász outputs are no volumes, so they are not compared with 0.
    keys = [key for key in answers if key[0] != "againstZero" or key[3:5] != ("volumeError", "lovaszHinge")]
    own = {(*key[1:5], key[5] or ""): key for key in keys}
    differences.keys("significance.csv", own, reported)
    level = config["statistics"]["significance"]
    for name in own.keys() & reported.keys():
        key, told, place = own[name], reported[name], f"significance.csv, {'/'.join(filter(None, name))}"
        answer, scale = answers[key], answers[key]["scale"]
        p_value = adjusted.get(key, decisive(answer, config)["pValue"])
        significant = answer["groups"] >= ENOUGH_PARTICIPANTS and p_value < level
        differences.number(f"{place}, estimate", answer["mean"], told["estimate"], scale)
        for column, value in fields_of(answer, adjusted.get(key)).items():
            is_volume = column.endswith(("low", "high"))
            differences.number(f"{place}, {column}", value, told[column], scale if is_volume else 0)
        differences.text(f"{place}, decides", config["statistics"]["decides"], told["decides"])
        differences.text(f"{place}, significant", "yes" if significant else "no", told["significant"])
        found = answer["equivalence"]
        holds = "" if found is None else "yes" if found["pValue"] < level else "no"
        differences.text(f"{place}, equivalent", holds, told["equivalent"])


def fields_of(answer, adjusted):
    low, high = (answer["equivalence"] or {}).get("interval") or (None, None)
    sizes = {"cases": answer["cases"], "participants": answer["groups"]}
    return {**sizes, **test_fields(answer, adjusted), "equivalence_low": low, "equivalence_high": high}
