"""Jobs: queued with the commit, tried again with growing waits, rescued from dead workers, dead and revived."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from yuanxin.kernel import acting, jobs, tenancy
from yuanxin.kernel.errors import Conflict, NotFound
from yuanxin.kernel.models import FactRecord
from yuanxin.kernel.tests import make

seen: list[tuple[str, str, str]] = []


@jobs.scoped_task(queue="tests")
def ring(*, bell: str) -> None:
    seen.append((bell, tenancy.current_scope(), acting.current().who))
    if bell == "cracked":
        raise RuntimeError("no sound")


@jobs.outside_task(queue="tests")
def shout(*, tenant: str, word: str) -> None:
    seen.append((word, tenant, "in a transaction" if connection.in_atomic_block else "in none"))


@pytest.fixture(autouse=True)
def _silence(transactional_db: None) -> Iterator[None]:
    seen.clear()
    yield
    _run("DELETE FROM procrastinate_jobs")


def _run(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def work() -> None:
    """Let one worker do what is due and go home."""
    with app.replace_connector(app.connector.get_worker_connector()) as worker:  # type: ignore[attr-defined]
        worker.run_worker(queues=["tests"], wait=False, install_signal_handlers=False, listen_notify=False)


def states() -> list[tuple[str, int]]:
    return list(ProcrastinateJob.objects.filter(queue_name="tests").order_by("id").values_list("status", "attempts"))


def die(*, attempts: int = 0) -> int:
    """Defer a job that is as good as dead, and let it die."""
    job: int = ring.defer(bell="cracked", tenant="4406")
    _run("UPDATE procrastinate_jobs SET attempts = %s WHERE id = %s", attempts, job)
    work()
    return job


def test_a_job_appears_with_the_commit_and_never_with_a_rollback() -> None:
    with transaction.atomic():
        ring.defer(bell="lost", tenant="4406")
        transaction.set_rollback(True)
    with transaction.atomic():
        ring.defer(bell="kept", tenant="4406")
    assert list(ProcrastinateJob.objects.values_list("args__bell", flat=True)) == ["kept"]


def test_a_job_runs_in_the_scope_that_was_stored_with_it() -> None:
    ring.defer(bell="a", tenant="4406")
    shout.defer(word="ho", tenant="4401")
    work()
    assert sorted(seen) == [("a", "4406", "system:job"), ("ho", "4401", "in none")]
    assert states() == [("succeeded", 1), ("succeeded", 1)]


def test_a_job_of_one_city_cannot_read_another() -> None:
    with acting.acting_as(make.acting("4401")), transaction.atomic(), tenancy.scope("4401"):
        FactRecord.objects.create(name="X", subject="x:1", at=make.at("2026-03-10 09:00"), actor="t", body={})
    found: list[int] = []

    @jobs.scoped_task(queue="tests")
    def count() -> None:
        found.append(FactRecord._base_manager.count())

    count.defer(tenant="4406")
    count.defer(tenant="4401")
    work()
    assert found == [0, 1]


def test_a_failing_job_waits_longer_each_time_and_lets_the_others_pass() -> None:
    ring.defer(bell="cracked", tenant="4406")
    ring.defer(bell="a", tenant="4406")
    work()
    assert states() == [("todo", 1), ("succeeded", 1)]
    waits = []
    for _ in range(3):
        waits.append(_seconds_to_wait())
        _run("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'")
        work()
    assert waits == sorted(waits)
    assert waits[0] > 0
    assert waits[2] > 2 * waits[0]
    assert [bell for bell, _, _ in seen].count("cracked") == 4


def _seconds_to_wait() -> float:
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM scheduled_at - now()) FROM procrastinate_jobs WHERE status = 'todo'")
        return float(cursor.fetchone()[0])


def test_what_keeps_failing_is_dead_after_the_last_attempt_and_can_be_revived(settings: Any) -> None:
    job = die(attempts=settings.YUANXIN_JOB_ATTEMPTS - 1)
    (dead,) = jobs.dead_jobs()
    assert (dead["id"], dead["attempts"]) == (job, settings.YUANXIN_JOB_ATTEMPTS)
    _run("UPDATE procrastinate_jobs SET args = jsonb_set(args, '{bell}', '\"mended\"')")
    jobs.revive(job)
    assert jobs.dead_jobs() == []
    work()
    assert states() == [("succeeded", 1)]
    assert seen[-1][0] == "mended"


def test_only_the_dead_are_revived(settings: Any) -> None:
    living = ring.defer(bell="a", tenant="4406")
    with pytest.raises(Conflict):
        jobs.revive(living)
    with pytest.raises(NotFound):
        jobs.revive(living + 1000)


def test_work_that_is_queued_again_meanwhile_is_not_revived_beside_it(settings: Any) -> None:
    locked = ring.configure(queueing_lock="the bell")
    dead = locked.defer(bell="cracked", tenant="4406")
    _run("UPDATE procrastinate_jobs SET attempts = %s WHERE id = %s", settings.YUANXIN_JOB_ATTEMPTS - 1, dead)
    work()
    locked.defer(bell="a", tenant="4406")
    with pytest.raises(Conflict):
        jobs.revive(dead)
    assert [job["id"] for job in jobs.dead_jobs()] == [dead]


def test_the_dead_list_is_read_and_revived_from_the_shell(settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    job = die(attempts=settings.YUANXIN_JOB_ATTEMPTS - 1)
    call_command("dead_jobs")
    assert f"{job} {ring.name} {settings.YUANXIN_JOB_ATTEMPTS} attempts" in capsys.readouterr().out
    call_command("dead_jobs", "--revive", str(job))
    assert states()[0][0] == "todo"
    with pytest.raises(CommandError, match=r"kernel\.conflict"):
        call_command("dead_jobs", "--revive", str(job))


def _stalled(*, attempts: int) -> int:
    """A job whose worker was killed: its heartbeat is old and nobody pruned it."""
    job: int = ring.defer(bell="a", tenant="4406")
    _run("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour')")
    _run(
        "UPDATE procrastinate_jobs SET status = 'doing', attempts = %s, worker_id ="
        " (SELECT max(id) FROM procrastinate_workers) WHERE id = %s",
        attempts,
        job,
    )
    return job


def _rescue() -> None:
    jobs.rescue_stalled.configure(queue="tests").defer(timestamp=0)
    work()


def test_jobs_of_a_killed_worker_are_done_by_another() -> None:
    _stalled(attempts=0)
    work()
    assert seen == []
    _rescue()
    work()
    assert [bell for bell, _, _ in seen] == ["a"]
    assert {status for status, _ in states()} == {"succeeded"}


def test_a_job_that_kills_its_worker_again_and_again_ends_in_the_dead_list(settings: Any) -> None:
    job = _stalled(attempts=settings.YUANXIN_JOB_ATTEMPTS - 1)
    _rescue()
    assert [dead["id"] for dead in jobs.dead_jobs()] == [job]
    assert seen == []
