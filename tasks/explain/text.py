"""A decision as a receipt that a person reads in a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from babel.numbers import format_currency, get_currency_precision

from linewatch.counting import counted
from linewatch.money import major
from linewatch.wrapping import WIDTH
from linewatch.wrapping import wrapped as _wrapped
from tasks.explain.adverse import told_of_adverse
from tasks.explain.because import said_of
from tasks.explain.causes import told_of_causes
from tasks.explain.firm import ADVICE, told_of_slot, told_of_statement
from tasks.explain.grade import told_of_grade
from tasks.explain.since import told_of_case, told_since
from tasks.explain.source import told_of_report, told_of_trade
from tasks.explain.standing import told_after, told_beside

POINTS_SHOWN = 12

Content = Mapping[str, Any]


def written(line: Content) -> str:
    """The receipt of one line."""
    parts = (
        _head(line),
        _walk(line),
        _expected_loss(line),
        _decision(line),
        told_of_causes(line.get("causes"), lambda cents: _signed(cents, line)),
        _law(line),
        _reasons(line),
        _asked(line),
        _points(line),
    )
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def _head(line: Content) -> list[str]:
    score = "not scored"
    if line["score"] is not None:
        score = (
            f"score {major(line['score'], 2)} on the card {line['scorecard']}, PD {_percent(line['pd_bp'])},"
            f" {_percent(line['unknown_share_bp'] or 0)} of it unknown"
        )
    due = f"due: {line['due_because'] or 'yes'}" if line["due"] else "not due"
    then = f", next on {line['next_due_on']}" if line["next_due_on"] else ""
    use = "unknown" if line["utilisation_bp"] is None else _percent(line["utilisation_bp"])
    band = f" ({line['utilisation_band']})" if line["utilisation_band"] else ""
    state = "" if line["state"] == "committed" else f", {line['state']}"
    return [
        *_wrapped(f"Line {line['facility_id']} on the night of {line['as_of']}{state}"),
        *_wrapped(line["batch"], "  "),
        *_fields(("Held", why) for why in line["held_because"] if line["state"] == "held"),
        *_field("Borrower", f"{line['borrower_id']}, {line['borrower_type']}, {line['jurisdiction']}"),
        *_field("Line", f"{line['product']}, segment {line['segment']}, {line['currency']}"),
        *_field("Grade", f"{line['grade'] or 'none'}; {score}"),
        *(_field("Kept", told_of_grade(line["grade_kept"])) if line["grade_kept"] else []),
        *(_field("Slot", told_of_slot(line["slot"])) if line["slot"] else []),
        *(_field("Statement", told_of_statement(line["statement"])) if line["statement"] else []),
        *_fields(_of_source(line)),
        *_field("Review", f"{due}{then}"),
        *_field(
            "Standing",
            f"owed {_money(line['owed_cents'], line)}; in use {use}{band};"
            f" {counted(line['days_past_due'] or 0, 'day')} late",
        ),
        *_field("Anchor", f"{_money(line['anchor_limit_cents'], line)}, set {line['anchor_on']}"),
        *_fields(told_beside(line, _money_of(line))),
        *(["  A row of this borrower is in quarantine."] if line["quarantined"] else []),
    ]


def _of_source(line: Content) -> Iterator[tuple[str, str]]:
    report, trade = line["project_report"], line["trade"]
    if line.get("source_pruned_on"):
        yield "Source", f"its rows of this night were pruned on {line['source_pruned_on']}, and are not told"
    if trade:
        currency = trade["currency"] or line["currency"]
        yield "Revenue", told_of_trade(trade, _in(trade["revenue_cents"], currency))
    if report:
        yield "Project", told_of_report(report, _money(report["cost_to_complete_cents"], line))


def _law(line: Content) -> list[str]:
    """The records of law that bind the line, and the limit without them; nothing where none does."""
    free = line["without_regulation_cents"]
    told = free is not None and free != line["proposed_limit_cents"]
    if not line["law"] and not told:
        return []
    rows = ["The law"]
    for record in line["law"]:
        rows += _wrapped(f"{record['id']} ({record['type']}): {record['because']} {record['citation']}", "  ")
    return rows + ([f"  without it {_money(free, line)} would be proposed"] if told else [])


def _walk(line: Content) -> list[str]:
    origin = {
        "source": "as the source has it",
        "in_flight": "ours, not yet acknowledged by the system of record",
        "outside": "changed outside, as the source has it",
    }.get(line["limit_origin"], "")
    rows = [_row("limit now", line["limit_cents"], None, line, origin)]
    for step in line["walk"]:
        said = ""
        if step["row"]:
            said = step["row"]
            if step["value"] is not None:
                said += f": {said_of(step['step'], step['row'], _value(step, line))}"
        moved = step["moved_cents"] or None
        rows.append(_row(step["step"].replace("_", " "), step["after_cents"], moved, line, said))
        if step["because"]:
            rows.append("\n".join(_wrapped(step["because"], " " * 54)))
    rows.append(_row("proposed", line["proposed_limit_cents"], None, line, ""))
    return ["The walk", *rows]


def _row(name: str, cents: int | None, moved: int | None, line: Content, said: str) -> str:
    """A line of the receipt: step, limit after it, what it moved, what did it."""
    figure = f"  {name:<14}{_money(cents, line):>20}{_signed(moved, line):>16}  "
    told = _wrapped(said, "", WIDTH - len(figure)) or [""]
    rest = ["\n" + " " * len(figure) + more for more in told[1:]]
    return (figure + told[0] + "".join(rest)).rstrip()


def _expected_loss(line: Content) -> list[str]:
    loss = line["expected_loss"]
    if loss is None:
        return []
    lender = line["lender_currency"]
    covers = []
    for cover in loss["covers"]:
        until = "" if cover["days"] is None else f", for {counted(cover['days'], 'more day')}"
        first, *rest = _wrapped(
            f"{cover['kind']} {cover['guarantee_id']} by {cover['provider_id']}: takes"
            f" {_money(cover['covered_cents'], line)} at {_rate(cover['loss_rate_e8'])}{until}",
            "    ",
        )
        covers += [f"  - {first.lstrip()}", *rest]
    uncovered = loss["ead_cents"] - sum(cover["covered_cents"] for cover in loss["covers"])
    return [
        "Expected loss",
        *_field("At default", f"{_money(loss['ead_cents'], line)} would stand open"),
        *covers,
        *_field("Uncovered", f"{_money(uncovered, line)} at {_rate(loss['own_loss_rate_e8'])}"),
        *_field("Costs", f"{_sum(loss['loss_cents'], lender)} a year"),
        *_field(
            "All lines",
            f"{_sum(loss['obligor_loss_cents'], lender)}; the appetite is"
            f" {_sum(loss['appetite_cents'], lender)},"
            f" {_sum(loss['room_cents'], lender)} beside what is owed",
        ),
    ]


def _rate(loss_rate_e8: int) -> str:
    return f"{major(loss_rate_e8, 6)} % lost"


def _decision(line: Content) -> list[str]:
    meanwhile = "nothing moves"
    if line["action"] == "freeze":
        meanwhile = "drawing is stopped"
    elif line["law_limit_cents"] is not None:
        meanwhile = "only the law's share moves"
    what = {"automatic": "made by itself", "referred": f"waits for a person; {meanwhile} meanwhile"}
    decided = line.get("since") is not None
    if decided:
        what["referred"] = "waited for a person, who has decided since"
    day = f", from {line['effective_on']}" if line["effective_on"] else ""
    told = [*_wrapped(f"Decision: {line['action']}{day}; {what[line['route']]}")]
    told += _fields(told_since(line, _money_of(line)))
    if line["recommendation"]:
        told += _field("Advice", f"{ADVICE[line['recommendation']]} [{line['recommendation']}]")
    if line["binding_steps"]:
        told += _field("Moved by", ", ".join(step.replace("_", " ") for step in line["binding_steps"]))
    if line["rate_bp"] is not None and line["rate_bp"] != line["proposed_rate_bp"]:
        told += _field("Rate", f"{_percent(line['rate_bp'])} to {_percent(line['proposed_rate_bp'])} a year")
    if line["hold"]:
        told += _field("Why not", f"{line['hold']['text']} [{line['hold']['code']}]")
    told += _fields(
        ("Rule", f"{rule['name']}, {rule['then']} when {rule['when']}: {rule['because']}")
        for rule in line["rules"]
    )
    if line["drawdown_blocked"] and not (decided and line["meanwhile"]):
        told += ["  No new drawings are possible."]
    told += _fields(told_after(line, _money_of(line)))
    if line["adverse"]:
        waits = line["route"] == "referred" and not decided
        told += _fields(told_of_adverse(line["adverse"], _money_of(line), waits))
    return told


def _reasons(line: Content) -> list[str]:
    if not line["reasons"]:
        return []
    proposed = line["action"] == "freeze" and line["meanwhile"]
    told = [f"Reasons{' of what is proposed' if proposed else ''}, as the borrower reads them"]
    for number, reason in enumerate(line["reasons"], start=1):
        weight = []
        if reason["points"] is not None:
            weight.append(f"{major(reason['points'], 2)} points short of the reference")
        if reason["cents"]:
            weight.append(f"takes {_money(reason['cents'], line)}")
        first, *rest = _wrapped(f"{reason['text']} [{reason['code']}]", "     ")
        told += [f"  {number}. {first.lstrip()}", *rest]
        if weight:
            told += _wrapped("; ".join(weight), "     ")
    return told


def _asked(line: Content) -> list[str]:
    told = []
    if line["triggers"]:
        told.append("Why a person is asked")
        for trigger in line["triggers"]:
            said = f"{trigger['text']} [{trigger['code']}] {trigger['because']}".rstrip()
            first, *rest = _wrapped(said, "    ")
            told += [f"  - {first.lstrip()}", *rest]
    if line["case"]:
        told = told or ["A person is asked about the borrower"]
        told += _field("Case", told_of_case(line["case"]))
    return told


def _points(line: Content) -> list[str]:
    """The characteristics that cost most first; at most POINTS_SHOWN of them, all are in --json."""
    if not line["points"]:
        return []
    told = [
        "Score, characteristic by characteristic (points; short = reference less points)",
        f"  {'characteristic':<34}{'value':>16}{'points':>11}{'reference':>11}{'short':>11}  driver",
    ]
    for row in line["points"][:POINTS_SHOWN]:
        value = "unknown" if row["value"] is None else f"{row['value']:,}"
        told.append(
            f"  {row['characteristic'][:33]:<34}{value:>16}{major(row['points'], 2):>11}"
            f"{major(row['reference_points'], 2):>11}{major(row['shortfall'], 2):>11}  {row['driver']}"
        )
    more = len(line["points"]) - POINTS_SHOWN
    return [*told, f"  and {more} more: --json has them all"] if more > 0 else told


def _value(step: Mapping[str, Any], line: Content) -> str:
    value, unit = step["value"], step["unit"]
    if unit in ("share_bp", "bp"):
        return _percent(value)
    if unit == "months":
        return counted(value, "month")
    if unit == "reporting_cents":
        return _sum(value, line["lender_currency"])
    return _money(value, line)


def _money(cents: int | None, line: Content) -> str:
    return _in(cents, line["currency"])


def _in(cents: int | None, currency: str | None) -> str:
    """A quarantined line may lack its limit or its currency."""
    if cents is None or currency is None:
        return "unknown"
    return format_currency(major(cents, get_currency_precision(currency)), currency, locale="en")


def _sum(cents: int | None, currency: str | None) -> str:
    """An amount in the currency in which lines are added up; without a sign where that is kept no longer."""
    if cents is not None and currency is None:
        return f"{major(cents, 2):,}"
    return _in(cents, currency)


def _signed(cents: int | None, line: Content) -> str:
    if cents is None:
        return ""
    places = get_currency_precision(line["currency"])
    return f"{major(cents, places):+,}"


def _percent(bp: int) -> str:
    return f"{major(bp, 2)} %"


def _money_of(line: Content) -> Callable[[int | None], str]:
    return lambda cents: _money(cents, line)


def _fields(told: Iterable[tuple[str, str]]) -> list[str]:
    return [row for name, text in told for row in _field(name, text)]


def _field(name: str, text: str) -> list[str]:
    """A name in the margin and what it holds, wrapped beside it."""
    first, *rest = _wrapped(text, "", WIDTH - 13) or [""]
    return [f"  {name:<11}{first}", *(" " * 13 + more for more in rest)]
