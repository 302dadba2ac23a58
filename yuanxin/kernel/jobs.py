"""Jobs 后台任务: the only door to procrastinate. A job runs in the tenant scope stored with it.

``scoped_task`` for work inside the database; ``outside_task`` for calls to the outside: it opens no transaction,
so the work reads, calls and writes in steps of its own. Retries back off; what keeps failing stays in the dead list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import IntegrityError, close_old_connections, connection, transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Status
from procrastinate.tasks import Task

from yuanxin.kernel import acting
from yuanxin.kernel.errors import Conflict, NotFound
from yuanxin.kernel.tenancy import scope

Work = Callable[..., None]

_TAKE = "UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %s AND status = 'todo'"
_REVIVE = """
UPDATE procrastinate_jobs SET status = 'todo', attempts = 0, scheduled_at = NULL
WHERE id = %s AND status = 'failed'
"""


def back_off() -> RetryStrategy:
    """Return the house's retry schedule: exponential, a bounded number of attempts (procrastinate counts retries)."""
    return RetryStrategy(max_attempts=settings.YUANXIN_JOB_ATTEMPTS - 1, exponential_wait=settings.YUANXIN_JOB_WAIT_S)


def scoped_task(**options: Any) -> Callable[[Work], Task[..., Any, Any]]:
    """Register a job that runs in one transaction, in the scope given as ``tenant``.

    Defer with ``work.defer(..., tenant=current_scope())``; inside a transaction it appears with the commit.
    Arguments carry ids and codes, never personal data.
    """

    def register(work: Work) -> Task[..., Any, Any]:
        @wraps(work)
        def run(*, tenant: str, **arguments: Any) -> None:
            actor = acting.system("job", scope=tenant)
            with _fresh_connection(), acting.acting_as(actor), transaction.atomic(), scope(tenant):
                work(**arguments)

        return _registered(work, run, options)

    return register


def outside_task(**options: Any) -> Callable[[Work], Task[..., Any, Any]]:
    """Register a job that talks to the outside; ``work`` gets ``tenant`` and opens its own short transactions."""

    def register(work: Work) -> Task[..., Any, Any]:
        @wraps(work)
        def run(*, tenant: str, **arguments: Any) -> None:
            with _fresh_connection(), acting.acting_as(acting.system("job", scope=tenant)):
                work(tenant=tenant, **arguments)

        return _registered(work, run, options)

    return register


@contextmanager
def _fresh_connection() -> Iterator[None]:
    """Do for a worker's thread what a request does at its ends; a job called inside a transaction stays in it."""
    if connection.in_atomic_block:
        yield
        return
    close_old_connections()
    try:
        yield
    finally:
        close_old_connections()


def _registered(work: Work, run: Work, options: dict[str, Any]) -> Task[..., Any, Any]:
    name = f"{work.__module__}.{work.__name__}"
    register: Any = app.task(name=name, retry=back_off(), **options)
    task: Task[..., Any, Any] = register(run)
    return task


@app.periodic(cron="* * * * *")
@app.task(name="yuanxin.kernel.jobs.rescue_stalled", queueing_lock="rescue_stalled", pass_context=True)
async def rescue_stalled(context: Any, timestamp: int) -> None:
    """Give jobs of workers that died back to the queue; procrastinate finds them but does not re-queue them.

    A job whose worker died at its last attempt goes to the dead list: it may be the one that kills workers.
    """
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        if job.attempts + 1 < settings.YUANXIN_JOB_ATTEMPTS:
            await manager.retry_job(job)
        else:
            await manager.finish_job(job, status=Status.FAILED, delete_job=False)


def run_queued() -> int:
    """Run the jobs that are due, in this process; return how many. For a city that lives before any worker starts.

    Each is taken once: one that fails is not tried again here.
    """
    due = ProcrastinateJob.objects.filter(status=Status.TODO.value, scheduled_at=None).order_by("-priority", "id")
    taken = 0
    for job in due:
        with connection.cursor() as cursor:
            cursor.execute(_TAKE, [job.id])
            is_ours = cursor.rowcount == 1
        if is_ours:
            app.tasks[job.task_name].func(**job.args)
            taken += 1
    return taken


def dead_jobs() -> list[dict[str, Any]]:
    """Return the dead list: jobs that used up their attempts, newest first."""
    rows = ProcrastinateJob.objects.filter(status=Status.FAILED.value).order_by("-id")[:200]
    return list(rows.values("id", "task_name", "queue_name", "args", "attempts", "scheduled_at"))


def revive(job_id: int) -> None:
    """Queue a dead job again, from its first attempt.

    Raises NotFound, and Conflict when it is not dead or the same work is already queued.
    """
    job = ProcrastinateJob.objects.filter(pk=job_id).first()
    if job is None:
        raise NotFound(job=job_id)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_REVIVE, [job_id])
            revived = cursor.rowcount
    except IntegrityError:
        revived = 0
    if not revived:
        raise Conflict(job=job_id)
