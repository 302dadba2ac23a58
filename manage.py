#!/usr/bin/env python3
"""Run a management command as the database role that it needs: ``./run manage COMMAND``."""

import os
import sys

from django.core.management import execute_from_command_line

AS_OWNER = frozenset({"migrate", "flush", "dbshell"})
AS_JOB = frozenset({"procrastinate", "run_outbox", "run_ticker", "run_worker"})


def role_of(command: str) -> str:
    """Return the database role (owner, job or app) for the command; ``app`` is the role that serves."""
    if command in AS_OWNER:
        return "owner"
    return "job" if command in AS_JOB else "app"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yuanxin.config.settings")
    os.environ.setdefault("YUANXIN_DATABASE_ROLE", role_of(sys.argv[1] if len(sys.argv) > 1 else ""))
    execute_from_command_line(sys.argv)
