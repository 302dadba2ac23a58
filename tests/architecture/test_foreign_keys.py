"""Foreign keys between two of our contexts point down and leave no name behind in the other."""

from collections.abc import Iterable

from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from tests.architecture.sources import floors


def package_of(model: type[models.Model]) -> str:
    """Return the package below yuanxin, empty for a third party's model."""
    first, _, rest = model.__module__.partition(".")
    return rest.partition(".")[0] if first == "yuanxin" else ""


def faults_of(tables: Iterable[type[models.Model]], heights: dict[str, int]) -> list[str]:
    """Return one line per foreign key that points up or sideways, or that has a reverse name."""
    found = []
    for table in tables:
        for field in table._meta.get_fields():
            if not isinstance(field, models.ForeignKey | models.ManyToManyField):
                continue
            here, there = package_of(table), package_of(field.related_model)
            if not here or not there or here == there:
                continue
            if heights[there] >= heights[here]:
                found.append(f"{table._meta.label}.{field.name} points up or sideways to {there}")
            if field.remote_field.related_name != "+":
                found.append(f'{table._meta.label}.{field.name} needs related_name="+"')
    return found


def test_foreign_keys_point_down_and_have_no_reverse_name() -> None:
    found = faults_of(apps.get_models(include_auto_created=True), floors())
    assert not found, "\n".join(found)


@isolate_apps("yuanxin.kernel")
def test_bad_samples_are_found() -> None:
    class Lower(models.Model):
        """A table of org."""

        __module__ = "yuanxin.org.models"

        class Meta:
            app_label = "kernel"

        def __str__(self) -> str:
            return ""

    class Upper(models.Model):
        """A table of care with a reverse name into org."""

        __module__ = "yuanxin.care.models"
        named = models.ForeignKey(Lower, on_delete=models.PROTECT)
        good = models.ForeignKey(Lower, on_delete=models.PROTECT, related_name="+")

        class Meta:
            app_label = "kernel"

        def __str__(self) -> str:
            return ""

    class Upward(models.Model):
        """A table of org that points up."""

        __module__ = "yuanxin.org.models"
        up = models.ForeignKey(Upper, on_delete=models.PROTECT, related_name="+")

        class Meta:
            app_label = "kernel"

        def __str__(self) -> str:
            return ""

    assert faults_of([Lower, Upper, Upward], floors()) == [
        'kernel.Upper.named needs related_name="+"',
        "kernel.Upward.up points up or sideways to care",
    ]
