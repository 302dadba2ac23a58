"""``./run bench --list``, ``./run bench NAME [--json FILE] [--seeds N] [--seconds S] [--instances A,B]``.

A bench module has a function ``run(bench)``; one that computes only says ``NEEDS_DATABASE = False``. What was asked for
stands in ``bench.asked``.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from pathlib import Path

from benchmarks.harness import Asked, Bench

HERE = Path(__file__).parent
NOT_BENCHES = {"__init__", "__main__", "harness"}


def names() -> dict[str, str]:
    """Return the benches: name and the first line of their purpose."""
    found = {}
    for path in sorted(HERE.glob("*.py")):
        if path.stem not in NOT_BENCHES and not path.stem.startswith("test_") and not path.stem.endswith("_people"):
            first = path.read_text(encoding="utf-8").split('"""')[1].strip().splitlines()[0]
            found[path.stem.replace("_", "-")] = first
    return found


def main(arguments: list[str]) -> int:
    """Run one bench; the answer is 1 when a goal is missed."""
    parser = argparse.ArgumentParser(prog="./run bench")
    parser.add_argument("name", nargs="?", help="which bench")
    parser.add_argument("--list", action="store_true", help="list the benches")
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--seeds", type=int, help="how many seeds (benches that throw dice)")
    parser.add_argument("--seconds", type=float, help="CPU seconds for each plan (dispatch benches)")
    parser.add_argument("--instances", default="", help="only these, by name, with commas between (public sets)")
    parser.add_argument("--engine", default="", help="this engine instead of the default (dispatch benches)")
    parser.add_argument("--clusters", type=int, help="so many clusters only, the rest extrapolated (routing-province)")
    options = parser.parse_args(arguments)
    known = names()
    if options.list or not options.name:
        for name, purpose in known.items():
            print(f"{name:12} {purpose}")
        return 0
    if options.name not in known:
        print(f"no bench named {options.name}; ./run bench --list names them", file=sys.stderr)
        return 2
    if options.json and not options.json.resolve().parent.is_dir():
        print(f"no such folder: {options.json.parent}", file=sys.stderr)
        return 2
    module = importlib.import_module(f"benchmarks.{options.name.replace('-', '_')}")
    instances = tuple(name for name in options.instances.split(",") if name)
    asked = Asked(options.seeds, options.seconds, instances, options.engine, options.clusters)
    with Bench(options.name, getattr(module, "NEEDS_DATABASE", True), asked) as bench:
        module.run(bench)
        report = bench.report()
    if options.json:
        options.json.write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return 0 if all(goal["met"] for goal in report["goals"]) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
