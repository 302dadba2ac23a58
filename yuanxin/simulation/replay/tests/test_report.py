"""Figures, labels, the identity, events in order, invented evidence."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

from PIL import Image

from yuanxin.simulation.replay.pictures import photo, signature
from yuanxin.simulation.replay.report import Fate, Figure, Identity, Label, Report, Section
from yuanxin.simulation.replay.timeline import Timeline

NOON = datetime(2026, 1, 5, 4, tzinfo=UTC)


def report(**changes: object) -> Report:
    fields: dict[str, object] = {
        "original_day": "2015-06-24",
        "day": "2026-01-04",
        "technicians": 3,
        "seed": 7,
        "sections": (Section("files", (Figure("received", 5, Label.DATA),)),),
        "bad_rows": (("contacts", 9, "missing_time", ""),),
        "identity": Identity(5, 5, 5),
        "findings": (),
        "invariants": 12,
    }
    return Report(**(fields | changes))  # type: ignore[arg-type]


def test_every_contact_has_exactly_one_fate() -> None:
    fate = Fate(2, 1, 1, {"nobody_home": 1}, {"complaint": 3, "informed": 2})
    assert fate.total == 10


def test_the_identity_needs_the_file_the_fates_and_the_tables_to_agree() -> None:
    assert Identity(5, 5, 5).holds
    assert not Identity(5, 4, 5).holds
    assert not Identity(5, 5, 4).holds


def test_a_report_is_clean_only_without_findings_and_says_every_label_and_bad_row() -> None:
    clean = report()
    assert clean.is_clean
    assert not report(findings=("care.x: T1",)).is_clean
    text = "\n".join(clean.lines())
    assert "data" in text
    assert "contacts line 9: missing_time" in text
    plain = clean.as_json()
    assert plain["figures"] == [{"section": "files", "name": "received", "value": 5, "label": "data"}]
    assert plain["identity"]["holds"] is True


def test_events_happen_in_order_of_time_also_those_entered_meanwhile_and_none_after_the_end() -> None:
    seen: list[str] = []
    line = Timeline(NOON + timedelta(hours=2))
    line.at(NOON + timedelta(hours=1), lambda at: seen.append("second"))

    def first(at: datetime) -> None:
        seen.append("first")
        line.at(at, lambda at: seen.append("at once"))

    line.at(NOON, first)
    line.at(NOON + timedelta(hours=2), lambda at: seen.append("never"))
    for at, event in line.take():
        event(at)
    assert seen == ["first", "at once", "second"]


def test_invented_evidence_is_a_real_picture() -> None:
    assert Image.open(BytesIO(photo())).format == "JPEG"
    assert Image.open(BytesIO(signature())).format == "PNG"
