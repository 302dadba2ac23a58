"""Simulation 仿真: a city that lives; it drives the same doors as web does (demo, load, replay)."""
