"""Dispatch desk 调度台: the pool with its countdowns, candidates with reasons in words, appointments, assignments."""
