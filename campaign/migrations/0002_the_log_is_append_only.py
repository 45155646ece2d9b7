"""The database itself refuses to change or remove an entry of the log. Sealing writes an entry's place and digest once.

A later migration that makes the table anew on SQLite (a changed column) drops its triggers and must lay them again;
tests/campaign/test_log.py notices.
"""

from django.db import migrations

COLUMNS = "id campaign_id verb object_type object_id object_label task_id by_id at data reason".split()
CHANGED = " OR ".join(f'NEW."{name}" IS NOT OLD."{name}"' for name in COLUMNS)

ON_SQLITE = [
    """CREATE TRIGGER campaign_logentry_stays BEFORE DELETE ON campaign_logentry
    BEGIN SELECT RAISE(ABORT, 'campaign_logentry is append-only'); END""",
    f"""CREATE TRIGGER campaign_logentry_sealed_once BEFORE UPDATE ON campaign_logentry
    WHEN OLD.sequence IS NOT NULL OR {CHANGED}
    BEGIN SELECT RAISE(ABORT, 'campaign_logentry is append-only'); END""",
]
ON_POSTGRESQL = [
    """CREATE OR REPLACE FUNCTION campaign_logentry_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND OLD.sequence IS NULL
           AND to_jsonb(NEW) - 'sequence' - 'digest' = to_jsonb(OLD) - 'sequence' - 'digest' THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'campaign_logentry is append-only' USING ERRCODE = 'integrity_constraint_violation';
    END $$""",
    """CREATE TRIGGER campaign_logentry_stays BEFORE UPDATE OR DELETE ON campaign_logentry
    FOR EACH ROW EXECUTE FUNCTION campaign_logentry_stays()""",
]
LIFTED = {
    "sqlite": ["DROP TRIGGER campaign_logentry_stays", "DROP TRIGGER campaign_logentry_sealed_once"],
    "postgresql": [
        "DROP TRIGGER campaign_logentry_stays ON campaign_logentry",
        "DROP FUNCTION campaign_logentry_stays()",
    ],
}


def lay(apps, editor):
    for statement in {"sqlite": ON_SQLITE, "postgresql": ON_POSTGRESQL}[editor.connection.vendor]:
        editor.execute(statement)


def lift(apps, editor):
    for statement in LIFTED[editor.connection.vendor]:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("campaign", "0001_ground"),
    ]

    operations = [migrations.RunPython(lay, lift)]
