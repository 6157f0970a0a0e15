"""The hook: whoever watches the nights hears of a bad one, and hears nothing about a person."""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from linewatch.profile import Hook
from tasks.notify import notify

REFUSED = {
    "night": "2026-11-21",
    "status": "refused",
    "exit_code": 2,
    "error": "ExpectationFailed",
    "next": "linewatch status --home /srv/linewatch",
    "log": "/srv/linewatch/log/2026-11-21.jsonl",
}


@pytest.fixture
def told(tmp_path):
    """A command for the hook that keeps what it was told, and a way to read it."""
    file = tmp_path / "told.json"
    script = f"import sys, pathlib; pathlib.Path({str(file)!r}).write_text(sys.stdin.read())"
    return (sys.executable, "-c", script), lambda: json.loads(file.read_text())


def test_a_command_hears_the_outcome_and_the_next_command_to_type(told):
    command, heard = told
    assert notify(Hook(command=command), REFUSED) == ()
    assert heard() == REFUSED


def test_of_a_held_night_it_hears_which_guard_tripped(told):
    command, heard = told
    held = {**REFUSED, "status": "held", "held_because": ["frozen_share_bp is 400, most 300"]}
    notify(Hook(command=command), held)
    assert heard()["held_because"] == held["held_because"]


def test_nothing_but_the_agreed_keys_ever_leaves(told):
    command, heard = told
    notify(Hook(command=command), {**REFUSED, "said": "first: borrower 10293", "paths": {"drafts": "x"}})
    assert heard() == REFUSED


@pytest.mark.parametrize(
    ("command", "failure"),
    [
        ((sys.executable, "-c", "raise SystemExit(3)"), "ended with exit code 3"),
        (("/nowhere/at-all",), "could not be started"),
        ((sys.executable, "-c", "import time; time.sleep(30)"), "did not end within 1 s"),
    ],
)
def test_a_hook_that_fails_says_so_and_changes_nothing(command, failure):
    (said,) = notify(Hook(command=command, timeout_seconds=1), REFUSED)
    assert failure in said


def test_a_webhook_gets_the_outcome_as_json():
    heard = []

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *words: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.handle_request, daemon=True).start()
    hook = Hook(webhook=f"http://127.0.0.1:{server.server_port}/nights", timeout_seconds=10)
    assert notify(hook, REFUSED) == ()
    server.server_close()
    assert heard == [REFUSED]


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/", "file:///etc/hostname"])
def test_a_webhook_that_nobody_answers_is_a_sentence_in_the_log(address):
    (said,) = notify(Hook(webhook=address, timeout_seconds=2), REFUSED)
    assert said.startswith("the hook's webhook")


def test_a_lender_without_a_hook_is_left_alone():
    assert notify(Hook(), REFUSED) == ()
