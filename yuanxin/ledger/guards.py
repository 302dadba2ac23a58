"""The ledger's guards inside the database, as SQL for its migration.

Two triggers on the postings: one keeps the balance of each account, the other refuses, at commit, a transaction whose
postings do not sum to zero. At commit no tenant scope is in force any more, so the check takes the posting's own city
and gives the scope back. Postings of one transaction share their ``recorded_at``, so the sum reads one partition.
"""

CREATE = """
CREATE FUNCTION ledger_keep_balances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- in the order of ids, so that two transactions never wait for each other in a circle
    PERFORM 1 FROM ledger_ledgeraccount WHERE id IN (SELECT account_id FROM fresh) ORDER BY id FOR UPDATE;
    UPDATE ledger_ledgeraccount account
       SET balance_fen = balance_fen + CASE account.side WHEN 'debit' THEN moved.fen ELSE -moved.fen END
      FROM (SELECT account_id, sum(amount_fen)::bigint AS fen FROM fresh GROUP BY account_id) moved
     WHERE account.id = moved.account_id;
    RETURN NULL;
END $$;

CREATE TRIGGER keep_balances AFTER INSERT ON ledger_posting
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ledger_keep_balances();

CREATE FUNCTION ledger_refuse_unbalanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    outer_scope text := current_setting('app.scope', true);
    total numeric;
BEGIN
    PERFORM set_config('app.scope', NEW.city_code, true);
    SELECT sum(amount_fen) INTO total FROM ledger_posting
     WHERE transaction_id = NEW.transaction_id AND recorded_at = NEW.recorded_at;
    PERFORM set_config('app.scope', coalesce(outer_scope, ''), true);
    IF total <> 0 THEN
        RAISE EXCEPTION 'ledger transaction % is out of balance by % fen', NEW.transaction_id, total
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER refuse_unbalanced AFTER INSERT ON ledger_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_refuse_unbalanced();
"""

DROP = """
DROP TRIGGER refuse_unbalanced ON ledger_posting;
DROP FUNCTION ledger_refuse_unbalanced();
DROP TRIGGER keep_balances ON ledger_posting;
DROP FUNCTION ledger_keep_balances();
"""
