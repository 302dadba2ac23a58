"""The telephone exchange of the hotline. Without an adapter the agents' telephone bar says so."""

import json
import os

from yuanxin.config.settings.house import YUANXIN_SIMULATORS

_SIMULATOR = "yuanxin.care.cti.simulator.SimulatedExchange" if YUANXIN_SIMULATORS else ""

YUANXIN_EXCHANGE = os.environ.get("YUANXIN_EXCHANGE", _SIMULATOR)
"""Dotted path of the exchange's adapter (CTI); empty where agents handle calls at the telephone itself."""

YUANXIN_AREA_CODES: dict[str, str] = {"4401": "020", "4406": "0757"} | json.loads(
    os.environ.get("YUANXIN_AREA_CODES", "{}")
)
"""Telephone area code per city (GB/T 2260), put before landlines that come without one; a JSON object."""
