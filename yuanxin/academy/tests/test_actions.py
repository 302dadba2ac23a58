from datetime import date
from uuid import UUID

import pytest
from django.db import transaction

from yuanxin.academy import api as academy
from yuanxin.academy.actions import warn_of_expiry
from yuanxin.academy.tests import make as academy_make
from yuanxin.kernel import acting
from yuanxin.kernel.errors import NotFound
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.models import FactRecord
from yuanxin.kernel.tenancy import scope
from yuanxin.kernel.tests import make
from yuanxin.org.tests import make as org_make

LAST_DAY = date(2026, 12, 31)


def told() -> list[tuple[str, str]]:
    rows = FactRecord.objects.filter(name="CertificateExpiring").order_by("at")
    return [(row.body["certificate_code"], row.body["expires_on"]) for row in rows]


def sweep(wall: str) -> int:
    with transaction.atomic(), scope("*"), acting.acting_as(acting.system("ticker", scope="*")):
        return warn_of_expiry(at=make.at(wall))


def test_work_without_needs_is_open_to_all(foshan: str) -> None:
    assert academy.may_do(org_make.technician(), "repair", make.at("2026-11-24 09:00"))


def test_an_install_needs_its_certificate_until_its_last_day(foshan: str) -> None:
    technician = org_make.technician()
    academy_make.need("install", "climbing")
    assert not academy.may_do(technician, "install", make.at("2026-06-01 09:00"))
    academy_make.certificate(technician, expires_on=LAST_DAY)
    assert academy.may_do(technician, "install", make.at("2026-12-31 23:59"))
    assert not academy.may_do(technician, "install", make.at("2027-01-01 00:00"))


def test_what_is_missing_is_named_for_a_whole_crew(foshan: str) -> None:
    ready, green = org_make.technician(), org_make.technician()
    academy_make.need("install", "climbing")
    academy_make.certificate(ready)
    missing = academy.missing_for_many([ready, green], ["install", "repair"], make.at("2026-06-01 09:00"))
    assert missing == {ready: (), green: ("climbing",)}


def test_a_certificate_may_be_asked_for_by_its_own_code(foshan: str) -> None:
    technician = org_make.technician()
    academy_make.certificate_kind("low-voltage")
    assert not academy.may_do(technician, "low-voltage", make.at("2026-06-01 09:00"))


def test_a_revoked_certificate_blocks_from_that_day_on(foshan: str) -> None:
    technician = org_make.technician()
    academy_make.need("install", "climbing")
    held = academy_make.certificate(technician)
    academy.revoke_certificate(certificate_id=held, on=date(2026, 6, 1))
    assert academy.may_do(technician, "install", make.at("2026-05-31 12:00"))
    assert not academy.may_do(technician, "install", make.at("2026-06-01 12:00"))


def test_a_certificate_of_an_unlisted_kind_is_refused_at_its_field(foshan: str) -> None:
    with pytest.raises(academy.CertificateCodeUnknown) as refused:
        academy.record_certificate(staff_id=org_make.technician(), code="magic", valid_from=date(2026, 1, 1))
    assert refused.value.field == "code"


def test_a_certificate_that_ends_before_it_begins_is_refused(foshan: str) -> None:
    with pytest.raises(academy.SpanReversed):
        academy_make.certificate(org_make.technician(), valid_from=LAST_DAY, expires_on=date(2026, 1, 1))


def test_a_certificate_of_nobody_is_refused(foshan: str) -> None:
    with pytest.raises(NotFound):
        academy_make.certificate(new_id())


def test_the_same_certificate_twice_is_refused(foshan: str) -> None:
    technician = org_make.technician()
    academy_make.certificate(technician)
    with pytest.raises(academy.AlreadyRecorded):
        academy_make.certificate(technician)


def test_an_unknown_certificate_cannot_be_revoked(foshan: str) -> None:
    with pytest.raises(academy.CertificateUnknown):
        academy.revoke_certificate(certificate_id=new_id(), on=LAST_DAY)


def test_a_city_does_not_change_what_headquarters_keeps(foshan: str) -> None:
    with pytest.raises(academy.HeadquartersOnly):
        academy.save_certificate_kind(certificate_code="climbing", name_zh="登高证", name_en="Climbing")


