"""Channels to people. A port without an adapter refuses by name; simulators answer where they are switched on."""

import json
import os

from yuanxin.config.settings.house import YUANXIN_SIMULATORS

_SIMULATOR = "yuanxin.messaging.simulator.SimulatorChannel"
_simulated = dict.fromkeys(("sms", "app", "official_account"), _SIMULATOR) if YUANXIN_SIMULATORS else {}

YUANXIN_MESSAGE_CHANNELS: dict[str, str] = _simulated | json.loads(os.environ.get("YUANXIN_MESSAGE_CHANNELS", "{}"))
"""Adapter class per channel; the environment holds a JSON object of dotted paths."""

YUANXIN_HOTLINE = os.environ.get("YUANXIN_HOTLINE", "96956")
"""The service line that customers' pages name."""

YUANXIN_PUBLIC_URL = os.environ.get("YUANXIN_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
"""Address under which customers reach us; the links in their messages begin with it."""
YUANXIN_CALL_RELAY = os.environ.get(
    "YUANXIN_CALL_RELAY", "yuanxin.fieldwork.relay.SimulatedRelay" if YUANXIN_SIMULATORS else ""
)
"""Adapter class of the call relay; without one every call fails by name and the logged fall-back remains."""

YUANXIN_RELAY_SHOWN = os.environ.get("YUANXIN_RELAY_SHOWN", "96956")
"""Number that both ends of a relayed call see."""

YUANXIN_MESSAGE_BATCH = 50
"""Messages that one sender leases at once."""

YUANXIN_MESSAGE_LEASE_S = 60
"""Wall seconds for which a sender owns its messages; longer than a channel's time-out times the batch."""
