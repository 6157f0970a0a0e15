"""What stands beside a limit: the law's share, an offer, what is on its way, what the borrower set."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from linewatch.counting import counted

Money = Callable[[int | None], str]


def standing_of(line: Mapping[str, Any], as_of: date) -> dict[str, Any]:
    """Each part is null where it does not apply; the files of older nights have none of them."""
    return {
        "law_limit_cents": line.get("law_limit_cents"),
        "committed_limit_cents": line.get("committed_limit_cents"),
        "offer": _offer(line),
        "temporary_cents": line.get("temporary_cents") or None,
        "publication": _publication(line, as_of),
        "customer_limit": _customer_limit(line),
        "deadline_on": line.get("deadline_on"),
        "block_lifted": bool(line.get("block_lifted")),
    }


def _offer(line: Mapping[str, Any]) -> dict[str, Any] | None:
    if line.get("offered_limit_cents") is None:
        return None
    return {"limit_cents": line["offered_limit_cents"], "until": line["offer_until"]}


def _publication(line: Mapping[str, Any], as_of: date) -> dict[str, Any] | None:
    """What the system of record does not show yet, and the days by which it is late."""
    expected_on = line.get("expected_on")
    if expected_on is None:
        return None
    return {
        "limit_cents": line["committed_limit_cents"],
        "expected_on": expected_on,
        "overdue_days": max(0, (as_of - expected_on).days),
    }


def _customer_limit(line: Mapping[str, Any]) -> dict[str, Any] | None:
    if line.get("customer_limit_cents") is None:
        return None
    return {"limit_cents": line["customer_limit_cents"], "set_on": line["customer_limit_on"]}


def told_beside(line: Mapping[str, Any], money: Money) -> Iterator[tuple[str, str]]:
    """What stands beside the limit when the night begins, in names and sentences."""
    if line["temporary_cents"]:
        until = f" until {line['temporary_until']}" if line["temporary_until"] else ""
        yield "For a time", f"{money(line['temporary_cents'])} more{until}, which is no part of the limit"
    if line["customer_limit"]:
        on = line["customer_limit"]["set_on"]
        since = f", on {on}" if on else ""
        yield (
            "Ceiling",
            f"the borrower asked for no more than {money(line['customer_limit']['limit_cents'])}{since};"
            " nothing goes over it without a consent",
        )
    if line["block_lifted"]:
        yield "Block", "another hand lifted the block that was ours"


def told_after(line: Mapping[str, Any], money: Money) -> Iterator[tuple[str, str]]:
    """What stands beside the limit once the night is done."""
    if line["law_limit_cents"] is not None:
        yield "Law alone", _law_alone(line, money)
    if line["meanwhile"] and not line.get("since"):
        why = f"{line['meanwhile']['text']} [{line['meanwhile']['code']}]"
        yield "Meanwhile", f"nobody may draw until its case has ended. Its letter says: {why}"
    if line["deadline_on"]:
        yield "Tell by", f"the law wants the letter out by {line['deadline_on']}"
    if line["offer"]:
        yield "Offer", f"{money(line['offer']['limit_cents'])}, stands until {line['offer']['until']}"
    if line["publication"]:
        yield "On its way", _on_its_way(line["publication"], money)


def _law_alone(line: Mapping[str, Any], money: Money) -> str:
    law = money(line["law_limit_cents"])
    if line["route"] == "referred":
        return f"{law} from {line['effective_on']}, whatever a person says; only what is below waits"
    return f"the law alone would leave {law}"


def _on_its_way(publication: Mapping[str, Any], money: Money) -> str:
    limit, on, late = (publication[name] for name in ("limit_cents", "expected_on", "overdue_days"))
    what = f"{money(limit)} is decided; the system of record does not show all of it yet"
    if late:
        return f"{what}, and should have from {on}: {counted(late, 'day')} overdue"
    return f"{what}; expected from {on}"
