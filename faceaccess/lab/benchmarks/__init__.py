"""Benchmarks: speed and endurance, beside the usual tools in one run."""
