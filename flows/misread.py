"""A command line that cannot be meant: what is wrong with it, in plain words, and whose help to read."""

from __future__ import annotations

from datetime import date

from cyclopts import Argument, CoercionError, CycloptsError, MissingArgumentError, UnusedCliTokensError

from flows.terminal import Reply, refusal
from linewatch.errors import LinewatchError

HINT = " Did you mean "


def misread(error: CycloptsError) -> Reply:
    """What was typed cannot be meant."""
    command = " ".join(["linewatch", *(error.command_chain or ())])
    said = LinewatchError(_what(error), what_now=f"{command} --help lists what can be typed.")
    content = refusal(said).content
    content["error"]["kind"] = "Usage"
    return Reply({**content, "status": "refused", "exit_code": 2}, exit_code=2, said=str(said).splitlines())


def _what(error: CycloptsError) -> str:
    if isinstance(error, MissingArgumentError) and error.argument is not None:
        _, hint, meant = str(error).partition(HINT)
        if error.keyword:
            return f"{error.keyword} needs a value.{hint}{meant}"
        return f"{_called(error.argument)} is missing.{hint}{meant}"
    if isinstance(error, CoercionError) and error.token and error.argument is not None:
        name, value = error.token.keyword or _called(error.argument), error.token.value
        if error.target_type is date:
            return f"{name}: {value!r} is not a day; a day looks like 2026-11-21."
        if error.target_type is int:
            return f"{name}: {value!r} is not a whole number."
    if isinstance(error, UnusedCliTokensError):
        return f"Not expected here: {' '.join(error.unused_tokens or ())}."
    return str(error)


def _called(argument: Argument) -> str:
    """An option as it is typed, and what has no name on the command line as the help calls it."""
    if argument.field_info.is_keyword_only:
        return argument.name
    return argument.name.removeprefix("--").upper()
