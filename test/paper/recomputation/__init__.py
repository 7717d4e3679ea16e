"""The parts of recompute.py. Nothing here uses volbias' own code."""
