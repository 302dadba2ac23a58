"""Question trees: what the loader refuses, how a run is walked, kept and linked."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuanxin.care import api as care
from yuanxin.care.models import Contact, TriageRun
from yuanxin.care.queries.triage import read_text, shipped
from yuanxin.care.rules.errors import TriageRunUnfit, TriageRunUnknown, TriageTooEarly, TriageTreeUnknown
from yuanxin.care.rules.triage import ResultKind, TriageTreeInvalid, read_tree
from yuanxin.care.tests import make
from yuanxin.kernel.acting import acting_as
from yuanxin.kernel.errors import Refused
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tenancy import ALL, scope
from yuanxin.kernel.tests.make import acting, at
from yuanxin.published.codes import Service
from yuanxin.standards.tests import make as make_standards

MONDAY = at("2026-11-23 09:10")
HOUR = timedelta(hours=1)
END = {"code": "done", "zh": "好了", "en": "done"}
TREE = """
service: tv
effective_from: 2026-12-01
source: 试验
start: one
questions:
  one:
    zh: 灯亮吗？
    en: Is the light on?
    answers:
      - {zh: 亮, en: "Yes", solved: {code: lit, zh: 亮了, en: lit}}
      - {zh: 不亮, en: "No", fault: {code: dark, fault_code: equipment, zh: 带电源, en: bring power}}
