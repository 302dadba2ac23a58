"""Phone triage (预判/远程诊断): a tree of questions as data, checked before use, walked one answer at a time.

An answer leads to the next question or to an end: solved on the phone (电话解决), a fault with hints for the technician
(派单), or not ours (非我网: 户户通 is the satellite service's, IPTV is telecom's).
A tree is refused when it loops, points nowhere, holds a question that nobody reaches, or lacks words in one language.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256
from json import dumps
from typing import Any

from yuanxin.care.rules.faults import UnknownFault, fault_of
from yuanxin.kernel.errors import DomainError
from yuanxin.published.codes import Service

MOST_ANSWERS = 9  # one for each of the keys 1 to 9


class ResultKind(StrEnum):
    """诊断结果: solved 电话解决, fault 需上门, not_ours 非我网."""

    SOLVED = "solved"
    FAULT = "fault"
    NOT_OURS = "not_ours"


class TriageTreeInvalid(DomainError):
    """A question tree cannot be used. Params: place, reason (shape, words, no_end, loop, dangling, unreachable...)."""

    code = "care.triage_tree_invalid"


class TriagePathUnknown(DomainError):
    """These answers do not lead through this tree. Params: path."""

    code = "care.triage_path_unknown"


@dataclass(frozen=True)
class Words:
    """The same sentence in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class Result:
    """Where a way through the tree ends. code: short, counted; words: what was done, or the hint for the technician.

    fault_code: of the ticket to open. skill, parts: what the technician should bring; empty when nothing special.
    """

    kind: ResultKind
    code: str
    words: Words
    fault_code: str = ""
    skill: str = ""
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """One answer: either the code of the next question, or a result."""

    words: Words
    next: str = ""
    result: Result | None = None


@dataclass(frozen=True)
class Question:
    """One question. hint: what the agent may say or let the customer do; empty words when there is none."""

    code: str
    words: Words
    hint: Words
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Tree:
    """The questions of one service. version: hash of its content, kept with every run."""

    service: Service
    effective_from: date
    source: str
    start: str
    questions: Mapping[str, Question]
    version: str


@dataclass(frozen=True)
class Step:
    """A question that was asked and the number of its answer, from 1."""

    question: Question
    number: int

    @property
    def answer(self) -> Answer:
        """The answer that was given."""
        return self.question.answers[self.number - 1]


@dataclass(frozen=True)
class Position:
    """Where some answers lead: to the next question, or to a result."""

    steps: tuple[Step, ...]
    question: Question | None
    result: Result | None


def read_tree(document: Any) -> Tree:
    """Return the checked tree of a YAML document. Raises TriageTreeInvalid."""
    try:
        service = Service(document["service"])
        effective_from = document["effective_from"]
        source, start = str(document["source"]), str(document["start"])
        questions = {str(code): _question(str(code), body, service) for code, body in document["questions"].items()}
    except (KeyError, TypeError, ValueError, AttributeError) as missing:
        raise TriageTreeInvalid(field="text", place=str(missing)[:60], reason="shape") from None
    if not isinstance(effective_from, date):
        raise TriageTreeInvalid(field="text", place="effective_from", reason="shape")
    _require_sound(start, questions)
    body = dumps(document, ensure_ascii=False, sort_keys=True, default=str)
    return Tree(service, effective_from, source, start, questions, sha256(body.encode()).hexdigest()[:16])


def walk(tree: Tree, path: str) -> Position:
    """Return where the answers ``1.3.2`` lead. Raises TriagePathUnknown."""
    steps: list[Step] = []
    question: Question | None = tree.questions[tree.start]
    result: Result | None = None
    for number in path.split(".") if path else ():
        is_answer = number.isascii() and number.isdigit() and question is not None
        if not is_answer or question is None or not 1 <= int(number) <= len(question.answers):
            raise TriagePathUnknown(path=path[:40])
        steps.append(Step(question, int(number)))
        answer = question.answers[int(number) - 1]
        result, question = answer.result, tree.questions.get(answer.next)
    return Position(tuple(steps), question, result)


def _question(code: str, body: Mapping[str, Any], service: Service) -> Question:
    answers = tuple(_answer(f"{code}.{number}", one, service) for number, one in enumerate(body["answers"], 1))
    if not 2 <= len(answers) <= MOST_ANSWERS:
        raise TriageTreeInvalid(field="text", place=code, reason="answers")
    hint = body.get("hint")
    return Question(code, _words(body, code), _words(hint, f"{code}.hint") if hint else Words("", ""), answers)


def _answer(place: str, body: Mapping[str, Any], service: Service) -> Answer:
    kinds = [kind for kind in ResultKind if kind.value in body]
    if len(kinds) + ("next" in body) != 1:
        raise TriageTreeInvalid(field="text", place=place, reason="no_end")
    if not kinds:
        return Answer(_words(body, place), next=str(body["next"]))
    kind, end = kinds[0], body[kinds[0].value]
    result = Result(
        kind=kind,
        code=str(end["code"]),
        words=_words(end, f"{place}.{kind}"),
        fault_code=_fault(end, place, service) if kind is ResultKind.FAULT else "",
        skill=str(end.get("skill", "")),
        parts=tuple(str(part) for part in end.get("parts", ())),
    )
    return Answer(_words(body, place), result=result)


def _fault(end: Mapping[str, Any], place: str, service: Service) -> str:
    try:
        return fault_of(str(end.get("fault_code", "")), service).value
    except UnknownFault:
        raise TriageTreeInvalid(field="text", place=place, reason="fault") from None


def _words(body: Mapping[str, Any], place: str) -> Words:
    zh, en = str(body.get("zh") or "").strip(), str(body.get("en") or "").strip()
    if not zh or not en:
        raise TriageTreeInvalid(field="text", place=place, reason="words")
    return Words(zh, en)


def _require_sound(start: str, questions: Mapping[str, Question]) -> None:
    """Every answer leads on, no way comes back to a question, and every question is reached from the start."""
    if start not in questions:
        raise TriageTreeInvalid(field="text", place=start, reason="dangling")
    for question in questions.values():
        for number, answer in enumerate(question.answers, 1):
            if answer.next and answer.next not in questions:
                raise TriageTreeInvalid(field="text", place=f"{question.code}.{number}", reason="dangling")
    reached: set[str] = set()
    _visit(start, (), questions, reached)
    for code in questions:
        if code not in reached:
            raise TriageTreeInvalid(field="text", place=code, reason="unreachable")


def _visit(code: str, above: tuple[str, ...], questions: Mapping[str, Question], reached: set[str]) -> None:
    if code in above:
        raise TriageTreeInvalid(field="text", place=code, reason="loop")
    if code in reached:
        return
    for answer in questions[code].answers:
        if answer.next:
            _visit(answer.next, (*above, code), questions, reached)
    reached.add(code)
