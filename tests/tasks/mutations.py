"""Ways in which a letter may lie: each takes a true letter and gives a false one, or None where it cannot.

The text is edited by hand, as a bug or a forger would; nothing of the writer is used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from linewatch.notice import Notices
from tests.tasks.lettered_night import Sample

Lie = Callable[["Letter"], "str | None"]
ACTS = ("indication", "no_further", "promise")


class Letter:
    """A true letter, and where in it what stands."""

    def __init__(self, sample: Sample, notices: Notices, others: Mapping[str, str]) -> None:
        self.sample, self.claim, self.body = sample, sample.claim, sample.body
        self.notices, self.language = notices, sample.claim.language
        self.others = others
        """Languages to the same letter in it."""
        self.parts = sample.body.rstrip("\n").split("\n\n")

    def words(self, group: str, code: str) -> str:
        return str(getattr(self.notices, group)[code].get(self.language))

    def label(self, code: str) -> str:
        return self.words("label", code) + ("：" if self.language == "zh" else ": ")

    def line(self, opening: str) -> str | None:
        return next((line for line in self.body.split("\n") if line.startswith(opening)), None)

    def fact(self, code: str) -> str | None:
        """What stands beside a label."""
        line = self.line(self.label(code))
        return line.removeprefix(self.label(code)) if line is not None else None

    def reasons(self) -> list[str]:
        """The numbered lines, without their numbers."""
        return [line.partition(". ")[2] for line in self.part_of_reasons().split("\n")]

    def part_of_reasons(self) -> str:
        return next((part for part in self.parts if part.startswith("1. ")), "1. ")

    def with_reasons(self, reasons: list[str]) -> str:
        lines = [f"{number}. {text}" for number, text in enumerate(reasons, start=1)]
        return self.swap(self.part_of_reasons(), "\n".join(lines))

    def section(self, name: str) -> str | None:
        """The paragraph of causes or of advice."""
        opening = self.words("section", name).partition("{{")[0]
        return next((part for part in self.parts if part.startswith(opening)), None)

    def without(self, part: str | None) -> str | None:
        return None if part is None else self.body.replace(f"{part}\n\n", "", 1)

    def swap(self, was: str | None, now: str) -> str:
        assert was is not None
        assert was in self.body
        return self.body.replace(was, now, 1)


def digit_up(text: str) -> str:
    """The last digit of a figure, another one."""
    at = max(place for place, mark in enumerate(text) if mark.isdigit())
    return text[:at] + str((int(text[at]) + 1) % 10) + text[at + 1 :]


def _fact(code: str, edit: Callable[[str], str]) -> Lie:
    def lie(letter: Letter) -> str | None:
        said = letter.fact(code)
        return (
            None if said is None else letter.swap(letter.label(code) + said, letter.label(code) + edit(said))
        )

    return lie


def _reasons(least: int, edit: Callable[[list[str], Letter], list[str]]) -> Lie:
    def lie(letter: Letter) -> str | None:
        if len(letter.claim.reasons) < least:
            return None
        return letter.with_reasons(edit(letter.reasons(), letter))

    return lie


def _unused(letter: Letter) -> str:
    used = {code for code, _ in letter.claim.reasons}
    return letter.words("reason", next(code for code in letter.notices.reason if code not in used))


def _figure(edit: Callable[[str, str], str]) -> Lie:
    """Edits the figure beside the first reason that has one: its sentence, and what stands after it."""

    def lie(letter: Letter) -> str | None:
        for number, (code, figure) in enumerate(letter.claim.reasons):
            if figure is not None:
                reasons, sentence = letter.reasons(), letter.words("reason", code)
                reasons[number] = edit(sentence, reasons[number].removeprefix(sentence))
                return letter.with_reasons(reasons)
        return None

    return lie


def _of_section(name: str, edit: Callable[[list[str], Letter], list[str] | None]) -> Lie:
    def lie(letter: Letter) -> str | None:
        part = letter.section(name)
        lines = None if part is None else edit(part.split("\n"), letter)
        if part is None or lines is None or lines == part.split("\n"):
            return None
        return letter.swap(part, "\n".join(lines))

    return lie


def _cause(least: int, edit: Callable[[list[str]], list[str]]) -> Lie:
    return _of_section(
        "causes", lambda lines, _: [lines[0], *edit(lines[1:])] if len(lines) > least else None
    )


def _advice(standings: tuple[str, ...], edit: Callable[[str, Letter], str]) -> Lie:
    def change(lines: list[str], letter: Letter) -> list[str] | None:
        assert letter.claim.advice is not None
        return [lines[0], edit(lines[1], letter)] if letter.claim.advice.standing in standings else None

    return _of_section("advice", change)


def _nth_day(place: int) -> Callable[[str, Letter], str]:
    """Moves one of the days that a sentence names, counted from its end, by a year."""

    def edit(text: str, _: Letter) -> str:
        found = list(re.finditer("2[0-9]{3}", text))[place]
        return text[: found.start()] + str(int(found[0]) + 1) + text[found.end() :]

    return edit


def _amount(letter: Letter, cents: int | None) -> re.Pattern[str] | None:
    if cents is None:
        return None
    whole, rest = divmod(cents, 100)
    return re.compile(rf"{whole:,}\.{rest:02}")


def _advised(key: str) -> Callable[[str, Letter], str]:
    def edit(text: str, letter: Letter) -> str:
        wanted = _amount(letter, getattr(letter.claim.advice, key))
        if wanted is None:
            return text
        return wanted.sub(lambda found: digit_up(found[0]), text, count=1)

    return edit


def _as(standing: str) -> Callable[[str, Letter], str]:
    """The same action in the sentence of another standing."""

    def edit(text: str, letter: Letter) -> str:
        given = letter.claim.advice
        assert given is not None
        own, other = letter.words("standing", given.standing), letter.words("standing", standing)
        pattern = "(.*?)".join(map(re.escape, re.split(r"{{ \w+ }}", own)))
        names = re.findall(r"{{ (\w+) }}", own)
        found = re.fullmatch(pattern, text)
        assert found
        values = dict(zip(names, found.groups(), strict=True))
        return re.sub(r"{{ (\w+) }}", lambda field: values[field[1]], other)

    return edit


def _paragraph(opening: Mapping[str, str]) -> Lie:
    """Leaves out the paragraph that begins so."""

    def lie(letter: Letter) -> str | None:
        wanted = opening[letter.language]
        part = next((part for part in letter.parts if part.startswith(wanted)), None)
        return letter.without(part)

    return lie


def _insert(said: Mapping[str, str]) -> Lie:
    """A paragraph more, before the last."""
    return lambda letter: letter.swap(letter.parts[-1], f"{said[letter.language]}\n\n{letter.parts[-1]}")


def _text(was: Mapping[str, str], now: Mapping[str, str]) -> Lie:
    def lie(letter: Letter) -> str | None:
        wanted = was[letter.language]
        return letter.swap(wanted, now[letter.language]) if wanted in letter.body else None

    return lie


def _both(text: str) -> dict[str, str]:
    return {"zh": text, "en": text}


def _swap_limits(letter: Letter) -> str | None:
    old, new = letter.fact("old_limit"), letter.fact("new_limit")
    if old is None or new is None:
        return None
    return (
        letter.body.replace(letter.label("old_limit") + old, letter.label("old_limit") + "\0", 1)
        .replace(letter.label("new_limit") + new, letter.label("new_limit") + old, 1)
        .replace("\0", new, 1)
    )


def _causes_among_reasons(letter: Letter) -> str | None:
    part = letter.section("causes")
    if part is None or not letter.claim.reasons:
        return None
    moved = part.split("\n")[1].rpartition("：" if letter.language == "zh" else ": ")[0]
    body = letter.without(part)
    assert body is not None
    lines = letter.part_of_reasons().split("\n")
    return body.replace("\n".join(lines), "\n".join([*lines, f"{len(lines) + 1}. {moved}"]), 1)


def _swap_causes(lines: list[str]) -> list[str]:
    first, second = (re.split("(?=[+-][^+-]*$)", line) for line in lines[:2])
    return [first[0] + second[1], second[0] + first[1], *lines[2:]]


def _less(found: re.Match[str]) -> str:
    return str(int(found[0]) - 1)


LIES: Mapping[str, Lie] = {
    "two reasons swapped": _reasons(2, lambda reasons, _: [reasons[1], reasons[0], *reasons[2:]]),
    "the first reason dropped": _reasons(2, lambda reasons, _: reasons[1:]),
    "the last reason dropped": _reasons(2, lambda reasons, _: reasons[:-1]),
    "a reason that was not used added": _reasons(1, lambda reasons, letter: [*reasons, _unused(letter)]),
    "a reason replaced by another": _reasons(1, lambda reasons, letter: [_unused(letter), *reasons[1:]]),
    "a reason told twice": _reasons(1, lambda reasons, _: [*reasons, reasons[-1]]),
    "reasons numbered wrongly": lambda letter: (
        letter.swap("\n1. ", "\n2. ") if letter.claim.reasons else None
    ),
    "a reason's figure changed": _figure(lambda sentence, figure: sentence + digit_up(figure)),
    "a reason's figure left out": _figure(lambda sentence, _: sentence),
    "a reason's figure before it": _figure(lambda sentence, figure: figure.strip() + sentence),
    "the new limit a cent higher": _fact("new_limit", digit_up),
    "the old limit a cent higher": _fact("old_limit", digit_up),
    "yesterday's limit": lambda letter: (
        letter.swap(letter.fact("new_limit"), letter.fact("old_limit") or "")
        if letter.fact("new_limit")
        else None
    ),
    "old and new limit swapped": _swap_limits,
    "a figure without its cents": _fact("new_limit", lambda said: said[:-3]),
    "a minus before a limit": _fact("new_limit", lambda said: f"-{said}"),
    "another currency's sign": _fact("new_limit", lambda said: re.sub("CN¥|¥|US\\$", "€", said)),
    "a currency's sign twice": _fact("new_limit", lambda said: said + re.sub("[0-9.,]", "", said)),
    "a day earlier": _fact(
        "effective_on", lambda said: re.sub("[0-9]+(?=日)|[0-9]+(?=,| [A-Z])", _less, said, count=1)
    ),
    "another year": _fact("effective_on", lambda said: re.sub("20[0-9]{2}", "2031", said)),
    "no day": _fact("effective_on", lambda _: ""),
    "a figure left out": lambda letter: (
        letter.body.replace(f"{letter.line(letter.label('new_limit'))}\n", "", 1)
        if letter.fact("new_limit")
        else None
    ),
    "a figure twice": _fact("facility", lambda said: f"{said}\n{said}"),
    "another line": _fact("facility", digit_up),
    "a label changed": lambda letter: (
        letter.swap(letter.label("new_limit"), letter.label("limit")) if letter.fact("new_limit") else None
    ),
    "the other language": lambda letter: letter.others["en" if letter.language == "zh" else "zh"],
    "the reasons in the other language": lambda letter: (
        letter.with_reasons(
            [
                letter.notices.reason[code].get("en" if letter.language == "zh" else "zh")
                for code, _ in letter.claim.reasons
            ]
        )
        if letter.claim.reasons
        else None
    ),
    "a line about a guarantor": _insert(
        {
            "zh": "我们也已通知为您提供担保的王芳。",
            "en": "We have also told Ann Lee, who stands behind the line.",
        }
    ),
    "another borrower's key": _insert(_both("B000000001")),
    "a sentence more": lambda letter: letter.swap("\n\n", "\n\nP.S. Hurry.\n"),
    "an end after the end": lambda letter: f"{letter.body}.\n",
    "the amount of an advice changed": _advice(ACTS, _advised("amount_cents")),
    "the limit of an advice changed": _advice(ACTS, _advised("limit_cents")),
    "the first day of an advice changed": _advice(ACTS, _nth_day(0)),
    "the last day of an advice changed": _advice(ACTS, _nth_day(-1)),
    "an indication turned into a promise": _advice(("indication", "no_further"), _as("promise")),
    "a promise turned into an indication": _advice(("promise",), _as("indication")),
    "no further cut told as a better limit": _advice(("no_further",), _as("indication")),
    "a better limit told as no further cut": _advice(("indication",), _as("no_further")),
    "not a promise left out": _advice(
        ("indication", "no_further"),
        lambda text, _: re.sub("这不是承诺.*| This is not a promise.*", "", text),
    ),
    "an advice where nothing helps": _advice(
        ("nothing",),
        lambda text, letter: letter.words("advice", "prove_income_on_time").partition("{{")[0] + text,
    ),
    "another reason why nothing helps": _advice(
        ("nothing",),
        lambda _, letter: letter.words(
            "advice",
            "support" if letter.claim.advice and letter.claim.advice.code != "support" else "nothing_law",
        ),
    ),
    "the advice dropped": lambda letter: letter.without(letter.section("advice")),
    "the advice given twice": lambda letter: (
        letter.swap(part, f"{part}\n\n{part}") if (part := letter.section("advice")) else None
    ),
    "a cause among the reasons": _causes_among_reasons,
    "a cause's cents changed": _cause(1, lambda lines: [digit_up(lines[0]), *lines[1:]]),
    "a cause's sign turned": _cause(
        1, lambda lines: [lines[0].translate(str.maketrans("+-", "-+")), *lines[1:]]
    ),
    "a cause dropped": _cause(2, lambda lines: lines[1:]),
    "the cents of two causes swapped": _cause(2, _swap_causes),
    "a cause that moved nothing": _cause(1, lambda lines: [*lines, re.sub("[1-9]", "0", lines[-1])]),
    "the day since when changed": _of_section("causes", lambda lines, _: [digit_up(lines[0]), *lines[1:]]),
    "the causes dropped": lambda letter: letter.without(letter.section("causes")),
    "the causes without their heading": _of_section("causes", lambda lines, _: lines[1:]),
    "the right to contest left out": _text(
        {"zh": "，对决定提出异议", "en": ", and to contest it"}, _both("")
    ),
    "the right to a person left out": _paragraph(
        {"zh": "如果您对本次调整有疑问", "en": "You have the right to have a person"}
    ),
    "the right to refuse left out": _paragraph({"zh": "您也可以拒绝仅由系统", "en": "You may also refuse"}),
    "the regulator left out": _paragraph({"zh": "您也可以向监管机构", "en": "You may also turn to"}),
    "another lender's address": _text(
        _both("Complaints, Example Lender, 1 Example Road"), _both("Complaints, Other Lender, 9 Other Road")
    ),
    "another lender": _text(_both("\nExample Lender\n"), _both("\nSample Lender\n")),
    "another bureau": _text(_both("Example Bureau"), _both("Sample Bureau")),
    "the bureau left out": _paragraph({"zh": "我们参考了以下机构", "en": "We used a credit report"}),
    "the notice on equal credit shortened": _text({"zh": "宗教、", "en": "religion, "}, _both("")),
    "the notice on equal credit left out": _paragraph(
        {"zh": "美国联邦《平等信贷", "en": "The federal Equal"}
    ),
    "a field not filled": _fact("new_limit", lambda _: "{{ new_limit }}"),
    "a tip about a fraud": _insert(
        {"zh": "我们怀疑这里有欺诈。", "en": "We suspect that there is a fraud here."}
    ),
    "the reasons twice": lambda letter: (
        letter.swap(letter.part_of_reasons(), f"{letter.part_of_reasons()}\n\n{letter.part_of_reasons()}")
        if letter.claim.reasons
        else None
    ),
    "the letter twice": lambda letter: letter.body + letter.body,
    "a mark that is not seen in a limit": _fact("new_limit", lambda said: f"{said[:-1]}\u200b{said[-1]}"),
    "a mark that turns the text around": _fact("facility", lambda said: f"\u202e{said}"),
    "digits that only look like digits": _fact(
        "new_limit", lambda said: said.translate({ord(str(digit)): 0xFF10 + digit for digit in range(10)})
    ),
    "digits of another script in a day": _fact(
        "effective_on", lambda said: said.translate({ord(str(digit)): 0x0660 + digit for digit in range(10)})
    ),
    "a letter of another alphabet": _text({"zh": "额度", "en": "credit"}, {"zh": "額度", "en": "сredit"}),
    "another reader": lambda letter: (
        letter.swap(letter.claim.name, "Bob Stranger") if letter.claim.name else None
    ),
    "another day of writing": lambda letter: letter.swap(
        letter.parts[-1],
        "\n".join([*(lines := letter.parts[-1].split("\n"))[:-2], digit_up(lines[-2]), lines[-1]]),
    ),
    "another reference": lambda letter: letter.swap(letter.claim.reference, "0123456789ABCDEF"),
    "the order of paragraphs turned": lambda letter: "\n\n".join(letter.parts[::-1]) + "\n",
    "no end of line": lambda letter: letter.body.rstrip("\n"),
    "nothing at all": lambda _: "",
}


def of_other_kind(sample: Sample, notices: Notices) -> list[str]:
    """The subjects of all other kinds, and its own in the other language."""
    own = notices.letter[sample.claim.kind].subject
    others = [words.subject for kind, words in notices.letter.items() if kind != sample.claim.kind]
    language = sample.claim.language
    return [*(each.get(language) for each in others), own.get("en" if language == "zh" else "zh")]


def turned(row: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The row of a reader of another language."""
    return {**row, "language": language}
