"""Triage, decisions about duplicates, sources and signatures of complaints, consistency of call-backs."""

import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.manager
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import yuanxin.kernel.ids
import yuanxin.kernel.tenancy
from yuanxin.kernel.operations import AppendOnly, IsolateTenants


class Migration(migrations.Migration):
    dependencies = [
        ("care", "0003_thread"),
    ]

    operations = [
        migrations.CreateModel(
            name="DuplicateDecision",
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
                ("kind", models.CharField(max_length=12)),
                ("reason_code", models.CharField(blank=True, default="", max_length=40)),
                ("candidates", models.JSONField(default=list)),
                ("node_code", models.CharField(blank=True, default="", max_length=32)),
                ("node_reports", models.PositiveSmallIntegerField(default=0)),
                ("decided_at", models.DateTimeField()),
                ("decided_by", models.CharField(max_length=60)),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TriageRun",
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
                (
                    "service",
                    models.CharField(
                        choices=[("tv", "tv"), ("broadband", "broadband"), ("mobile", "mobile")], max_length=10
                    ),
                ),
                ("version", models.CharField(max_length=16)),
                ("path", models.CharField(max_length=60)),
                (
                    "result",
                    models.CharField(
                        choices=[("solved", "solved"), ("fault", "fault"), ("not_ours", "not_ours")], max_length=8
                    ),
                ),
                ("result_code", models.CharField(max_length=40)),
                ("fault_code", models.CharField(blank=True, default="", max_length=20)),
                ("customer_id", models.UUIDField()),
                ("address_id", models.UUIDField(null=True)),
                ("ran_at", models.DateTimeField()),
                ("ran_by", models.CharField(max_length=60)),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name="TriageTree",
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
                (
                    "service",
                    models.CharField(
                        choices=[("tv", "tv"), ("broadband", "broadband"), ("mobile", "mobile")], max_length=10
                    ),
                ),
                ("version", models.CharField(max_length=16)),
                ("effective_from", models.DateField()),
                ("text", models.TextField()),
                ("saved_at", models.DateTimeField()),
                ("saved_by", models.CharField(max_length=60)),
            ],
            managers=[
                ("everything", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="TriageTreeEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                (
                    "province_code",
                    models.CharField(default=yuanxin.kernel.tenancy.home_province, editable=False, max_length=2),
                ),
                ("city_code", models.CharField(default=yuanxin.kernel.tenancy.home_city, editable=False, max_length=4)),
                ("id", models.UUIDField(default=yuanxin.kernel.ids.new_id, editable=False, serialize=False)),
                (
                    "service",
                    models.CharField(
                        choices=[("tv", "tv"), ("broadband", "broadband"), ("mobile", "mobile")], max_length=10
                    ),
                ),
                ("version", models.CharField(max_length=16)),
                ("effective_from", models.DateField()),
                ("text", models.TextField()),
                ("saved_at", models.DateTimeField()),
                ("saved_by", models.CharField(max_length=60)),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="complaint",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="complaint",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="complaint",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="callback",
            name="attempt",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="callback",
            name="differs",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="callback",
            name="is_fee_asked",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="callback",
            name="is_score_begged",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="complaint",
            name="answered_by",
            field=models.CharField(blank=True, default="", max_length=60),
        ),
        migrations.AddField(
            model_name="complaint",
            name="external_due_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="complaint",
            name="signed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="complaint",
            name="signed_by",
            field=models.CharField(blank=True, default="", max_length=60),
        ),
        migrations.AddField(
            model_name="complaint",
            name="source",
            field=models.CharField(
                choices=[
                    ("own", "own"),
                    ("12345", "12345"),
                    ("12315", "12315"),
                    ("12300", "12300"),
                    ("10099", "10099"),
                    ("nrta", "nrta"),
                    ("petition", "petition"),
                    ("manager", "manager"),
                ],
                default="own",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="complaintevent",
            name="answered_by",
            field=models.CharField(blank=True, default="", max_length=60),
        ),
        migrations.AddField(
            model_name="complaintevent",
            name="external_due_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="complaintevent",
            name="signed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="complaintevent",
            name="signed_by",
            field=models.CharField(blank=True, default="", max_length=60),
        ),
        migrations.AddField(
            model_name="complaintevent",
            name="source",
            field=models.CharField(
                choices=[
                    ("own", "own"),
                    ("12345", "12345"),
                    ("12315", "12315"),
                    ("12300", "12300"),
                    ("10099", "10099"),
                    ("nrta", "nrta"),
                    ("petition", "petition"),
                    ("manager", "manager"),
                ],
                default="own",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="troubleticket",
            name="network_trail",
            field=models.CharField(blank=True, default="", max_length=400),
        ),
        migrations.AlterField(
            model_name="complaintstep",
            name="kind",
            field=models.CharField(
                choices=[
                    ("first_reply", "first_reply"),
                    ("check", "check"),
                    ("handle", "handle"),
                    ("answer", "answer"),
                    ("call_back", "call_back"),
                    ("reject_answer", "reject_answer"),
                    ("conclude", "conclude"),
                    ("escalate", "escalate"),
                    ("go_over", "go_over"),
                    ("mark_duplicate", "mark_duplicate"),
                    ("withdraw", "withdraw"),
                    ("sign_off", "sign_off"),
                    ("reopen", "reopen"),
                ],
                max_length=16,
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="complaint",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "care_complaintevent" ("answered_at", "answered_by", "category", "channel", "city_code", "customer_class", "customer_id", "ended_at", "external_due_at", "external_number", "first_replied_at", "first_reply_due_at", "id", "level", "number", "opened_at", "opened_by", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "province_code", "service", "signed_at", "signed_by", "solve_due_at", "source", "state", "ticket_id") VALUES (NEW."answered_at", NEW."answered_by", NEW."category", NEW."channel", NEW."city_code", NEW."customer_class", NEW."customer_id", NEW."ended_at", NEW."external_due_at", NEW."external_number", NEW."first_replied_at", NEW."first_reply_due_at", NEW."id", NEW."level", NEW."number", NEW."opened_at", NEW."opened_by", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."province_code", NEW."service", NEW."signed_at", NEW."signed_by", NEW."solve_due_at", NEW."source", NEW."state", NEW."ticket_id"); RETURN NULL;',
                    hash="697027962d7e2822cdfb235a777fd27ebc2e3202",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_4d112",
                    table="care_complaint",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="complaint",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."answered_at" IS DISTINCT FROM (NEW."answered_at") OR OLD."answered_by" IS DISTINCT FROM (NEW."answered_by") OR OLD."category" IS DISTINCT FROM (NEW."category") OR OLD."channel" IS DISTINCT FROM (NEW."channel") OR OLD."city_code" IS DISTINCT FROM (NEW."city_code") OR OLD."customer_class" IS DISTINCT FROM (NEW."customer_class") OR OLD."customer_id" IS DISTINCT FROM (NEW."customer_id") OR OLD."ended_at" IS DISTINCT FROM (NEW."ended_at") OR OLD."external_due_at" IS DISTINCT FROM (NEW."external_due_at") OR OLD."external_number" IS DISTINCT FROM (NEW."external_number") OR OLD."first_replied_at" IS DISTINCT FROM (NEW."first_replied_at") OR OLD."first_reply_due_at" IS DISTINCT FROM (NEW."first_reply_due_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."level" IS DISTINCT FROM (NEW."level") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."opened_at" IS DISTINCT FROM (NEW."opened_at") OR OLD."opened_by" IS DISTINCT FROM (NEW."opened_by") OR OLD."province_code" IS DISTINCT FROM (NEW."province_code") OR OLD."service" IS DISTINCT FROM (NEW."service") OR OLD."signed_at" IS DISTINCT FROM (NEW."signed_at") OR OLD."signed_by" IS DISTINCT FROM (NEW."signed_by") OR OLD."solve_due_at" IS DISTINCT FROM (NEW."solve_due_at") OR OLD."source" IS DISTINCT FROM (NEW."source") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."ticket_id" IS DISTINCT FROM (NEW."ticket_id"))',
                    func='INSERT INTO "care_complaintevent" ("answered_at", "answered_by", "category", "channel", "city_code", "customer_class", "customer_id", "ended_at", "external_due_at", "external_number", "first_replied_at", "first_reply_due_at", "id", "level", "number", "opened_at", "opened_by", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "province_code", "service", "signed_at", "signed_by", "solve_due_at", "source", "state", "ticket_id") VALUES (NEW."answered_at", NEW."answered_by", NEW."category", NEW."channel", NEW."city_code", NEW."customer_class", NEW."customer_id", NEW."ended_at", NEW."external_due_at", NEW."external_number", NEW."first_replied_at", NEW."first_reply_due_at", NEW."id", NEW."level", NEW."number", NEW."opened_at", NEW."opened_by", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."province_code", NEW."service", NEW."signed_at", NEW."signed_by", NEW."solve_due_at", NEW."source", NEW."state", NEW."ticket_id"); RETURN NULL;',
                    hash="9c8a0c5a5cbd2a33800cdc2ef486ab47b11d47b7",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d3bce",
                    table="care_complaint",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="complaint",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "care_complaintevent" ("answered_at", "answered_by", "category", "channel", "city_code", "customer_class", "customer_id", "ended_at", "external_due_at", "external_number", "first_replied_at", "first_reply_due_at", "id", "level", "number", "opened_at", "opened_by", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "province_code", "service", "signed_at", "signed_by", "solve_due_at", "source", "state", "ticket_id") VALUES (OLD."answered_at", OLD."answered_by", OLD."category", OLD."channel", OLD."city_code", OLD."customer_class", OLD."customer_id", OLD."ended_at", OLD."external_due_at", OLD."external_number", OLD."first_replied_at", OLD."first_reply_due_at", OLD."id", OLD."level", OLD."number", OLD."opened_at", OLD."opened_by", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."province_code", OLD."service", OLD."signed_at", OLD."signed_by", OLD."solve_due_at", OLD."source", OLD."state", OLD."ticket_id"); RETURN NULL;',
                    hash="4a2913481dd839271bb521de393d06c76bd2ffdf",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_049fe",
                    table="care_complaint",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="duplicatedecision",
            name="earlier",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="care.troubleticket"
            ),
        ),
        migrations.AddField(
            model_name="duplicatedecision",
            name="ticket",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="care.troubleticket",
            ),
        ),
        migrations.AddField(
            model_name="triagerun",
            name="contact",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="care.contact"
            ),
        ),
        migrations.AddField(
            model_name="triagerun",
            name="ticket",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="triage_runs",
                to="care.troubleticket",
            ),
        ),
        migrations.AddConstraint(
            model_name="triagetree",
            constraint=models.UniqueConstraint(fields=("service", "version"), name="care_triage_version"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="triagetree",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "care_triagetreeevent" ("city_code", "effective_from", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "province_code", "saved_at", "saved_by", "service", "text", "version") VALUES (NEW."city_code", NEW."effective_from", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."province_code", NEW."saved_at", NEW."saved_by", NEW."service", NEW."text", NEW."version"); RETURN NULL;',
                    hash="4292b8f369fa34f8f5db2d9eae9ddee3bb66bcc2",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_0780f",
                    table="care_triagetree",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="triagetree",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "care_triagetreeevent" ("city_code", "effective_from", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "province_code", "saved_at", "saved_by", "service", "text", "version") VALUES (NEW."city_code", NEW."effective_from", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."province_code", NEW."saved_at", NEW."saved_by", NEW."service", NEW."text", NEW."version"); RETURN NULL;',
                    hash="fed1134f0bbc16d47ee221bc19d44616473b17fd",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_4278f",
                    table="care_triagetree",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="triagetree",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "care_triagetreeevent" ("city_code", "effective_from", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "province_code", "saved_at", "saved_by", "service", "text", "version") VALUES (OLD."city_code", OLD."effective_from", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."province_code", OLD."saved_at", OLD."saved_by", OLD."service", OLD."text", OLD."version"); RETURN NULL;',
                    hash="b7087a7afc947221b5b5fddc635f6ac436ae606a",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_0f07b",
                    table="care_triagetree",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="triagetreeevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="care.triagetree",
            ),
        ),
        migrations.AddIndex(
            model_name="triagerun",
            index=models.Index(fields=["city_code", "-ran_at"], name="care_triage_newest"),
        ),
        IsolateTenants("TriageTree", home="HQ"),
        IsolateTenants("TriageTreeEvent"),
        IsolateTenants("TriageRun"),
        IsolateTenants("DuplicateDecision"),
        AppendOnly("TriageTreeEvent"),
        AppendOnly("DuplicateDecision"),
    ]
