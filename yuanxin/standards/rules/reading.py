"""Reading a rulebook: text -> schema -> frozen entries. Errors name the file, the entry and the path."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

import jsonschema

from yuanxin.kernel.time import BusinessWindow
from yuanxin.standards.rules import plain_yaml, quantity
from yuanxin.standards.rules.entries import (
    Amount,
    ByTimeOfDay,
    Compensation,
    Duty,
    Elapsed,
    Entry,
    Layer,
    Measure,
    NoticeBefore,
    Pay,
    Price,
    Rulebook,
    Share,
    Slot,
    Source,
    SourceKind,
    Status,
    Stricter,
    Values,
    Way,
)
from yuanxin.standards.rules.errors import (
    RulebookInvalid,
    RuleNeedsNumber,
    RuleNotDeclared,
    RuleNotVerified,
    RuleRepeated,
)

NUMBERS = ("limit", "cutoff", "width", "tolerance", "target", "within", "rate", "cap_fen", "amount_fen")
VERIFIED = "A"


def read_rulebook(text: str, *, file: str, schema: Mapping[str, Any]) -> Rulebook:
    """Read one YAML file. Raises RulebookUnreadable, RulebookInvalid and the errors of `check_entry`."""
    return build_rulebook(plain_yaml.read(text, file=file), file=file, schema=schema)


def build_rulebook(data: Any, *, file: str, schema: Mapping[str, Any]) -> Rulebook:
    """Turn plain data (of a file, the editor or the database) into a checked rulebook."""
    _fit(data, file, schema)
    head = data["rulebook"]
    if f"{head['name']}.yaml" != file.removeprefix("rulebooks/") and file.endswith(".yaml"):
        raise RulebookInvalid(file=file, entry="", path="rulebook.name", problem="is not the file's name", further=0)
    layer, org = Layer(head["layer"]), head["org"]
    starts = _day(head["effective_from"], file, "", "rulebook.effective_from")
    entries: dict[str, Entry] = {}
    for body in data["entries"]:
        entry = _entry(body, layer, org, starts, file)
        if entry.id in entries:
            raise RuleRepeated(entry=entry.id, file=file)
        check_entry(entry, file)
        entries[entry.id] = entry
    return Rulebook(
        name=head["name"],
        layer=layer,
        org=org,
        title_zh=head["title_zh"],
        title_en=head["title_en"],
        effective_from=starts,
        entries=tuple(entries.values()),
        body=data,
    )


def entry_of(body: Mapping[str, Any], *, layer: str, org: str, effective_from: date) -> Entry:
    """Build one entry from data that was checked when it was stored."""
    return _entry(body, Layer(layer), org, effective_from, "")


def content_hash(body: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the canonical form: what two files of the same content share."""
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def write_rulebook(book: Rulebook) -> str:
    """Return the YAML of a rulebook; reading it gives the same content hash."""
    return plain_yaml.write(book.body)


def check_entry(entry: Entry, file: str) -> None:
    """Hold an entry against the rules that no schema says.

    Raises RuleNotVerified (active law that was not read in the text), RuleNeedsNumber (an active entry with an
    empty number) and RuleNotDeclared (a number that does not say which way is stricter).
    """
    if entry.is_active and entry.source.is_statutory and entry.source.grade != VERIFIED:
        raise RuleNotVerified(entry=entry.id, grade=entry.source.grade, file=file)
    for name, value in _numbers(entry.body["measure"]):
        if value is None and entry.is_active and name != "cap_fen":
            raise RuleNeedsNumber(entry=entry.id, path=f"measure.{name}", file=file)
        if name not in entry.stricter:
            raise RuleNotDeclared(entry=entry.id, path=f"measure.{name}", file=file)


def _fit(data: Any, file: str, schema: Mapping[str, Any]) -> None:
    validator = jsonschema.Draft202012Validator(schema)
    found = sorted(validator.iter_errors(data), key=lambda error: [str(part) for part in error.absolute_path])
    if not found:
        return
    worst = jsonschema.exceptions.best_match([found[0]])
    path = list(worst.absolute_path)
    entry = ""
    if len(path) > 1 and path[0] == "entries" and isinstance(path[1], int):
        body = data["entries"][path[1]]
        entry = str(body.get("id", f"#{path[1] + 1}")) if isinstance(body, dict) else f"#{path[1] + 1}"
    raise RulebookInvalid(
        file=file,
        entry=entry,
        path=".".join(str(part) for part in path),
        problem=str(worst.message)[:300],
        further=len(found) - 1,
    )


