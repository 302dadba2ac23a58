"""Grants, the tenant's scope, the refusal of append-only tables, the domain clock's reading, monthly partitions."""

from django.db import migrations

ROLES = """
GRANT USAGE ON SCHEMA public TO app, job, readonly_report;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO app, job;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO app, job;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO readonly_report;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO app, job;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO readonly_report;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO app, job;
"""

FUNCTIONS = """
CREATE FUNCTION tenant_scope() RETURNS text LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE code text := current_setting('app.scope', true);
BEGIN
    IF code IS NULL OR code = '' THEN
        RAISE EXCEPTION 'no tenant scope' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN code;
END $$;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION app_now() RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
DECLARE reading timestamptz;
BEGIN
    SELECT base_domain + (clock_timestamp() - base_wall) * rate INTO reading FROM kernel_domainclock;
    RETURN coalesce(reading, clock_timestamp());
END $$;

CREATE FUNCTION make_partitions(parent text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    month date := date_trunc('month', now())::date;
    leaf text;
BEGIN
    FOR step IN 0..2 LOOP
        leaf := parent || to_char(month, '_YYYYMM');
        IF to_regclass(leaf) IS NULL THEN
            EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
                           leaf, parent, month, month + interval '1 month');
            EXECUTE format('REVOKE ALL ON %I FROM app, job, readonly_report', leaf);
        END IF;
        month := month + interval '1 month';
    END LOOP;
    leaf := parent || '_default';
    IF to_regclass(leaf) IS NULL THEN
        EXECUTE format('CREATE TABLE %I PARTITION OF %I DEFAULT', leaf, parent);
        EXECUTE format('REVOKE ALL ON %I FROM app, job, readonly_report', leaf);
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    run_before = [("contenttypes", "0001_initial"), ("procrastinate", "0001_initial")]
    operations = [
        migrations.RunSQL(ROLES, migrations.RunSQL.noop),
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
    ]
