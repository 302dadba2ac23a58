"""Our own settings. Numbers of the trade live in rulebooks; these are of the machine."""

import os
from pathlib import Path

YUANXIN_DEMO = os.environ.get("YUANXIN_DEMO", "") == "1"
"""Demonstration: banner, simulators' pages, domain-clock speeds other than 1."""

YUANXIN_SIMULATORS = os.environ.get("YUANXIN_SIMULATORS", "1" if YUANXIN_DEMO else "") == "1"
"""Ports to the outside (SMS, WeCom sign-in) are answered by simulators."""

YUANXIN_DEPLOYMENT = os.environ.get("YUANXIN_DEPLOYMENT", "HQ")
"""Whose database this is: HQ or a province code. Rows whose home is HQ are writable only at HQ."""

YUANXIN_CITY_ZONE = "Asia/Shanghai"
"""Wall time of every city; instants are stored in UTC."""

YUANXIN_OUTBOX_BATCH = 50
"""Deliveries a runner claims at once; PostgreSQL caches 64 subtransactions per transaction."""

YUANXIN_OUTBOX_GATHER_S = 0.2
"""Seconds for which a runner lets deliveries gather unless it had a full batch; the longest delay of a reaction."""

YUANXIN_OUTBOX_TRIES = int(os.environ.get("YUANXIN_OUTBOX_TRIES", "6"))
"""Tries before a delivery is parked."""

YUANXIN_JOB_ATTEMPTS = 8
"""Attempts before a job stays in the dead list."""

YUANXIN_JOB_WAIT_S = 2
"""Base of the exponential back-off between a job's attempts, seconds."""

YUANXIN_NUMBER_LANES = 16
"""Lanes of the counter of human numbers: that many commands of one city number at once without waiting."""

YUANXIN_NUMBER_BLOCK = 20
"""Human numbers of a kind that a process takes at once; what it does not use before it ends is a gap."""

YUANXIN_SEAL_BATCH = 1000
"""History rows under one audit seal."""

YUANXIN_RULEBOOKS = Path(__file__).resolve().parents[3] / "rulebooks"
"""Where the seed rulebooks lie; ``manage load_rulebooks`` publishes those that the database does not know."""

YUANXIN_AWAY_WAIT_S = 2.0
"""Longest pause, in seconds, before a process asks again for a database that is away."""

YUANXIN_AWAY_START_S = 60.0
"""Seconds for which a starting process waits for the database; granian gives up on workers that end faster."""

YUANXIN_LIVE_VERSION_S = 0.25
"""Seconds for which a process answers with the same version of a scope; part of the delay of live pages."""

YUANXIN_LIVE_SESSION_S = 5.0
"""Seconds for which a process remembers whose session asks for versions; a session that ends is told by then."""

YUANXIN_LIVE_PART_S = 5.0
"""Longest age, in seconds, of a shared part of a page in which nothing but the time moved on."""

YUANXIN_MAP_TILES = os.environ.get("YUANXIN_MAP_TILES", "")
"""Address of the map's pictures with {z}, {x}, {y}, in WGS-84 or CGCS2000; empty: outlines only, nothing is fetched."""

YUANXIN_MAP_CREDIT = os.environ.get("YUANXIN_MAP_CREDIT", "")
"""What must be said under the map about where its pictures come from."""

YUANXIN_ROADS = os.environ.get("YUANXIN_ROADS", "")
"""Road server for driving times, osrm:http://host:5000 or valhalla:http://host:8002; empty: the calibrated formula."""

YUANXIN_ROADS_WAIT_S = 2.0
"""Seconds for which one question waits for the road server; then the formula answers and the plan is marked."""

YUANXIN_ROADS_BUDGET_S = 20.0
"""Seconds for which one plan may ask the road server altogether."""

YUANXIN_ROADS_REST_S = 30.0
"""Seconds for which nobody asks a road server that was down."""
