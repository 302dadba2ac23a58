"""Kernel 内核: what every context stands on and that knows none of them.

Money, time, identifiers, named errors; tenancy; commands with idempotency; facts and their outbox;
listings; jobs; the audit chain; the invariants that ``manage verify`` asks.
"""
