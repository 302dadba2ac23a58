"""Sizes and habits of every source file, and the proof that each check can fail."""

from collections.abc import Callable

import pytest

from tests.architecture import habits
from tests.architecture.sources import ROOT, Source, sources

BAD = [
    (habits.long_file, "yuanxin/care/rules.py", "x = 1\n" * 501),
    (habits.long_file, "yuanxin/care/tests/test_rules.py", "x = 1\n" * 801),
    (habits.long_function, "yuanxin/care/rules.py", "def f():\n" + "    x = 1\n" * 60),
    (habits.long_function, "yuanxin/web/desks/counter/views.py", "def f():\n" + "    x = 1\n" * 30),
    (habits.import_inside_function, "yuanxin/care/rules.py", "def f():\n    import json\n"),
    (habits.import_inside_function, "yuanxin/care/apps.py", "def f():\n    from json import loads\n"),
    (habits.foreign_model, "yuanxin/care/rules.py", "apps.get_model('org.Staff')"),
    (habits.foreign_model, "yuanxin/care/rules.py", "apps.get_model('org', 'Staff')"),
    (habits.hidden_effect, "yuanxin/care/models.py", "class A:\n    def save(self): ...\n"),
    (habits.hidden_effect, "yuanxin/care/models/tickets.py", "class A:\n    def delete(self): ...\n"),
    (habits.personal_fact, "yuanxin/published/care.py", "class TicketOpened(Fact):\n    customer_name: str\n"),
    (habits.constant_duration, "yuanxin/care/rules/tickets.py", "d = timedelta(hours=48)"),
    (habits.constant_duration, "yuanxin/care/rules/tickets.py", "d = timedelta(days=3)"),
    (habits.foreign_table, "yuanxin/care/queries.py", "q = 'SELECT 1 FROM parties_customer'"),
    (habits.wall_time, "yuanxin/care/actions.py", "at = timezone.now()"),
    (habits.silent_admin, "yuanxin/care/admin.py", "class A(admin.ModelAdmin): ..."),
]
GOOD = [
    (habits.silent_admin, "yuanxin/care/admin.py", "class A(admin.ModelAdmin):\n    def save_model(self): ..."),
    (
        habits.foreign_table,
        "yuanxin/care/queries.py",
        "q = 'SELECT 1 FROM care_ticket JOIN org_export_unit_v1'",
    ),
    (habits.wall_time, "yuanxin/web/accounts/forms.py", "at = timezone.now()"),
    (habits.long_file, "yuanxin/care/tests/test_rules.py", "x = 1\n" * 501),
    (habits.long_function, "yuanxin/web/desks/counter/views.py", "def f():\n" + "    x = 1\n" * 29),
    (habits.import_inside_function, "yuanxin/care/apps.py", "def ready():\n    import json\n"),
    (habits.foreign_model, "yuanxin/care/migrations/0002_more.py", "apps.get_model('org.Staff')"),
    (habits.foreign_model, "yuanxin/org/rules.py", "apps.get_model('org.Staff')"),
    (habits.personal_fact, "yuanxin/published/care.py", "class TicketOpened(Fact):\n    address_id: str\n"),
    (habits.constant_duration, "yuanxin/care/rules/tickets.py", "d = timedelta(days=1) + timedelta(hours=limit)"),
    (
        habits.constant_duration,
        "yuanxin/care/rules/tickets.py",
        "next_month = first + timedelta(days=32)",
    ),
]
Habit = Callable[[Source], list[str]]


@pytest.mark.parametrize("habit", habits.HABITS, ids=lambda habit: habit.__name__)
def test_every_file_keeps_the_habit(habit: Habit) -> None:
    faults = [fault for source in sources(".py") for fault in habit(source)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(("habit", "path", "text"), BAD)
def test_bad_sample_is_found(habit: Habit, path: str, text: str) -> None:
    assert habit(Source(path, text))


@pytest.mark.parametrize(("habit", "path", "text"), GOOD)
def test_good_sample_passes(habit: Habit, path: str, text: str) -> None:
    assert not habit(Source(path, text))


def test_every_habit_has_a_bad_sample() -> None:
    assert {habit for habit, _, _ in BAD} == set(habits.HABITS)


def test_every_folder_with_python_is_a_package() -> None:
    folders = {(ROOT / source.path).parent for source in sources(".py")} - {ROOT}
    assert not [folder for folder in folders if not (folder / "__init__.py").exists()]
