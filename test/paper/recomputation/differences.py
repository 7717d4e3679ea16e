"""Compares numbers and collects what differs."""

TOLERANCE = 1e-9


class Differences:
    def __init__(self):
        self.compared = 0
        self.found = []

    def number(self, place, own, reported, scale=0.0):
        """Equal to 1e-9, relative to the larger number, or to the larger numbers of which it is a difference (`scale`)."""
        self.compared += 1
        if own is None or reported in (None, ""):
            same = own is None and reported in (None, "")
        else:
            own, reported = float(own), float(reported)
            same = abs(own - reported) <= TOLERANCE * max(abs(own), abs(reported), scale)
        if not same:
            self.found.append(f"{place}: reported {reported}, recomputed {own}")

    def text(self, place, own, reported):
        self.compared += 1
        if own != reported:
            self.found.append(f"{place}: reported {reported!r}, recomputed {own!r}")

    def keys(self, place, own, reported):
        """The same things are there, in any order."""
        own, reported = list(own), list(reported)
        for key in sorted(set(reported) - set(own), key=str):
            self.found.append(f"{place}: {key} is reported, but has not been recomputed")
        for key in sorted(set(own) - set(reported), key=str):
            self.found.append(f"{place}: {key} is missing from the report")
        if len(reported) != len(set(reported)):
            self.found.append(f"{place}: something is reported twice")
