"""A letter for a terminal: what is known of it, then its words."""

from __future__ import annotations

from tasks.letters.look import Seen

RULE = "─" * 72


def told(seen: Seen) -> str:
    letter = seen.letter
    facts = {
        "draft_id": letter.draft_id,
        "of": letter.batch,
        "line": f"{letter.facility_id}, borrower {letter.borrower_id}",
        "kind": f"{letter.kind}, {letter.language}",
        "from": letter.effective_on,
        "out by": letter.deadline_on,
        "reference": letter.reference,
        "change_id": letter.change_id,
        "held": "its night waits for a person: the letter has not gone out" if seen.held else None,
    }
    heads = [f"{name:<11} {value}" for name, value in facts.items() if value is not None]
    return "\n".join([*heads, RULE, letter.subject, "", letter.text.rstrip("\n"), RULE])
