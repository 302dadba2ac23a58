"""Rulebook versions: seeded once, drafted by one, published by another, never overwritten, kept by old orders."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from yuanxin.kernel import acting
from yuanxin.kernel.errors import Refused
from yuanxin.kernel.models import FactRecord
from yuanxin.kernel.tenancy import ALL, scope
from yuanxin.kernel.tests.make import acting as somebody
from yuanxin.kernel.tests.make import at
from yuanxin.published.codes import AreaClass, Service
from yuanxin.standards import api as standards
from yuanxin.standards.models import Publication, RulebookVersion
from yuanxin.standards.rules import plain_yaml
from yuanxin.standards.rules.reading import content_hash
from yuanxin.standards.tests import books, make

pytestmark = pytest.mark.usefixtures("foshan")
MAKER, CHECKER = "staff:maker", "staff:checker"
NOW = at("2026-03-01 09:00")


@pytest.fixture(autouse=True)
def seeded(foshan: str) -> None:
    make.calendar(2024, 2025, 2026)
    make.rulebooks()


def draft(text: str, file: str = "cities/gd-foshan/promises", who: str = MAKER) -> Any:
    with acting.acting_as(somebody("4406", who=who)):
        return standards.draft_version(text=text, file=file, at=NOW)


def publish(version_id: Any, who: str = CHECKER) -> standards.Published:
    with acting.acting_as(somebody("4406", who=who)):
        return standards.publish_version(version_id=version_id, at=NOW)


def foshan_promises(limit: str = "18h", day: str = "2026-03-05") -> str:
    """The city's rulebook with another limit after four o'clock."""
    body = next(book.body for book in books.seeds() if book.name == "cities/gd-foshan/promises")
    data = plain_yaml.read(plain_yaml.write(body), file="x")
    data["rulebook"]["effective_from"] = day
    data["entries"][0]["measure"]["limit"] = limit
    return plain_yaml.write(data)


def due(started: str, accepted: str | None = None) -> str:
    found = standards.start_clocks(
        topic="fault.repair",
        subject=f"ticket:{started}{accepted}",
        service=Service.TV,
        area_class=AreaClass.URBAN,
        at=at(started),
        accepted_at=at(accepted) if accepted else None,
    )
    assert found.assessment is not None
    return f"{(found.assessment.due_at - found.assessment.started_at).total_seconds() / 3600:g}h"


def test_loading_again_changes_nothing() -> None:
    with acting.acting_as(acting.system("seed", scope=ALL)), scope(ALL):
        result = standards.load_rulebooks(at=NOW)
    assert result.published == result.differing == ()
    assert len(result.unchanged) == len(books.seeds()) == Publication.everything.count()


def test_loading_never_overwrites_what_people_published() -> None:
    publish(draft(foshan_promises()))
    with acting.acting_as(acting.system("seed", scope=ALL)), scope(ALL):
        result = standards.load_rulebooks(at=NOW)
    assert result.published == ()
    assert standards.versions(at=at("2026-03-06 09:00"))
    assert RulebookVersion.everything.filter(name="cities/gd-foshan/promises").count() == 2


def test_the_commands_load_check_and_export(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_rulebooks")
    assert "law/telecom-regulations: unchanged" in capsys.readouterr().out
    call_command("load_rulebooks", "--check")
    assert "pairs proved stricter" in capsys.readouterr().out
    call_command("export_rulebook", "law/telecom-regulations")
    written = plain_yaml.read(capsys.readouterr().out, file="x")
    law = next(book for book in books.seeds() if book.name == "law/telecom-regulations")
    assert content_hash(written) == content_hash(law.body)


def test_a_bad_file_is_named_in_words_and_nothing_is_loaded(settings: Any, tmp_path: Path) -> None:
    for path in books.ROOT.rglob("*.*"):
        copy = tmp_path / path.relative_to(books.ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    settings.YUANXIN_RULEBOOKS = tmp_path
    city = tmp_path / "cities" / "gd-foshan" / "promises.yaml"
    city.write_text(city.read_text(encoding="utf-8").replace("limit: 20h", "limit: 60h"), encoding="utf-8")
    with pytest.raises(
        CommandError, match=r"rule_looser: A lower layer asks less .* entry=FS-04.urban, above=T-32.urban"
    ):
        call_command("load_rulebooks", "--check")
    city.write_text("rulebook: [", encoding="utf-8")
    with pytest.raises(
        CommandError, match=r"rulebook_unreadable: .* file=rulebooks/cities/gd-foshan/promises.yaml, line="
    ):
        call_command("load_rulebooks")


def test_every_version_leaves_the_database_as_it_came() -> None:
    for version in standards.versions(at=NOW):
        again = plain_yaml.read(standards.export(version.id), file="x")
        seed = next(book for book in books.seeds() if book.name == version.name)
        assert content_hash(again) == content_hash(seed.body)
        assert [entry.words.rule_id for entry in standards.entries_of(version.id)] == [e.id for e in seed.entries]


def test_a_stricter_version_binds_from_its_day_and_old_orders_keep_theirs() -> None:
    assert due("2026-03-06 17:00") == "20h"
    published = publish(draft(foshan_promises("18h", "2026-03-05")))
    assert due("2026-03-04 17:00") == "20h"
    assert due("2026-03-06 18:00") == "18h"
    assert due("2026-03-06 19:00", accepted="2026-03-04 10:00") == "20h"
    assert published.looser_below == ()
    fact = FactRecord.objects.get(name="RulebookPublished", body__version_id=str(published.version_id))
    assert fact.body["layer"] == "L3"


def test_a_draft_binds_nobody() -> None:
    draft(foshan_promises())
    assert due("2026-03-06 17:00") == "20h"


def test_a_city_that_tries_60_hours_is_refused_and_nothing_is_stored() -> None:
    before = RulebookVersion.everything.count()
    with pytest.raises(standards.RuleLooser) as caught:
        draft(foshan_promises("60h"))
    assert caught.value.params["document"] in {"电信条例", "圆心强制性服务标准 (建议稿)"}
    assert RulebookVersion.everything.count() == before


def test_who_drafted_may_not_publish() -> None:
    version_id = draft(foshan_promises())
    with pytest.raises(standards.MakerIsChecker):
        publish(version_id, who=MAKER)
    publish(version_id)
    with pytest.raises(standards.AlreadyPublished):
        publish(version_id, who="staff:third")


def test_no_version_binds_in_the_past() -> None:
    version_id = draft(foshan_promises(day="2026-02-20"))
    with pytest.raises(standards.EffectiveInPast):
        publish(version_id)


def test_a_version_of_the_nation_says_whom_it_overtook() -> None:
    nation = next(book.body for book in books.seeds() if book.name == "national/promises")
    data = plain_yaml.read(plain_yaml.write(nation), file="x")
    data["rulebook"]["effective_from"] = "2026-03-05"
    late = next(entry for entry in data["entries"] if entry["id"] == "P-04.urban")
    late["measure"]["limit"] = "10h"
    with scope(ALL):
        with acting.acting_as(somebody(ALL, who=MAKER)):
            version_id = standards.draft_version(text=plain_yaml.write(data), file="national/promises", at=NOW)
        with acting.acting_as(somebody(ALL, who=CHECKER)):
            published = standards.publish_version(version_id=version_id, at=NOW)
    assert published.looser_below == ("FS-04.urban",)
    assert due("2026-03-06 17:00") == "10h"


def test_a_city_cannot_write_the_law_of_the_nation() -> None:
    nation = next(book.body for book in books.seeds() if book.name == "national/promises")
    data = plain_yaml.read(plain_yaml.write(nation), file="x")
    data["rulebook"]["note"] = "changed"
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        draft(plain_yaml.write(data), file="national/promises")


def test_publishing_needs_the_permission() -> None:
    version_id = draft(foshan_promises())
    with acting.acting_as(somebody("4406", "care.open_ticket", who=CHECKER)), pytest.raises(Refused):
        standards.publish_version(version_id=version_id, at=NOW)


def test_a_city_reads_the_rulebooks_of_its_province_and_not_of_another() -> None:
    names = {view.words.rule_id for view in standards.entries_in_force(at=NOW)}
    assert {"T-32.urban", "P-01", "GD-04.rural", "FS-04.urban"} <= names
    assert "T-H38" not in names


def test_the_gaps_and_the_assumptions_are_listed() -> None:
    gaps = {view.words.rule_id for view in standards.drafts(at=NOW)}
    assert {"C67-x1", "C67-x2", "C67-x3", "T36-f.fault"} <= gaps
    assumed = {view.words.rule_id for view in standards.assumptions(at=NOW)}
    assert {"O-GEOFENCE.urban", "I-PIECE"} <= assumed
    assert "P-03.urban" not in assumed


def test_parameters_are_asked_by_topic_and_field() -> None:
    assert standards.parameter("visit.geofence", "radius_m", area_class=AreaClass.RURAL, at=NOW) == 500
    assert standards.parameter("pay.piece", "install_fen", at=NOW) == 1600
    assert standards.codes("hold.reasons", "reasons", at=NOW)[0] == "customer"
    found = standards.parameter_with_source("pay.piece", "repair_fen", at=NOW)
    assert (found.value, found.rule_id) == (1200, "I-PIECE")
    with pytest.raises(standards.ParameterUnknown):
        standards.parameter("pay.piece", "dance_fen", at=NOW)


def test_the_words_of_a_rule_are_found_by_its_id() -> None:
    words = standards.rule_words("T-32.urban")
    assert (words.document, words.article, words.title_zh) == ("电信条例", "32", "城镇电信故障自申告起四十八小时内修复")
    with pytest.raises(standards.RuleUnknown):
        standards.rule_words("T-99")


def test_the_newest_effective_day_is_known() -> None:
    assert standards.newest_effective_from().isoformat() == "2026-01-01"
    publish(draft(foshan_promises(day="2026-03-05")))
    assert standards.newest_effective_from().isoformat() == "2026-03-05"


def test_the_shell_shows_what_the_desk_would_show(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("show_promise", "fault.repair", "--service", "tv", "--at", "2026-03-10T09:10")
    law, company = capsys.readouterr().out.splitlines()
    assert "尚无已核实的法定时限" in law
    assert company.startswith("assessment 2026-03-11 00:00 P-03.urban")
    with pytest.raises(CommandError, match="rule_unknown"):
        call_command("show_promise", "fault.imagined")
    with pytest.raises(CommandError, match="not an instant"):
        call_command("show_promise", "fault.repair", "--at", "tomorrow")


def test_all_numbers_of_several_topics_come_at_once() -> None:
    found = standards.parameters(["pay.piece", "ticket.duplicate", "no.such"], at=NOW)
    assert found.values["pay.piece", "repair_fen"] == standards.parameter("pay.piece", "repair_fen", at=NOW)
    assert ("ticket.duplicate", "repeat_fault_days") in found.values
    assert not any(topic == "no.such" for topic, _ in found.values)
    assert len(found.version_ids) == 2
