"""What has been told and done so far, as one short text that changes when anything does: screens ask for it.

A transaction that began earlier may commit later, so the newest fact alone would hide it: the facts of the moment
before the newest one are counted too. Deliveries still owed belong to it, because boards are fed by reactions.
"""

from __future__ import annotations

from yuanxin.kernel import prepared
from yuanxin.kernel.tenancy import ALL, current_scope

# The newest fact is one look from the end of the primary key; its moment and the owed are short ranges of indexes.
_VERSION = """
WITH newest AS (
    SELECT max(recorded_at) AS at FROM kernel_factrecord
    WHERE recorded_at > statement_timestamp() - interval '10 minutes' AND {here}),
owed AS (SELECT id FROM kernel_delivery WHERE state = 'owed' AND {here} ORDER BY id LIMIT 200)
SELECT coalesce(extract(epoch FROM (SELECT at FROM newest)) * 1000000, 0)::bigint,
    (SELECT count(*) FROM kernel_factrecord
     WHERE recorded_at > (SELECT at FROM newest) - interval '15 seconds' AND {here}),
    (SELECT count(*) FROM owed), (SELECT coalesce(min(id), 0) FROM owed)
"""
_EVERYWHERE = _VERSION.format(here="true")
_PROVINCE = _VERSION.format(here="province_code = %(code)s")
_CITY = _VERSION.format(here="city_code = %(code)s")


def version() -> str:
    """Return the version of the scope in force; equal texts mean that nothing was told or done in between.

    One statement of a few short index ranges. A transaction that told facts and then stayed open for more than 15
    seconds is seen with the next fact.
    """
    code = current_scope()
    statement = _EVERYWHERE if code == ALL else _CITY if len(code) == 4 else _PROVINCE
    row = prepared.run(statement, {"code": code} if code != ALL else ()).fetchone()
    return "-".join(f"{part:x}" for part in row or ())
