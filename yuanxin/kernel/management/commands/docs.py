"""``./run manage docs``: write the generated pages of docs/ again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from yuanxin.kernel.reference import ROOT, pages


class Command(BaseCommand):
    """Write docs/reactions.md and the tables of docs/reference."""

    help = "Write the generated pages of docs/ again."

    def handle(self, *args: Any, **options: Any) -> None:
        for path, text in pages().items():
            (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / path).write_text(text, encoding="utf-8")
            self.stdout.write(str(path))
