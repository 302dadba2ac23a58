"""What ``manage verify`` asks of ``messaging``."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from yuanxin.kernel.verify import invariant


@invariant("messaging.states_are_possible")
def states_are_possible() -> Iterator[str]:
    """An ended message has its end, a held-back one its reason, and a queued one neither."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, state FROM messaging_message"
            " WHERE (state IN ('delivered', 'failed', 'suppressed')) <> (ended_at IS NOT NULL)"
            " OR (state = 'suppressed') <> (reason <> '')"
            " OR (state IN ('sent', 'delivered') AND sent_at IS NULL) ORDER BY id LIMIT 100"
        )
        for message_id, state in cursor.fetchall():
            yield f"message {message_id} is {state} with the wrong instants"


@invariant("messaging.inbox_knows_its_message")
def inbox_knows_its_message() -> Iterator[str]:
    """Whatever a simulated telephone shows was a message of ours."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT inbox.id FROM messaging_simulatorinbox inbox"
            " LEFT JOIN messaging_message message ON message.id = inbox.message_id"
            " WHERE message.id IS NULL ORDER BY inbox.id LIMIT 100"
        )
        for (inbox_id,) in cursor.fetchall():
            yield f"inbox line {inbox_id} has no message"