"""


def answer(**body: Any) -> dict[str, Any]:
    return {"zh": "答", "en": "answer", **body}


def question(*answers: dict[str, Any], **body: Any) -> dict[str, Any]:
    return {"zh": "问", "en": "question", "answers": list(answers), **body}


def tree(**questions: Any) -> dict[str, Any]:
    return {"service": "tv", "effective_from": MONDAY.date(), "source": "s", "start": "a", "questions": questions}


STOP = answer(solved=END)


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (tree(a=question(answer(next="b"), STOP), b=question(answer(next="a"), STOP)), "loop"),
        (tree(a=question(answer(next="a"), STOP)), "loop"),
        (tree(a=question(answer(next="nowhere"), STOP)), "dangling"),
        (tree(b=question(STOP, STOP)), "dangling"),
        (tree(a=question(STOP, STOP), b=question(STOP, STOP)), "unreachable"),
        (tree(a=question(STOP, answer())), "no_end"),
        (tree(a=question(STOP, answer(next="a", solved=END))), "no_end"),
        (tree(a=question(STOP, {"zh": "答", "solved": END})), "words"),
        (tree(a=question(STOP, STOP, en=" ")), "words"),
        (tree(a=question(STOP, answer(solved={"code": "x", "zh": "好"}))), "words"),
        (tree(a=question(STOP, STOP, hint={"zh": "说"})), "words"),
        (tree(a=question(STOP, answer(fault={**END, "fault_code": "no_internet"}))), "fault"),
        (tree(a=question(STOP)), "answers"),
        (tree(a=question(*[STOP] * 10)), "answers"),
        (tree(a=question(STOP, answer(solved={"zh": "好", "en": "ok"}))), "shape"),
        ({"service": "radio"}, "shape"),
        ("a text", "shape"),
        (None, "shape"),
    ],
)
def test_a_tree_that_cannot_be_used_is_refused_by_name(document: Any, reason: str) -> None:
    with pytest.raises(TriageTreeInvalid) as refused:
        read_tree(document)
    assert refused.value.params["reason"] == reason


def test_a_text_that_is_no_yaml_is_refused() -> None:
    with pytest.raises(TriageTreeInvalid):
        read_text("service: [tv")


@pytest.mark.parametrize("service", list(Service))
def test_every_way_through_a_shipped_tree_ends(service: Service) -> None:
    ours, ends, waiting = shipped()[service], set(), [""]
    while waiting:
        path = waiting.pop()
        position = care.walk(ours, path)
        if position.result is not None:
            ends.add(position.result.kind)
        elif position.question is not None:
            numbers = range(1, len(position.question.answers) + 1)
            waiting += [f"{path}.{number}".lstrip(".") for number in numbers]
    assert ends == set(ResultKind)


@given(st.text(alphabet="0123456789.x-", max_size=12))
def test_any_path_leads_somewhere_or_is_refused_by_name(path: str) -> None:
    try:
        position = care.walk(shipped()[Service.TV], path)
    except care.TriagePathUnknown:
        return
    assert (position.question is None) != (position.result is None)


@pytest.fixture
def home(foshan: str) -> make.Home:
    """The seed rulebooks bind; somebody calls."""
    make_standards.rulebooks()
    make_standards.calendar()
    return make.home()


def run(home: make.Home, kind: ResultKind, service: Service = Service.TV) -> Any:
    ours = care.triage(service, MONDAY)
    path = make.path_to(ours, kind)
    return care.record_triage(service=service, version=ours.version, path=path, customer_id=home.customer_id, at=MONDAY)


def test_solved_on_the_phone_is_a_contact_without_a_visit_and_counted(home: make.Home) -> None:
    seen = care.triage_run(run(home, ResultKind.SOLVED))
    contact = Contact.objects.get(pk=seen.contact_id)
    assert (contact.outcome, contact.reason_code) == ("no_visit", "solved_on_phone")
    assert care.tickets_of(home.customer_id) == []
    counted = care.triage_results(MONDAY, MONDAY + HOUR)
    assert counted == {("tv", "solved", seen.result.code): 1}


def test_what_is_not_ours_needs_no_ticket(home: make.Home) -> None:
    seen = care.triage_run(run(home, ResultKind.NOT_OURS))
    assert Contact.objects.get(pk=seen.contact_id).reason_code == "not_ours"


def test_a_fault_waits_for_its_ticket_and_is_linked_once(home: make.Home) -> None:
    found = run(home, ResultKind.FAULT)
    assert care.triage_run(found).contact_id is None
    opened = make.ticket(home=home, service=Service.TV, fault_code="tv_fault", triage_id=found, at=MONDAY)
    (seen,) = care.triage_of(opened.id)
    assert (seen.id, seen.ticket_id, seen.result.kind) == (found, opened.id, ResultKind.FAULT)
    with pytest.raises(TriageRunUnfit):
        make.ticket(home=home, service=Service.TV, fault_code="tv_fault", triage_id=found, at=MONDAY + HOUR)


def test_the_run_of_somebody_else_is_refused(home: make.Home) -> None:
    found = run(home, ResultKind.FAULT)
    for wrong, error in ((found, TriageRunUnfit), (new_id(), TriageRunUnknown)):
        with pytest.raises(error):
            make.ticket(home=make.home(), triage_id=wrong, at=MONDAY)


def test_an_open_ticket_may_be_solved_by_questions(home: make.Home) -> None:
    opened = make.ticket(home=home, service=Service.TV, fault_code="tv_fault", at=MONDAY)
    found = run(home, ResultKind.SOLVED)
    care.solve_on_phone(ticket_id=opened.id, triage_id=found, at=MONDAY + HOUR)
    assert care.ticket(opened.id).state == "closed"
    assert [one.id for one in care.triage_of(opened.id)] == [found]


def test_a_way_without_an_end_is_not_kept(home: make.Home) -> None:
    ours = care.triage(Service.TV, MONDAY)
    for version, path, error in (
        (ours.version, "", care.TriagePathUnknown),
        (ours.version, "9", care.TriagePathUnknown),
        ("other", "1", TriageTreeUnknown),
    ):
        with pytest.raises(error):
            care.record_triage(service=Service.TV, version=version, path=path, customer_id=home.customer_id, at=MONDAY)
    assert not TriageRun.objects.exists()


def test_headquarters_keeps_the_questions_and_old_runs_keep_theirs(home: make.Home) -> None:
    before = run(home, ResultKind.SOLVED)
    with scope(ALL), acting_as(acting(ALL)):
        version = care.save_triage_tree(text=TREE, at=MONDAY)
        assert care.save_triage_tree(text=TREE, at=MONDAY) == version
        with pytest.raises(TriageTooEarly):
            care.save_triage_tree(text=TREE.replace("2026-12-01", "2026-11-01"), at=MONDAY)
    assert care.triage(Service.TV, MONDAY).version != version
    assert care.triage(Service.TV, at("2026-12-01 08:00")).version == version
    assert care.triage_text(Service.TV, at("2026-12-01 08:00")) == TREE
    assert care.triage_run(before).result.kind is ResultKind.SOLVED
    with pytest.raises(Refused):
        care.save_triage_tree(text=TREE, at=MONDAY)
