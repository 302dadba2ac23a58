"""The thread of an order: what agents, dispatchers, technicians and the head-end write to each other."""

from django.db import models
from django.db.models.functions import Now

from yuanxin.care.models.choices import choices_of
from yuanxin.care.rules.intake import LONGEST_NOTE
from yuanxin.care.rules.thread import Media, MessageKind
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tenancy import TenantModel


class ThreadMessage(TenantModel):
    """留言: one message of the thread on an order, with at most one picture or voice recording.

    subject: ``ticket:<uuid>``, or ``work_order:<uuid>`` when no ticket asked for the work. mentions: codes of segments.
    The words of a person are erasable; a system message holds a code and, after a blank, the number it speaks of.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.CharField(max_length=60)
    kind = models.CharField(max_length=6, choices=choices_of(MessageKind))
    text = models.CharField(max_length=LONGEST_NOTE, blank=True)
    mentions = models.JSONField(default=list)
    media = models.CharField(max_length=7, blank=True, default="", choices=choices_of(Media))
    file = models.FileField(max_length=200, blank=True, default="")
    content_type = models.CharField(max_length=20, blank=True, default="")
    sha256 = models.CharField(max_length=64, blank=True, default="")
    posted_at = models.DateTimeField()
    posted_by = models.CharField(max_length=60)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(media="", file="") | ~models.Q(media="") & ~models.Q(file=""),
                name="care_message_media_has_file",
            )
        ]
        indexes = [models.Index(fields=["subject", "posted_at"], name="care_message_thread")]

    def __str__(self) -> str:
        return f"{self.kind} {self.posted_at:%F %H:%M}"
