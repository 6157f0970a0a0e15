"""What holds of every decision of any night: each property gives the lines that break it.

They look at decisions alone (and at the hard caps that were asked of them), so that one list serves made-up
lenders, the generated one and any night that somebody keeps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

from tests.decisions.decided_night import Night, Row
from tests.oracle.arithmetic import MILLION

STEPS = "gate strategy relationship affordability expected_loss stability exposure regulation floor".split()
SOFT = ("strategy", "affordability", "expected_loss")
HARD = ("exposure", "regulation")
RISES = ("increase", "offer")
STOPS = {"quarantined", "in_flight", "frozen", "treatment", "policy_rule", "not_due", "unscored"}

Property = Callable[[Night], Iterator[Row]]


def floor(row: Row) -> int:
    return int(min(row["limit_cents"], row["owed_cents"]))


def may_be_cut(row: Row) -> bool:
    """By the walk alone: not a line in quarantine, and none of which the walk only recommends."""
    return not row["quarantined"] and row["recommendation"] is None


def moved(row: Row, step: str) -> bool:
    before = STEPS[STEPS.index(step) - 1]
    return bool(row[f"after_{step}_cents"] < row[f"after_{before}_cents"])


def a_decrease_never_raises_and_a_rise_never_lowers(night: Night) -> Iterator[Row]:
    for row in night.decisions:
        now, wished, left = row["limit_cents"], row["proposed_limit_cents"], row["committed_limit_cents"]
        if row["action"] == "decrease":
            holds = wished < now and left <= now
        elif row["action"] in RISES:
            holds = wished > now and left >= now
        else:
            holds = left == now
        if not holds:
            yield row


def a_line_rises_by_an_automatic_increase_alone(night: Night) -> Iterator[Row]:
    for row in night.decisions:
        rises = row["committed_limit_cents"] > row["limit_cents"]
        if rises and (row["action"], row["route"]) != ("increase", "automatic"):
            yield row


def what_was_decided_by_itself_is_what_was_proposed(night: Night) -> Iterator[Row]:
    for row in night.decisions:
        moves = row["route"] == "automatic" and row["action"] in ("increase", "decrease")
        if moves and row["committed_limit_cents"] != row["proposed_limit_cents"]:
            yield row


def no_limit_falls_under_what_is_owed_unless_it_stood_there(night: Night) -> Iterator[Row]:
    for row in night.decisions:
        if min(row["proposed_limit_cents"], row["committed_limit_cents"]) < floor(row):
            yield row


def a_line_over_its_limit_is_never_raised(night: Night) -> Iterator[Row]:
    for row in night.decisions:
        over = row["owed_cents"] > row["limit_cents"] + row["temporary_cents"]
        if over and max(row["proposed_limit_cents"], row["committed_limit_cents"]) > row["limit_cents"]:
            yield row


def a_late_line_is_never_raised(night: Night) -> Iterator[Row]:
    for row in night.decisions:
        if row["days_past_due"] and row["proposed_limit_cents"] > row["limit_cents"]:
            yield row


def a_limit_is_under_what_a_hard_cap_left_unless_what_is_owed_holds_it_and_is_named(
    night: Night,
) -> Iterator[Row]:
    for row in night.decisions:
        for step in HARD:
            left = row[f"after_{step}_cents"]
            asked = moved(row, step) or not night.is_small(row)
            held = row["floor_row"] == "owed" and row["proposed_limit_cents"] == floor(row)
            if asked and row["proposed_limit_cents"] > left and not held:
                yield row


def what_a_hard_cap_took_names_the_cap(night: Night) -> Iterator[Row]:
    for row in night.decisions:
        if any(moved(row, step) and row[f"{step}_row"] is None for step in HARD):
            yield row


def a_soft_cap_gives_way_to_relationship_stage_or_stability_alone_and_to_no_more_than_stood(
    night: Night,
) -> Iterator[Row]:
    for row in night.decisions:
        for step in SOFT:
            if row["proposed_limit_cents"] <= row[f"after_{step}_cents"]:
                continue
            because = (
                row["stability_row"] is not None
                or (step == "strategy" and row["relationship_row"] == "cut_relief")
                or row["floor_row"] == "owed"
                or night.is_small(row)
            )
            earned = step == "strategy" and row["after_relationship_cents"] > row["after_strategy_cents"]
            if not earned and not (because and row["proposed_limit_cents"] <= row["limit_cents"]):
                yield row


def a_rise_is_under_every_step_after_the_relationship(night: Night) -> Iterator[Row]:
    for row in night.decisions:
        least = min(row[f"after_{step}_cents"] for step in STEPS[2:])
        if row["proposed_limit_cents"] > max(least, row["limit_cents"]):
            yield row


def nothing_after_the_relationship_lifts_a_limit_but_the_bounds_of_a_cut(night: Night) -> Iterator[Row]:
    for row in night.decisions:
        for before, after in pairwise(STEPS[2:]):
            lifted = row[f"after_{after}_cents"] > row[f"after_{before}_cents"]
            if lifted and (
                after not in ("stability", "floor") or row[f"after_{after}_cents"] > row["limit_cents"]
            ):
                yield row


def what_stability_leaves_is_round_or_the_limit_that_stood(night: Night) -> Iterator[Row]:
    for row in night.decisions:
        left = row["after_stability_cents"]
        if left not in (row["limit_cents"], row["after_gate_cents"]):
            if left % night.segments[row["segment"]].stability.rounding_cents == 0:
                continue
            yield row


def a_line_that_is_stopped_keeps_its_limit_save_for_hard_caps(night: Night) -> Iterator[Row]:
    for row in night.decisions:
        if row["gate_row"] in STOPS and row["strategy_value"] is None:
            kept = row["after_stability_cents"] == row["limit_cents"] >= row["proposed_limit_cents"]
            if not kept or not set(row["binding_steps"]) <= {*HARD, "floor"}:
                yield row


def a_line_in_quarantine_is_held(night: Night) -> Iterator[Row]:
    for row in night.decisions:
        held = (row["action"], row["proposed_limit_cents"]) == ("hold", row["limit_cents"])
        if row["quarantined"] and not held:
            yield row


def a_referred_line_moves_by_a_freeze_or_the_law_alone(night: Night) -> Iterator[Row]:
    for row in night.decisions:
        if row["route"] == "referred":
            law = row["law_limit_cents"] if row["action"] == "decrease" else None
            if row["committed_limit_cents"] != (row["limit_cents"] if law is None else law):
                yield row


def a_line_is_referred_where_something_asks_for_a_person_and_nowhere_else(night: Night) -> Iterator[Row]:
    for row in night.decisions:
        if (row["route"] == "referred") is not bool(row["triggers"]):
            yield row


def no_line_of_which_the_walk_only_recommends_moves(night: Night) -> Iterator[Row]:
    for row in night.decisions:
        if row["recommendation"] and row["committed_limit_cents"] != row["limit_cents"]:
            yield row


def what_the_law_takes_waits_for_nobody(night: Night) -> Iterator[Row]:
    for row in night.decisions:
        law = row["law_limit_cents"]
        if law is not None:
            asked = row["proposed_limit_cents"] <= law < row["limit_cents"]
            done = row["committed_limit_cents"] <= law or row["action"] in ("freeze", "unfreeze")
            if not asked or (row["action"] not in ("freeze", "unfreeze", "decrease")) or not done:
                yield row


def a_block_until_a_case_ends_is_our_own_and_begins_on_a_line_that_goes_to_a_person(
    night: Night,
) -> Iterator[Row]:
    for row in night.decisions:
        begins = row["action"] == "freeze" and row["review_block"] is not None
        if begins and (row["route"] != "referred" or row["recommendation"] is not None):
            yield row
        if row["review_block"] and not (row["own_block"] and row["drawdown_blocked"]):
            yield row


def an_offer_changes_nothing_until_it_is_taken(night: Night) -> Iterator[Row]:
    for row in night.decisions:
        if row["action"] == "offer" and row["committed_limit_cents"] != row["limit_cents"]:
            yield row


def an_offer_that_stands_is_above_the_limit_and_bars_a_second(night: Night) -> Iterator[Row]:
    for row in night.decisions:
        low = row["offer_until"] is not None and row["offered_limit_cents"] <= row["committed_limit_cents"]
        if low or (row["hold_because"] == "offer_open" and row["offer_until"] is None):
            yield row


def a_rise_passes_no_limit_that_the_borrower_asked_for(night: Night) -> Iterator[Row]:
    for row in night.decisions:
        own = row["customer_limit_cents"]
        if own is not None and row["proposed_limit_cents"] > max(row["limit_cents"], own):
            yield row


def a_rate_never_rises(night: Night) -> Iterator[Row]:
    for row in night.decisions:
        after = (row["proposed_rate_bp"], row["committed_rate_bp"])
        if row["rate_bp"] is not None and any(rate is None or rate > row["rate_bp"] for rate in after):
            yield row


def every_fall_or_block_has_a_reason_or_waits_for_one_and_nothing_else_has(night: Night) -> Iterator[Row]:
    """A line that is blocked while people are asked has the reasons of what is proposed, if it would fall."""
    for row in night.decisions:
        stays = row["review_block"] and row["proposed_limit_cents"] >= row["limit_cents"]
        if row["action"] not in ("decrease", "freeze") or (row["action"] == "freeze" and stays):
            holds = row["reasons"] == []
        else:
            holds = bool(row["reasons"]) or (row["route"] == "referred" and "no_reason" in row["triggers"])
        if not holds:
            yield row


def no_reason_stands_without_points_or_cents_behind_it(night: Night) -> Iterator[Row]:
    for row in night.decisions:
        empty = any((reason["points"] or 0) <= 0 and (reason["cents"] or 0) <= 0 for reason in row["reasons"])
        if row["action"] != "freeze" and empty:
            yield row


def no_more_reasons_are_told_than_the_policy_allows_and_none_twice(night: Night) -> Iterator[Row]:
    for row in night.decisions:
        codes = [*(reason["code"] for reason in row["reasons"]), *row["reasons_truncated"]]
        if len(row["reasons"]) > night.documents.policy.reasons_most or len(codes) != len(set(codes)):
            yield row


def every_hold_says_why_and_every_line_when_it_is_looked_at_next(night: Night) -> Iterator[Row]:
    for row in night.decisions:
        told = (row["hold_because"] is not None) is (row["action"] == "hold")
        if not told or row["next_due_on"] <= night.as_of:
            yield row


def the_steps_that_are_said_to_bind_are_those_that_moved_the_limit(night: Night) -> Iterator[Row]:
    for row in night.decisions:
        stood, bound = row["limit_cents"], []
        for step in STEPS:
            if row[f"after_{step}_cents"] != stood:
                bound.append(step)
            stood = row[f"after_{step}_cents"]
        if bound != row["binding_steps"]:
            yield row


def what_is_proposed_keeps_under_every_cap_or_takes_all_that_may_be_taken(night: Night) -> Iterator[Row]:
    """Σ proposed <= max(cap, Σ floors + Σ current limits of those that the walk may not cut).

    A cent of reporting money may be left on a line whose own cent is worth less than that.
    """
    for _, _, rows in night.broken_sums():
        for row in rows:
            left = (row["proposed_limit_cents"] - floor(row)) * night.rate_ppm.get(row["currency"], MILLION)
            room = may_be_cut(row) and left >= MILLION
            if room or row["proposed_limit_cents"] > row["limit_cents"]:
                yield row


def a_cap_that_stays_broken_is_on_the_receipt_of_each_of_its_lines(night: Night) -> Iterator[Row]:
    policy = {cap["cap_row"] for cap in night.caps}
    for name, _, rows in night.broken_sums():
        step = "exposure" if name in policy else "regulation"
        yield from (row for row in rows if row[f"{step}_row"] is None)


def nothing_rises_under_a_cap_that_is_broken_by_what_is_left_in_force(night: Night) -> Iterator[Row]:
    """Be it that a line which would fall waits for a person, or cannot be cut at all."""
    for _, cents, rows in night.sums():
        if sum(night.reporting(row["committed_limit_cents"], row) for row in rows) > cents:
            yield from (row for row in rows if row["proposed_limit_cents"] > row["limit_cents"])


EVERY: tuple[Property, ...] = (
    a_decrease_never_raises_and_a_rise_never_lowers,
    a_line_rises_by_an_automatic_increase_alone,
    what_was_decided_by_itself_is_what_was_proposed,
    no_limit_falls_under_what_is_owed_unless_it_stood_there,
    a_line_over_its_limit_is_never_raised,
    a_late_line_is_never_raised,
    a_limit_is_under_what_a_hard_cap_left_unless_what_is_owed_holds_it_and_is_named,
    what_a_hard_cap_took_names_the_cap,
    a_soft_cap_gives_way_to_relationship_stage_or_stability_alone_and_to_no_more_than_stood,
    a_rise_is_under_every_step_after_the_relationship,
    nothing_after_the_relationship_lifts_a_limit_but_the_bounds_of_a_cut,
    what_stability_leaves_is_round_or_the_limit_that_stood,
    a_line_that_is_stopped_keeps_its_limit_save_for_hard_caps,
    a_line_in_quarantine_is_held,
    a_referred_line_moves_by_a_freeze_or_the_law_alone,
    a_line_is_referred_where_something_asks_for_a_person_and_nowhere_else,
    no_line_of_which_the_walk_only_recommends_moves,
    what_the_law_takes_waits_for_nobody,
    a_block_until_a_case_ends_is_our_own_and_begins_on_a_line_that_goes_to_a_person,
    an_offer_changes_nothing_until_it_is_taken,
    an_offer_that_stands_is_above_the_limit_and_bars_a_second,
    a_rise_passes_no_limit_that_the_borrower_asked_for,
    a_rate_never_rises,
    every_fall_or_block_has_a_reason_or_waits_for_one_and_nothing_else_has,
    no_reason_stands_without_points_or_cents_behind_it,
    no_more_reasons_are_told_than_the_policy_allows_and_none_twice,
    every_hold_says_why_and_every_line_when_it_is_looked_at_next,
    the_steps_that_are_said_to_bind_are_those_that_moved_the_limit,
    what_is_proposed_keeps_under_every_cap_or_takes_all_that_may_be_taken,
    a_cap_that_stays_broken_is_on_the_receipt_of_each_of_its_lines,
    nothing_rises_under_a_cap_that_is_broken_by_what_is_left_in_force,
)


def broken(night: Night) -> dict[str, list[Row]]:
    """The properties that a night breaks, with the lines that break them."""
    found = {each.__name__: list(each(night)) for each in EVERY}
    return {name: rows for name, rows in found.items() if rows}
