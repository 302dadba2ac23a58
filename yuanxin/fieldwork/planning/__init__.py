"""The adapter between tables and ``engines.routing``: orders become jobs, shifts become technicians.

Nothing else of this context knows the engine's words, so the next engine changes no file outside this package.
"""
