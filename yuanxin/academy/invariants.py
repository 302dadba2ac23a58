"""What ``manage verify`` asks of ``academy``."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from yuanxin.kernel.verify import invariant


@invariant("academy.warnings_belong_to_ending_certificates")
def warnings_belong_to_ending_certificates() -> Iterator[str]:
    """Nobody was warned of a certificate that has no end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT warning.id FROM academy_expirywarning warning"
            " JOIN academy_certificate certificate ON certificate.id = warning.certificate_id"
            " WHERE certificate.expires_on IS NULL ORDER BY warning.id LIMIT 100"
        )
        for (warning_id,) in cursor.fetchall():
            yield f"warning {warning_id} is about a certificate without an end"
