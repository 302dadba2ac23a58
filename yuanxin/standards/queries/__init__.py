"""Reads of the standards: rules in force, promises and parameters, clocks."""
