"""History by triggers; day-one choices, changing them later rewrites every history table."""

import pghistory

PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
PGHISTORY_CONTEXT_ID_FIELD = pghistory.ContextUUIDField()
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(related_name="+", db_index=True)
PGHISTORY_BASE_MODEL = "yuanxin.kernel.history.Event"
PGTRIGGER_MIGRATIONS = True
