"""Proofs that a person holds: what they say, and that no byte of one can be altered."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.verify.a_home import Home, small_home
from tests.verify.by_the_page import FIRST, SECOND, Signer
from verify.note import read_checkpoint
from verify.proof import Proven, Refused, check
from verify.tree import Tree

OTHER = Signer("linewatch.example/log", b"o" * 32)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return small_home(tmp_path_factory.mktemp("proofs") / "home")


@pytest.fixture(scope="module")
def proof(home: Home) -> str:
    """A change of the first night without its decision, so that there are few bytes to flip."""
    return home.proof(named(home, "11-22"), 7, 5)


def named(home: Home, day: str) -> str:
    return next(name for name in home.trees if day in name)


def refusal(text: str, *keys: str) -> str:
    verdict = check(text, keys or [SECOND.key])
    assert isinstance(verdict, Refused), verdict
    assert verdict.because.startswith("The proof is refused: ")
    assert verdict.because.endswith(".")
    return verdict.because


def test_a_proof_says_whose_limit_went_from_what_to_what(home: Home) -> None:
    name, key = named(home, "11-22"), SECOND.key.rsplit("+", 1)[0]
    verdict = check(home.proof(name, 7, 5, decision_at=1), [SECOND.key])
    assert isinstance(verdict, Proven)
    assert verdict.sentences == (
        "The limit of line F0001 went from 10,000.00 CNY to 9,000.00 CNY, from 2026-11-22 on.",
        f"This is change {verdict.facts['change_id']} of the night of 2026-11-21, in batch {name}.",
        "The yearly rate for new drawings went from 18.00 % to 17.00 %.",
        "The decision about the line stands in the same batch and leaves the same limit in force.",
        f"The batch is entry 5 of the log, whose 9 entries were signed by key {key}.",
    )
    assert verdict.facts["new_limit_cents"] == 900_000


def test_a_batch_that_was_held_is_told_as_what_became_of_it(home: Home) -> None:
    name = named(home, "11-23")
    held = check(home.proof(name, 4, 6), [SECOND.key])
    moved = check(home.proof(name, 4, 6, moved=7), [SECOND.key])
    assert isinstance(held, Proven)
    assert isinstance(moved, Proven)
    assert any("this proof does not say what they decided" in each for each in held.sentences)
    assert moved.facts["state"] == "committed"
    assert not any("held" in each for each in moved.sentences)
    assert "of another one" in refusal(home.proof(named(home, "11-22"), 7, 5, moved=7))


def test_a_proof_is_checked_by_the_keys_that_were_given(home: Home, proof: str) -> None:
    assert "not signed by the key" in refusal(proof, FIRST.key)
    assert "not signed by the key" in refusal(proof, OTHER.key)
    assert isinstance(check(proof, [FIRST.key, f" {SECOND.key}\n"]), Proven)
    assert "was not copied whole" in refusal(proof, SECOND.key[:-2] + "AA")
    assert isinstance(check(proof, []), Refused)


def test_a_proof_of_one_change_is_none_of_another(home: Home, proof: str) -> None:
    other = json.loads(home.proof(named(home, "11-22"), 8, 5, decision_at=3))
    mine = json.loads(home.proof(named(home, "11-22"), 7, 5, decision_at=1))

    def swapped(change: Callable[[dict[str, Any]], object]) -> str:
        made = json.loads(json.dumps(mine))
        change(made)
        return refusal(json.dumps(made, ensure_ascii=False, indent=2) + "\n")

    assert "about another line" in swapped(lambda made: made["leaves"].__setitem__(1, other["leaves"][1]))
    assert "not in the tree" in swapped(lambda made: made["leaves"][0].update(row=other["leaves"][0]["row"]))
    assert "at most one" in swapped(lambda made: made["leaves"].append(made["leaves"][0]))
    assert "none of the batch's changes" in swapped(lambda made: made["leaves"][0].update(index=1))
    assert "no leaf of a change" in swapped(lambda made: made["leaves"].pop(0))
    assert "of another batch" in swapped(lambda made: made.update(batch=named(home, "11-23")))
    assert "is not in the log" in swapped(lambda made: made["entry"].update(salt="00" * 16))
    assert "keys that the format does not know" in swapped(lambda made: made.update(more=1))
    assert "lacks `entry`" in swapped(lambda made: made.pop("entry"))
    assert "of no format" in swapped(lambda made: made.update(format="linewatch-proof/2"))


def test_a_checkpoint_that_was_kept_elsewhere_agrees_or_refutes(home: Home, proof: str) -> None:
    size = len(home.leaves)
    agreed = check(proof, [SECOND.key], against=[json.loads(proof)["checkpoint"]])
    assert isinstance(agreed, Proven)
    assert agreed.sentences[-1] == "The checkpoint kept elsewhere tells of the same log of 9 entries."
    refuted = check(proof, [SECOND.key], against=[SECOND.note(size, bytes(32))])
    assert isinstance(refuted, Refused)
    assert "another log of 9 entries" in refuted.because
    older = check(proof, [SECOND.key], against=[SECOND.note(5, bytes(32))])
    assert isinstance(older, Proven)
    assert "ask for `linewatch log consistency 5 9`" in older.sentences[-1]


def test_one_log_is_shown_to_continue_another(home: Home) -> None:
    keys = [FIRST.key, SECOND.key]
    for old in range(1, 10):
        verdict = check(home.consistency(old), keys)
        assert isinstance(verdict, Proven)
        assert f"begins with the log of {old} entr" in verdict.sentences[0]
    assert "not signed" in refusal(home.consistency(5), SECOND.key)
    made = json.loads(home.consistency(5))
    made["old"] = FIRST.note(5, Tree().root())
    assert "does not continue" in refusal(json.dumps(made, ensure_ascii=False, indent=2), *keys)


def flipped(text: str, masks: tuple[int, ...]) -> list[str]:
    data = text.encode()
    return [
        (data[:at] + bytes([data[at] ^ mask]) + data[at + 1 :]).decode("utf-8", "surrogateescape")
        for at in range(len(data))
        for mask in masks
    ]


def test_no_byte_of_a_proof_can_be_flipped(home: Home, proof: str) -> None:
    assert isinstance(check(proof, [SECOND.key]), Proven)
    for text in flipped(proof, (0x01, 0x20, 0x80)):
        refusal(text)


def test_no_byte_of_a_proof_with_its_decision_or_of_consistency_can_be_flipped(home: Home) -> None:
    for text in flipped(home.proof(named(home, "11-22"), 7, 5, decision_at=1), (0x02,)):
        refusal(text)
    for text in flipped(home.consistency(5), (0x01, 0x20, 0x80)):
        refusal(text, FIRST.key, SECOND.key)


def test_a_proof_that_says_the_same_in_another_spelling_is_refused(proof: str) -> None:
    for text in (
        proof.replace("\n", "\r\n"),
        " " + proof,
        proof + "\n",
        "\ufeff" + proof,
        proof.replace('": ', '":  ', 1),
        json.dumps(json.loads(proof)),
        proof.replace("linewatch-proof", "\\u006cinewatch-proof"),
        proof.replace('"batch":', '"batch": "x",\n  "batch":', 1),
    ):
        refusal(text)
    assert isinstance(check(proof.removesuffix("\n"), [SECOND.key]), Proven)


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("", "no JSON"),
        ("[]", "no JSON object"),
        ("[" * 100_000, "nested too deep"),
        ('{"a":' * 30 + "1" + "}" * 30, "nested too deep"),
        ('{"format": NaN}', "no number"),
        ('{"format": 1.0}', "not whole"),
        ('{"format": ' + "9" * 5_000 + "}", "longer than any"),
        ('{"format": 1, "format": 1}', "a key twice"),
        ('{"format": "\ud800"}', "no text in UTF-8"),
        ('{"format": "\\ud800"}', "blanks or line ends"),
        ("{" + " " * 10_000_001 + "}", "too long"),
    ],
)
def test_what_is_no_proof_is_refused_in_a_sentence(text: str, because: str) -> None:
    assert because in refusal(text)


@given(st.text())
def test_any_text_gets_an_answer(text: str) -> None:
    refusal(text)
    assert isinstance(check("{}", [text]), Refused)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
PLACES = [
    ("format",), ("batch",), ("moved",), ("checkpoint",),
    ("leaves",), ("leaves", 0), ("leaves", 0, "of"), ("leaves", 0, "row"), ("leaves", 0, "salt"),
    ("leaves", 0, "index"), ("leaves", 0, "path"), ("leaves", 0, "path", 0),
    ("entry",), ("entry", "content"), ("entry", "salt"), ("entry", "index"), ("entry", "path"),
]  # fmt: skip


@given(st.sampled_from(PLACES), ANYTHING)
def test_any_value_anywhere_in_a_proof_gets_an_answer(home: Home, place: tuple[Any, ...], value: Any) -> None:
    made = json.loads(home.proof(named(home, "11-22"), 7, 5))
    *way, last = place
    inner = made
    for step in way:
        inner = inner[step]
    if inner.__class__ is dict and inner.get(last) == value and type(inner.get(last)) is type(value):
        return
    inner[last] = value
    refusal(json.dumps(made, ensure_ascii=False, indent=2))


@given(ANYTHING, ANYTHING, ANYTHING)
def test_an_entry_may_hold_anything_and_gets_an_answer(rows: Any, tree: Any, state: Any) -> None:
    """Whoever holds the key can sign any content: that is refused too, and never with a traceback."""
    content = json.dumps({"v": 1, "index": 0, "rows": rows, "tree": tree, "state": state})
    home = Home.__new__(Home)
    home.leaves, home.contents, home.salts, home.signer = [], [content], [bytes(16)], SECOND
    tree_of_one = Tree()
    leaf = hashlib.sha256(b"\0" + bytes(16) + content.encode("utf-8", "surrogatepass")).digest()
    tree_of_one.add(leaf)
    made = {
        "format": "linewatch-proof/1",
        "batch": "b",
        "leaves": [],
        "entry": {"content": content, "salt": "00" * 16, "index": 0, "path": []},
        "checkpoint": SECOND.note(1, tree_of_one.root()),
    }
    refusal(json.dumps(made, ensure_ascii=False, indent=2))


def test_the_command_needs_neither_home_nor_arrow(home: Home, proof: str, tmp_path: Path) -> None:
    (tmp_path / "proof.json").write_text(proof, encoding="utf-8")
    (tmp_path / "kept").write_text(json.loads(proof)["checkpoint"], encoding="utf-8")
    code = (
        "import runpy, sys\n"
        "class Ban:\n"
        "    def find_spec(self, name, *rest):\n"
        "        if name.split('.')[0] in ('pyarrow', 'numpy', 'linewatch', 'sqlite3', 'duckdb'):\n"
        "            raise ImportError(name)\n"
        "sys.meta_path.insert(0, Ban())\n"
        "runpy.run_module('verify', run_name='__main__')\n"
    )

    def run(*options: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-c", code, *options], capture_output=True, text=True)

    good = run(
        "--proof", str(tmp_path / "proof.json"), "--key", SECOND.key, "--against", str(tmp_path / "kept")
    )
    assert (good.returncode, good.stderr) == (0, "")
    assert good.stdout.startswith(
        "The limit of line F0001 went from 10,000.00 to 9,000.00, from 2026-11-22 on."
    )
    bad = run("--proof", str(tmp_path / "proof.json"), "--key", FIRST.key)
    assert (bad.returncode, bad.stdout) == (2, "")
    assert bad.stderr.startswith("The proof is refused: its checkpoint is not signed by the key")
    none = run("--proof", str(tmp_path / "nothing"), "--key", FIRST.key)
    assert (none.returncode, "cannot be read" in none.stderr) == (2, True)


def test_the_checkpoint_of_a_proof_is_a_note_of_its_own(proof: str) -> None:
    assert read_checkpoint(json.loads(proof)["checkpoint"]).size == 9
