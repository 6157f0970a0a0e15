"""The view as sections of sentences: what a terminal, and a page, show alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from linewatch.case import KINDS
from tasks.borrower_view.figures import Figures
from tasks.borrower_view.words import WORDS, Words

Content = Mapping[str, Any]
WITH_CAUSES = ("night", "person")
"""What else moves a limit takes something back: what it is split into says nothing of the borrower."""


@dataclass(frozen=True)
class Block:
    """What is told of one thing: a head, and sentences under it; either may be empty."""

    head: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Section:
    title: str
    blocks: tuple[Block, ...]


def told(content: Content) -> list[Section]:
    """Every section, in the order in which it is read out. Days in the content are ISO text."""
    teller = _Teller(content)
    words = teller.words
    sections = [
        Section(words["who"], (teller.who(),)),
        _section(words, "lines", teller.lines()),
        _section(words, "history", teller.history()),
        _section(words, "letters", teller.letters()),
        _section(words, "cases", teller.cases()),
        _section(words, "holds", teller.holds()),
        _section(words, "promises", teller.promises()),
        _section(words, "advice", teller.advice()),
        Section(words["rights"], (teller.rights(),)),
    ]
    kept = tuple(teller.not_kept())
    return [*sections, *([Section(words["not_kept"], kept)] if kept else [])]


def heading(content: Content) -> tuple[str, tuple[str, ...]]:
    """The title, and as of when it is."""
    teller = _Teller(content)
    title = teller.words["title"].format(id=content["borrower"]["borrower_id"])
    lines = [teller.words["night"].format(night=teller.day(content["as_of"]))]
    return title, tuple(lines if content["is_newest"] else [*lines, teller.words["older"]])


def _section(words: Words, name: str, blocks: Iterator[Block]) -> Section:
    found = tuple(blocks)
    return Section(words[name], found or (Block("", (words[f"no_{name}"],)),))


class _Teller:
    def __init__(self, content: Content) -> None:
        self.content = content
        self.language = content["language"]
        self.words = WORDS[self.language]
        self.figures = Figures(self.language, content["borrower"]["jurisdiction"])
        self.currency = {line["facility_id"]: line["currency"] for line in content["lines"]}

    def say(self, key: str, **fields: Any) -> str:
        return self.words[key].format(**fields)

    def day(self, text: str | None) -> str:
        return self.words["unknown"] if text is None else self.figures.day(date.fromisoformat(text))

    def money(self, cents: int | None, line: str, *, signed: bool = False) -> str:
        currency = self.currency.get(line)
        if cents is None or currency is None:
            return self.words["unknown"]
        return self.figures.money(cents, currency, signed=signed)

    def rate(self, bp: int | None) -> str:
        return self.words["unknown"] if bp is None else self.figures.rate(bp)

    def who(self) -> Block:
        who = self.content["borrower"]
        kind = self.words[who["borrower_type"] or "unknown"]
        country = self.figures.country(who["jurisdiction"]) or self.words["unknown"]
        return Block("", (self.say("who_is", id=who["borrower_id"], type=kind, country=country),))

    def lines(self) -> Iterator[Block]:
        for line in self.content["lines"]:
            product = self.words.get(line["product"], line["product"])
            head = self.say("line", line=line["facility_id"], product=product)
            yield Block(head, tuple(self._line(line)))

    def _line(self, line: Content) -> Iterator[str]:
        name = line["facility_id"]
        if line["state"] == "not_reviewed":
            yield self.say("not_reviewed", day=self.day(line["last_seen_on"]))
            return
        limit = self.money(line["limit_cents"], name)
        if line["limit_from"]:
            old, day = self.money(line["until_then_cents"], name), self.day(line["limit_from"])
            yield self.say("limit_from", limit=limit, day=day, old=old)
        else:
            yield self.say("limit", limit=limit)
        yield self.words[line["state"]]
        if line["paused_because"]:
            yield from self._paused(line["paused_because"])
        if line["next_review_on"]:
            yield self.say("next_review", day=self.day(line["next_review_on"]))
        if line["offer"]:
            offered = self.money(line["offer"]["limit_cents"], name)
            yield self.say("offer", limit=offered, day=self.day(line["offer"]["until"]))

    def _paused(self, because: Content) -> Iterator[str]:
        if not self.content["more_may_be_told"]:
            yield self.words["looking"]
            return
        yield self.words[f"paused_{because['by']}"]
        yield from (self.say("reason", reason=reason["text"]) for reason in because["reasons"])

    def history(self) -> Iterator[Block]:
        for change in self.content["history"]:
            yield Block(self._change(change), tuple(self._of_change(change)))

    def _change(self, change: Content) -> str:
        line, action = change["facility_id"], change["action"]
        if action == "rate":
            old, new = self.rate(change["old_rate_bp"]), self.rate(change["new_rate_bp"])
        else:
            old, new = (self.money(change[f"{when}_limit_cents"], line) for when in ("old", "new"))
        return self.say(action, line=line, old=old, new=new)

    def _of_change(self, change: Content) -> Iterator[str]:
        yield self.say(f"by_{change['decided_by']}", day=self.day(change["on"]))
        yield self.say("in_force", day=self.day(change["effective_on"]))
        if change["blocked"] and change["action"] != "freeze":
            yield self.words["also_paused"]
        yield from (self.say("reason", reason=reason["text"]) for reason in change["reasons"])
        if change["causes"] and change["decided_by"] in WITH_CAUSES:
            yield from self._causes(change)
        seen = change["system_of_record"]
        yield self.say(seen["state"], day=self.day(seen["on"]))

    def _causes(self, change: Content) -> Iterator[str]:
        causes = change["causes"]
        if causes["since"] is None:
            yield self.words["moved_uncounted"]
            return
        yield self.say("moved", day=self.day(causes["since"]))
        for name, cents in causes["parts"].items():
            amount = self.money(cents, change["facility_id"], signed=True)
            yield "· " + self.say("part", what=causes["words"][name], cents=amount)

    def letters(self) -> Iterator[Block]:
        for letter in self.content["letters"]:
            head = self.say(
                "letter", day=self.day(letter["on"]), line=letter["facility_id"], subject=letter["subject"]
            )
            lines = []
            if letter["reference"]:
                lines.append(self.say("letter_reference", reference=letter["reference"]))
            if letter["deadline_on"]:
                lines.append(self.say("letter_by", day=self.day(letter["deadline_on"])))
            yield Block(head, tuple(lines))
        if self.content["letters"]:
            yield Block("", (self.words["letters_note"],))

    def cases(self) -> Iterator[Block]:
        if not self.content["more_may_be_told"]:
            yield Block("", (self.words["looking"],))
        for case in self.content["cases"]:
            kind = getattr(KINDS[case["kind"]], self.language)
            yield Block(self.say("case", day=self.day(case["opened_on"]), kind=kind), tuple(self._case(case)))

    def _case(self, case: Content) -> Iterator[str]:
        yield self.words["waits" if case["stage"] == "waiting" else case["stage"]]
        if case["due_on"]:
            yield self.say("case_due", day=self.day(case["due_on"]))
        if case["letter_by"]:
            yield self.say("letter_by", day=self.day(case["letter_by"]))
        if case["lines"]:
            yield self.say("case_lines", lines=self.words["comma"].join(case["lines"]))
        yield from (self.say("case_why", why=trigger["text"]) for trigger in case["triggers"])
        if not case["triggers"]:
            yield self.words["case_unsaid"]

    def holds(self) -> Iterator[Block]:
        for hold in self.content["holds"]:
            why = self.words["decided_since"] if hold["decided_since"] else hold["text"]
            lines = [self.say("hold", line=hold["facility_id"], why=why)]
            if then := hold["at_last_review"]:
                lines.append(self.say("hold_then", day=self.day(then["on"]), why=then["text"]))
            yield Block("", tuple(lines))

    def promises(self) -> Iterator[Block]:
        for promise in self.content["promises"]:
            yield Block(promise["facility_id"], (promise["text"],))

    def advice(self) -> Iterator[Block]:
        for advice in self.content["advice"]:
            found = self.say("advised", day=self.day(advice["on"]))
            yield Block(advice["facility_id"], (advice["text"], found))

    def rights(self) -> Block:
        lender = self.content["lender"]
        return Block(
            "",
            (
                self.words["right"],
                self.say("complaints", lender=lender["name"], address=lender["complaints_address"]),
                self.say("regulator", address=lender["regulator_address"]),
            ),
        )

    def not_kept(self) -> Iterator[Block]:
        for each in self.content["not_kept"]:
            what = self.words["comma"].join(self.words[name] for name in each["what"])
            told = self.say("not_kept_one", day=self.day(each["as_of"]), what=what, on=self.day(each["on"]))
            yield Block("", (told,))
