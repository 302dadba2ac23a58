"""What every context stands on: money, time, ids, errors, facts and outbox, commands, listings, audit, tenancy.

Knows no context. Everything in it may be imported from everywhere.
"""