def skill(technician: UUID, level: int, valid_from: date, expires_on: date | None = None) -> UUID:
    return academy.record_skill(
        staff_id=technician,
        code="fibre",
        level=level,
        valid_from=valid_from,
        expires_on=expires_on,
        at=make.at("2026-01-01 09:00"),
    )


def test_the_newest_level_of_a_skill_counts_and_an_ended_one_does_not(foshan: str, rulebooks: None) -> None:
    technician = org_make.technician()
    skill(technician, 2, date(2026, 1, 1))
    skill(technician, 3, date(2026, 6, 1), expires_on=date(2026, 6, 30))
    assert academy.skills_of(technician, make.at("2026-05-31 10:00")) == {"fibre": 2}
    assert academy.skills_of(technician, make.at("2026-06-15 10:00")) == {"fibre": 3}
    assert academy.skills_of(technician, make.at("2026-07-01 10:00")) == {}


def test_a_level_beyond_the_scale_is_refused(foshan: str, rulebooks: None) -> None:
    with pytest.raises(academy.LevelUnknown):
        skill(org_make.technician(), 6, date(2026, 1, 1))


def test_skills_of_a_crew_are_read_together(foshan: str, rulebooks: None) -> None:
    crew = [org_make.technician() for _ in range(3)]
    skill(crew[0], 4, date(2026, 1, 1))
    found = academy.skills_of_many(crew, make.at("2026-05-31 10:00"))
    assert found == {crew[0]: {"fibre": 4}, crew[1]: {}, crew[2]: {}}


def test_who_has_all_skills_is_asked_by_the_newest_entry(foshan: str, rulebooks: None) -> None:
    good, expired, low = (org_make.technician() for _ in range(3))
    skill(good, 4, date(2026, 1, 1))
    skill(expired, 4, date(2026, 1, 1))
    academy.record_skill(
        staff_id=expired, code="fibre", level=4, valid_from=date(2026, 2, 1), expires_on=date(2026, 3, 1),
        at=make.at("2026-02-01 09:00"),
    )  # fmt: skip
    skill(low, 2, date(2026, 1, 1))
    may = make.at("2026-05-31 10:00")
    assert academy.staff_with({"fibre": 3}, may) == {good}
    assert academy.staff_with({"fibre": 1}, may) == {good, low}
    assert academy.staff_with({"fibre": 1, "climbing": 1}, may) == set()


def test_each_threshold_warns_once(foshan: str, rulebooks: None) -> None:
    academy_make.certificate(org_make.technician(), expires_on=LAST_DAY)
    assert sweep("2026-11-01 08:00") == 1
    assert sweep("2026-11-02 08:00") == 0
    assert sweep("2026-12-01 08:00") == 1
    assert sweep("2026-12-24 08:00") == 1
    assert sweep("2026-12-30 08:00") == 0
    assert told() == [("climbing", "2026-12-31")] * 3


def test_a_certificate_recorded_shortly_before_its_end_is_warned_of_once(foshan: str, rulebooks: None) -> None:
    academy_make.certificate(org_make.technician(), expires_on=LAST_DAY)
    assert sweep("2026-12-28 08:00") == 1
    assert sweep("2026-12-29 08:00") == 0
    assert len(told()) == 1


def test_an_ended_or_revoked_certificate_is_not_warned_of(foshan: str, rulebooks: None) -> None:
    academy_make.certificate(org_make.technician(), expires_on=date(2026, 6, 1))
    revoked = academy_make.certificate(org_make.technician(), expires_on=LAST_DAY)
    academy.revoke_certificate(certificate_id=revoked, on=date(2026, 12, 1))
    assert sweep("2026-12-28 08:00") == 0


def test_the_list_of_ending_certificates_shows_the_next_first(foshan: str) -> None:
    later = academy_make.certificate(org_make.technician(), expires_on=LAST_DAY)
    sooner = academy_make.certificate(org_make.technician(), expires_on=date(2026, 12, 1))
    academy_make.certificate(org_make.technician(), expires_on=date(2027, 6, 1))
    found = academy.expiring(date(2027, 1, 1), at=make.at("2026-11-24 09:00"))
    assert [view.id for view in found] == [sooner, later]
