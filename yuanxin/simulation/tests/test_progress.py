"""A long command tells how far it is."""

from io import StringIO

from yuanxin.simulation.progress import Progress


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_a_bar_with_percent_and_rest() -> None:
    shown = Terminal()
    progress = Progress(shown)
    progress.reach(0.5, "customers")
    assert "\r[###############               ]  50%" in shown.getvalue()
    assert "to go" in shown.getvalue()
    progress.note(["refused: nothing"])
    progress.reach(1, "done")
    assert shown.getvalue().endswith("\nrefused: nothing\n")


def test_a_file_gets_plain_lines_and_not_many() -> None:
    shown = StringIO()
    progress = Progress(shown)
    for step in range(1, 101):
        progress.reach(step / 100, "week")
    lines = shown.getvalue().splitlines()
    assert "\r" not in shown.getvalue()
    assert 10 <= len(lines) <= 12
    assert lines[-1].startswith("100% week")
