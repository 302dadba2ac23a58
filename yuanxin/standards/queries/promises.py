"""What is promised before anything is saved, and the numbers that other contexts ask for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Max

from yuanxin.published.codes import AreaClass, ClockKind, CustomerClass, Service
from yuanxin.standards.models import Publication, RuleEntry
from yuanxin.standards.queries.in_force import in_force, stored_entry
from yuanxin.standards.rules.entries import Entry
from yuanxin.standards.rules.errors import ParameterUnknown, RuleUnknown
from yuanxin.standards.rules.resolution import Case, values_of

NONE_ZH = "尚无已核实的法定时限"
NONE_EN = "No verified statutory limit yet"


@dataclass(frozen=True)
class PromiseLine:
    """One line of a promise 承诺行. due_at None: no verified rule; then the source is the draft's, if there is one."""

    rule_id: str
    title_zh: str
    title_en: str
    clock: str
    due_at: datetime | None
    document: str
    article: str
    kind: str
    grade: str
    layer: str


@dataclass(frozen=True)
class Promise:
    """What is shown to the caller before saving 承诺: the statutory line first, then the company's."""

    lines: tuple[PromiseLine, ...]

    def due_at(self, clock: ClockKind) -> datetime | None:
        """Return the due instant of one clock."""
        return next((line.due_at for line in self.lines if line.clock == clock), None)


def promise(
    *,
    topic: str,
    service: Service,
    area_class: AreaClass,
    customer_class: CustomerClass = CustomerClass.RESIDENT,
    at: datetime,
    window_to: datetime | None = None,
    chosen_at: datetime | None = None,
) -> Promise:
    """Return what would bind a case that starts now. One query when the rules are remembered.

    Raises RuleUnknown when no rulebook speaks of the topic.
    """
    rules = in_force(at)
    if not rules.ruleset.speaking_of(topic):
        raise RuleUnknown(topic=topic)
    case = Case(topic, service, area_class, customer_class, at, window_to=window_to, chosen=chosen_at)
    calendar = rules.calendar_for(topic)
    lines = []
    for clock in ClockKind:
        bound = rules.ruleset.binding(clock, case, calendar)
        if bound is not None:
            lines.append(_line(clock, bound.entry, bound.due_at))
        elif clock is ClockKind.STATUTORY:
            draft = next(iter(rules.ruleset.drafts(case)), None)
            lines.append(_missing(draft))
    return Promise(tuple(lines))


def _line(clock: ClockKind, entry: Entry, due_at: datetime) -> PromiseLine:
    return PromiseLine(
        rule_id=entry.id,
        title_zh=entry.title_zh,
        title_en=entry.title_en,
        clock=clock,
        due_at=due_at,
        document=entry.source.document,
        article=entry.source.article,
        kind=entry.source.kind,
        grade=entry.source.grade,
        layer=entry.layer,
    )


def _missing(draft: Entry | None) -> PromiseLine:
    return PromiseLine(
        rule_id=draft.id if draft else "",
        title_zh=NONE_ZH,
        title_en=NONE_EN,
        clock=ClockKind.STATUTORY,
        due_at=None,
        document=draft.source.document if draft else "",
        article=draft.source.article if draft else "",
        kind=draft.source.kind if draft else "",
        grade=draft.source.grade if draft else "",
        layer=draft.layer if draft else "",
    )


def parameter(
    topic: str, field: str, *, area_class: AreaClass | None = None, service: Service | None = None, at: datetime
) -> int:
    """Return a number that is no clock (threshold, minutes, fen, percent) as the lowest layer in force says.

    Raises RuleUnknown, ParameterUnknown.
    """
    value = in_force(at).ruleset.parameter(topic, field, at=at, area=area_class, service=service)
    if not isinstance(value, int):
        raise RuleUnknown(topic=topic)
    return value


def codes(topic: str, field: str, *, at: datetime) -> tuple[str, ...]:
    """Return a list of codes of a parameter entry. Raises RuleUnknown, ParameterUnknown."""
    value = in_force(at).ruleset.parameter(topic, field, at=at)
    if isinstance(value, int):
        raise RuleUnknown(topic=topic)
    return value


@dataclass(frozen=True)
class Parameter:
    """A number with where it comes from, for a stored calculation."""

    topic: str
    field: str
    value: int
    rule_id: str
    version_id: UUID


def parameter_with_source(topic: str, field: str, *, area_class: AreaClass | None = None, at: datetime) -> Parameter:
    """Return a number and the rule and version it comes from. Raises RuleUnknown, ParameterUnknown."""
    rules = in_force(at)
    value, entry = rules.ruleset.parameter_of(topic, field, at=at, area=area_class)
    if not isinstance(value, int):
        raise RuleUnknown(topic=topic)
    return Parameter(topic, field, value, entry.id, rules.by_code[entry.id].version_id)


@dataclass(frozen=True)
class Parameters:
    """Numbers and lists of codes of some topics, by (topic, field), and the versions that hold them."""

    values: Mapping[tuple[str, str], int | tuple[str, ...]]
    version_ids: tuple[UUID, ...]


def parameters(
    topics: Iterable[str], *, area_class: AreaClass | None = None, service: Service | None = None, at: datetime
) -> Parameters:
    """Return everything that is no clock of these topics, as the lowest layer in force says; nothing for unknown ones.

    One query for any number of topics.
    """
    rules = in_force(at)
    found: dict[tuple[str, str], int | tuple[str, ...]] = {}
    used: dict[UUID, None] = {}
    for topic in topics:
        for name in {name: None for entry in rules.ruleset.speaking_of(topic) for name in values_of(entry)}:
            try:
                value, entry = rules.ruleset.parameter_of(topic, name, at=at, area=area_class, service=service)
            except (RuleUnknown, ParameterUnknown):  # a draft, one of another area or service, or not yet effective
                continue
            found[topic, name] = value
            used[rules.by_code[entry.id].version_id] = None
    return Parameters(found, tuple(used))


def newest_effective_from() -> date:
    """Return the newest day on which a published rule begins to bind. One query. Raises RuleUnknown when none is."""
    published = RuleEntry.everything.filter(version__publication__isnull=False).aggregate(day=Max("effective_from"))
    version = Publication.everything.aggregate(day=Max("effective_from"))
    days = [found["day"] for found in (published, version) if found["day"]]
    if not days:
        raise RuleUnknown(topic="")
    return max(days)


@dataclass(frozen=True)
class RuleWords:
    """The words of a rule 条目文字 for a screen."""

    rule_id: str
    topic: str
    title_zh: str
    title_en: str
    document: str
    article: str
    kind: str
    grade: str
    layer: str
    note: str


def rule_words(rule_id: str, *, version_id: UUID | None = None) -> RuleWords:
    """Return the words of a rule, of the given version or of the newest that has it. One query. Raises RuleUnknown."""
    rows = RuleEntry.everything.filter(code=rule_id).order_by("-effective_from", "-id")
    if version_id is not None:
        rows = rows.filter(version_id=version_id)
    found = rows.values_list("pk", flat=True).first()
    if found is None:
        raise RuleUnknown(entry=rule_id)
    return words_of(stored_entry(found).entry)


def words_of(entry: Entry) -> RuleWords:
    """Return an entry's words."""
    return RuleWords(
        rule_id=entry.id,
        topic=entry.topic,
        title_zh=entry.title_zh,
        title_en=entry.title_en,
        document=entry.source.document,
        article=entry.source.article,
        kind=entry.source.kind,
        grade=entry.source.grade,
        layer=entry.layer,
        note=entry.note,
    )
