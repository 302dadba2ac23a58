"""One transaction per request, in the scope of the one who is signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from uuid import uuid4

from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from yuanxin.kernel.acting import Acting, acting_as
from yuanxin.kernel.tenancy import NOBODY, current_scope, scope


class OneTransactionInScope:
    """Last in MIDDLEWARE: the view and all it calls share one transaction, one scope and one actor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        acting = _acting(request)
        with transaction.atomic(), scope(acting.scope, until_commit=True), acting_as(acting):
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Roll back: Django turns the exception into a response below us, atomic() would never see it."""
        transaction.set_rollback(True)


def _acting(request: HttpRequest) -> Acting:
    user = request.user
    if not user.is_authenticated:
        return Acting(who="system:nobody", scope=NOBODY, source="web")
    return Acting(
        who=f"staff:{user.pk}",
        scope=user.scope,
        permissions=user.permissions,
        units=(str(user.unit_id),),
        source="web",
        request_id=uuid4().hex,
    )


def in_scope(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Wrap a streamed body: it runs after the request's transaction and needs a scope of its own."""
    code = current_scope()

    def stream() -> Iterator[bytes]:
        with transaction.atomic(), scope(code):
            yield from parts

    return stream()
