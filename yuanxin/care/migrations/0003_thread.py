"""The thread of an order takes the place of the notes of a ticket."""

import django.db.models.functions.datetime
from django.db import migrations, models

import yuanxin.kernel.ids
import yuanxin.kernel.tenancy
from yuanxin.kernel.operations import IsolateTenants

# What was written before stays in the thread of its ticket.
COPY_NOTES = """
SELECT set_config('app.scope', '*', true);
INSERT INTO care_threadmessage (province_code, city_code, id, subject, kind, text, mentions, media, file, content_type,
                                sha256, posted_at, posted_by, recorded_at)
SELECT province_code, city_code, id, 'ticket:' || ticket_id, kind, text, '[]', '', '', '', '',
       written_at, written_by, recorded_at FROM care_ticketnote;
SELECT set_config('app.scope', '', true);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("care", "0002_calls"),
    ]

    operations = [
        migrations.CreateModel(
            name="ThreadMessage",
            fields=[
                (
                    "province_code",
                    models.CharField(default=yuanxin.kernel.tenancy.home_province, editable=False, max_length=2),
                ),
                ("city_code", models.CharField(default=yuanxin.kernel.tenancy.home_city, editable=False, max_length=4)),
                (
                    "id",
                    models.UUIDField(
                        default=yuanxin.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("subject", models.CharField(max_length=60)),
                (
                    "kind",
                    models.CharField(
                        choices=[("note", "note"), ("chase", "chase"), ("system", "system")], max_length=6
                    ),
                ),
                ("text", models.CharField(blank=True, max_length=2000)),
                ("mentions", models.JSONField(default=list)),
                (
                    "media",
                    models.CharField(
                        blank=True, choices=[("picture", "picture"), ("voice", "voice")], default="", max_length=7
                    ),
                ),
                ("file", models.FileField(blank=True, default="", max_length=200, upload_to="")),
                ("content_type", models.CharField(blank=True, default="", max_length=20)),
                ("sha256", models.CharField(blank=True, default="", max_length=64)),
                ("posted_at", models.DateTimeField()),
                ("posted_by", models.CharField(max_length=60)),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "indexes": [models.Index(fields=["subject", "posted_at"], name="care_message_thread")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("file", ""), ("media", "")),
                            models.Q(models.Q(("media", ""), _negated=True), models.Q(("file", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="care_message_media_has_file",
                    )
                ],
            },
        ),
        IsolateTenants("ThreadMessage"),
        migrations.RunSQL(COPY_NOTES, reverse_sql=migrations.RunSQL.noop),
        migrations.DeleteModel(
            name="TicketNote",
        ),
    ]
