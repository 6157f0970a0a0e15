"""What Prefect and Great Expectations are told before either is imported: they read it once, at import."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import MutableMapping
from pathlib import Path

HEARTBEAT_SECONDS = 30
"""How often a deployment's run says that it lives: the least that Prefect takes."""

ALWAYS = {
    # Neither telemetry is asked for, and a machine without internet would log its failure.
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "false",
}
UNLESS_SET = {
    # Twenty seconds by default, which a cold start on a busy machine passes (measured: 26 s).
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
    "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": str(HEARTBEAT_SECONDS),
    # Pickle by default: what a night hands on is read as JSON or not kept at all.
    "PREFECT_RESULTS_DEFAULT_SERIALIZER": "json",
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
    "PREFECT_LOGGING_COLORS": "false",
    "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
    # The steps tell their story on standard error; Prefect's own lines go to its server.
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
}
DEBUG = {"PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "INFO"}


def prepare(home: Path, *, debug: bool = False, environment: MutableMapping[str, str] | None = None) -> None:
    """Leave every setting in the environment; call it before Prefect is imported.

    Prefect's own home lies under ours unless PREFECT_HOME or PREFECT_API_URL names another.
    """
    where = os.environ if environment is None else environment
    where.update(ALWAYS)
    if "PREFECT_HOME" not in where and "PREFECT_API_URL" not in where:
        where["PREFECT_HOME"] = str(home / "prefect")
    for name, value in {**UNLESS_SET, **(DEBUG if debug else {})}.items():
        where.setdefault(name, value)


def leave_no_trace(home: Path) -> None:
    """For commands that only look: Prefect, which is imported but runs nothing, makes its folder elsewhere.

    Call it before Prefect is imported, after `prepare`.
    """
    if os.environ.get("PREFECT_HOME") == str(home / "prefect"):
        folder = tempfile.mkdtemp(prefix="linewatch-prefect-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        os.environ["PREFECT_HOME"] = folder
