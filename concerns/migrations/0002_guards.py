"""What the database itself refuses: rewriting events, and a state no event accounts for."""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION concerns_event_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'concerns_event is append-only: % refused', TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER concerns_event_append_only BEFORE UPDATE OR DELETE ON concerns_event
    FOR EACH ROW EXECUTE FUNCTION concerns_event_append_only();
"""
APPEND_ONLY_BACK = """
DROP TRIGGER concerns_event_append_only ON concerns_event;
DROP FUNCTION concerns_event_append_only();
"""
AGREEMENT = """
CREATE FUNCTION concerns_state_agrees() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ticket bigint := CASE WHEN TG_TABLE_NAME = 'concerns_ticket' THEN (to_jsonb(NEW)->>'id')::bigint
                          ELSE (to_jsonb(NEW)->>'ticket_id')::bigint END;
    standing text;
    counted integer;
    told text;
    last integer;
BEGIN
    SELECT state, event_count INTO standing, counted FROM concerns_ticket WHERE id = ticket;
    IF NOT FOUND THEN RETURN NULL; END IF;
    SELECT to_state, sequence INTO told, last FROM concerns_event
     WHERE ticket_id = ticket ORDER BY sequence DESC LIMIT 1;
    IF told IS DISTINCT FROM standing OR last IS DISTINCT FROM counted THEN
        RAISE EXCEPTION 'ticket %: state % (% events) differs from its last event % (%)',
            ticket, standing, counted, told, last USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER concerns_ticket_state_agrees AFTER INSERT OR UPDATE OF state, event_count ON concerns_ticket
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION concerns_state_agrees();
CREATE CONSTRAINT TRIGGER concerns_event_state_agrees AFTER INSERT ON concerns_event
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION concerns_state_agrees();
"""
AGREEMENT_BACK = """
DROP TRIGGER concerns_event_state_agrees ON concerns_event;
DROP TRIGGER concerns_ticket_state_agrees ON concerns_ticket;
DROP FUNCTION concerns_state_agrees();
"""


class Migration(migrations.Migration):
    dependencies = [("concerns", "0001_initial")]
    operations = [
        migrations.RunSQL(APPEND_ONLY, APPEND_ONLY_BACK),
        migrations.RunSQL(AGREEMENT, AGREEMENT_BACK),
    ]
