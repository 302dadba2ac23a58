"""Benchmarks: one file per figure; each runs its peer or its physical limit in the same call."""
