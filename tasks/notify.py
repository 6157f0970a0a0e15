"""Tell whoever watches the nights that one failed, was held or was refused: the profile's command or webhook.

What goes out carries no personal data: the night, the outcome, counts, the kind of error and
the next command to type, never an error's own words, which may name a line. A hook that fails
changes nothing but the log.
"""

from __future__ import annotations

import json
import subprocess
import urllib.request
from collections.abc import Mapping
from typing import Any

from linewatch.profile import Hook

SENT = ("night", "status", "exit_code", "error", "decided", "quarantined", "held_because", "next", "log")
"""The only keys that ever leave."""


def notify(hook: Hook, outcome: Mapping[str, Any]) -> tuple[str, ...]:
    """Hand the outcome to the command (standard input) and the webhook (POST), as JSON.

    Returns one sentence for each that failed; raises nothing. Each has `timeout_seconds`.
    """
    message = json.dumps({key: outcome[key] for key in SENT if key in outcome}, default=str).encode()
    failures = []
    if hook.command:
        failures.append(_command(hook, message))
    if hook.webhook:
        failures.append(_webhook(hook, message))
    return tuple(failure for failure in failures if failure)


def _command(hook: Hook, message: bytes) -> str:
    program = hook.command[0]
    try:
        ended = subprocess.run(
            hook.command, input=message, capture_output=True, timeout=hook.timeout_seconds, check=False
        )
    except subprocess.TimeoutExpired:
        return f"the hook's command {program} did not end within {hook.timeout_seconds} s"
    except OSError as error:
        return f"the hook's command {program} could not be started: {error.strerror}"
    return f"the hook's command {program} ended with exit code {ended.returncode}" if ended.returncode else ""


def _webhook(hook: Hook, message: bytes) -> str:
    if not hook.webhook.startswith(("http://", "https://")):
        return "the hook's webhook is not an http or https address"
    request = urllib.request.Request(
        hook.webhook, data=message, headers={"Content-Type": "application/json"}, method="POST"
    )
    try:
        with urllib.request.urlopen(request, timeout=hook.timeout_seconds):
            return ""
    except (OSError, ValueError) as error:
        return f"the hook's webhook did not take the outcome: {type(error).__name__}: {error}"
