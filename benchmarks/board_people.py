"""The people who watch the boards: sessions of leaders, and browsers that poll and fetch as live.js does."""

from __future__ import annotations

import http.client
import importlib
import json
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from benchmarks.serving_people import AT, CITY

STEP_S = 1.0
LIVE = "X-Yuanxin-Live"
EMPTY = "/live/"
GIVEN_UP_S = 30.0


def sessions(count: int) -> list[str]:
    """Make that many leaders of the city and sign each in; return their session keys."""
    acting: Any = importlib.import_module("yuanxin.kernel.acting")
    tenancy: Any = importlib.import_module("yuanxin.kernel.tenancy")
    transaction: Any = importlib.import_module("django.db.transaction")
    org: Any = importlib.import_module("yuanxin.org.api")
    client: Any = importlib.import_module("django.test").Client
    people = []
    with acting.acting_as(acting.system("bench", scope="*")), transaction.atomic(), tenancy.scope("*"):
        for nth in range(count):
            staff_id = org.create_staff(number=f"L{nth:04d}", name="值班长", unit_code=CITY)
            org.grant_role(staff_id=staff_id, role="dispatch_leader", at=AT)
            people.append(staff_id)
    keys = []
    for staff_id in people:
        browser = client()
        browser.force_login(org.account(staff_id))
        keys.append(browser.cookies["sessionid"].value)
    return keys


def fetch(port: int, path: str, cookie: str) -> bytes:
    """Return a page; anything but success is a fault of the bench. Raises RuntimeError."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    line.request("GET", path, headers={"Cookie": f"sessionid={cookie}"})
    answer = line.getresponse()
    body = answer.read()
    if answer.status not in {200, 204}:
        raise RuntimeError(f"{path}: {answer.status}")
    line.close()
    return body


@dataclass
class Watcher:
    """One open page: it asks for the version once a second and fetches its parts when that moved."""

    port: int
    parts: tuple[str, ...]
    cookie: str
    offset: float
    told: list[tuple[float, str]] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Watch until told to stop; the same steps as live.js, over one connection that is kept open."""
        line, version = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30), ""
        known: dict[str, tuple[str, str]] = dict.fromkeys(self.parts, ("", ""))
        self.stop.wait(self.offset)
        while not self.stop.is_set():
            try:
                _, now, _ = self._ask(line, "/live/", version)
                if now and now != version:
                    for part in self.parts:
                        status, tag, body = self._ask(line, part, known[part][0], now)
                        known[part] = (tag, body) if status == 200 else known[part]
                    self.told.append((time.time(), "".join(body for _, body in known.values())))
                    version = now
            except (OSError, http.client.HTTPException):
                line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            self.stop.wait(STEP_S)

    def heard(self, expects: str) -> float | None:
        """Return when a part with these words came first; None while none has."""
        return next((at for at, text in list(self.told) if expects in text), None)

    def _ask(self, line: http.client.HTTPConnection, path: str, tag: str, heard: str = "1") -> tuple[int, str, str]:
        head = {"Cookie": f"sessionid={self.cookie}", LIVE: heard} | ({"If-None-Match": tag} if tag else {})
        line.request("GET", path, headers=head)
        answer = line.getresponse()
        body = answer.read().decode()
        return answer.status, answer.headers.get("ETag", ""), body


def main(arguments: list[str]) -> None:
    """Watch, and answer the bench line by line: the watchers' own process, whose CPU does not count."""
    port, parts, cookies = int(arguments[0]), tuple(json.loads(arguments[1])), json.loads(arguments[2])
    watchers = [Watcher(port, parts, cookie, STEP_S * nth / len(cookies)) for nth, cookie in enumerate(cookies)]
    threads = [threading.Thread(target=watcher.run, daemon=True) for watcher in watchers]
    for thread in threads:
        thread.start()
    for line in sys.stdin:
        if line.strip() == "ready":
            wait_for(watchers, lambda watcher: bool(watcher.told))
            print("watching", flush=True)
        elif line.strip() == "limit":
            for watcher in watchers:
                watcher.stop.set()
            for thread in threads:
                thread.join(GIVEN_UP_S)
            print(json.dumps({"seconds": empty_to_all(port, cookies)}), flush=True)
        else:
            told = json.loads(line)
            print(json.dumps(seen(watchers, told["began"], told["expects"])), flush=True)
            for watcher in watchers:
                watcher.told.clear()


def wait_for(watchers: list[Watcher], is_there: Any) -> int:
    """Wait until it is so for every watcher; return for how many it never was."""
    deadline = time.time() + GIVEN_UP_S
    while time.time() < deadline and not all(map(is_there, watchers)):
        time.sleep(0.01)
    return sum(not is_there(watcher) for watcher in watchers)


def seen(watchers: list[Watcher], began: float, expects: str) -> dict[str, Any]:
    """Return after how many seconds each watcher had a part with the expected words."""
    missing = wait_for(watchers, lambda watcher: watcher.heard(expects) is not None)
    times = [watcher.heard(expects) for watcher in watchers]
    return {"missing": missing, "seconds": [at - began for at in times if at is not None]}


def empty_to_all(port: int, cookies: list[str]) -> float:
    """Return the seconds in which as many clients at once get an empty answer of the same server."""
    began = time.perf_counter()
    threads = [threading.Thread(target=fetch, args=(port, EMPTY, cookie)) for cookie in cookies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - began


if __name__ == "__main__":
    main(sys.argv[1:])