def _numbers(measure: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    if measure["kind"] == "values":
        yield from ((name, value) for name, value in measure["values"].items() if isinstance(value, int))
    else:
        yield from ((name, measure[name]) for name in NUMBERS if name in measure)


def _day(text: str, file: str, entry: str, path: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise RulebookInvalid(file=file, entry=entry, path=path, problem="no such day", further=0) from None


def _entry(body: Mapping[str, Any], layer: Layer, org: str, starts: date, file: str) -> Entry:
    measure, source, applies = body["measure"], body["source"], body["applies_to"]
    own = body.get("effective_from")
    return Entry(
        id=body["id"],
        topic=body["topic"],
        title_zh=body["title_zh"],
        title_en=body["title_en"],
        status=Status(body["status"]),
        layer=layer,
        org=org,
        services=frozenset(applies["services"]),
        order_types=frozenset(applies.get("order_types", ())),
        areas=frozenset(body.get("area_class", ())),
        customers=frozenset(body.get("customer_class", ())),
        start=body.get("start", ""),
        stop=body.get("stop", ""),
        reported=_reported(body.get("reported")),
        pauses=frozenset(body.get("pauses", ())),
        measure=_measure(measure),
        stricter=_stricter(measure),
        compensation=tuple(_compensation(item) for item in body.get("compensation", ())),
        effective_from=max(starts, _day(own, file, body["id"], "effective_from")) if own else starts,
        source=Source(
            document=source["document"],
            article=source["article"],
            kind=SourceKind(source["kind"]),
            grade=source["grade"],
            verified_by=source.get("verified_by"),
            verified_on=source.get("verified_on"),
            text_hash=source.get("text_hash"),
        ),
        note=body.get("note", ""),
        body=body,
    )


def _reported(data: Mapping[str, str] | None) -> tuple[int, int] | None:
    if data is None:
        return None
    return quantity.minute(data.get("from", "00:00")), quantity.minute(data.get("before", "24:00"))


def _measure(data: Mapping[str, Any]) -> Measure:
    return _READERS[data["kind"]](data)


def _elapsed(data: Mapping[str, Any]) -> Measure:
    published = data["limit"] == "published"
    hours = data.get("window")
    return Elapsed(
        limit=None if published else _limit(data["limit"]),
        window=BusinessWindow(
            quantity.minute(hours["opens"]), quantity.minute(hours["closes"]), hours.get("working_days_only", False)
        )
        if hours
        else None,
        published=published,
        or_chosen=data.get("or_chosen", False),
    )


def _limit(text: str | None) -> quantity.Limit | None:
    return None if text is None else quantity.limit(text)


_READERS: dict[str, Callable[[Mapping[str, Any]], Measure]] = {
    "elapsed": _elapsed,
    "by_time_of_day": lambda m: ByTimeOfDay(None if m["cutoff"] is None else quantity.minute(m["cutoff"])),
    "slot": lambda m: Slot(_limit(m["width"]), _limit(m["tolerance"])),
    "notice_before": lambda m: NoticeBefore(_limit(m["limit"])),
    "share": lambda m: Share(None if m["target"] is None else quantity.rate(m["target"]), _limit(m["within"])),
    "amount": lambda m: Amount(None if m["rate"] is None else quantity.rate(m["rate"]), m["base"], m.get("cap_fen")),
    "price": lambda m: Price(m["amount_fen"]),
    "values": lambda m: Values({k: v if isinstance(v, int) else tuple(v) for k, v in m["values"].items()}),
    "duty": lambda m: Duty(),
}


def _stricter(measure: Mapping[str, Any]) -> dict[str, Stricter]:
    data = measure.get("stricter")
    if data is None:
        return {}
    if isinstance(data, str):
        names = [name for name, _ in _numbers(measure)]
        return {name: Stricter(Way(data)) for name in names} if len(names) == 1 else {}
    return {name: _way(way) for name, way in data.items()}


def _way(data: str | Mapping[str, list[int]]) -> Stricter:
    if isinstance(data, str):
        return Stricter(Way(data))
    return Stricter(Way.FREE, data["free"][0], data["free"][1])


def _compensation(data: Mapping[str, Any]) -> Compensation:
    rate = data.get("rate")
    return Compensation(
        pay=Pay(data["pay"]),
        rate=None if rate is None else quantity.rate(rate),
        base=data.get("base", ""),
        amount_fen=data.get("amount_fen"),
        cap_fen=data.get("cap_fen"),
        month_days=data.get("month_days"),
        with_law=data.get("with_law", "add"),
        voucher=data.get("voucher", False),
    )
