"""The walk of docs/policy.md, section 3: nine steps, each leaves the limit it arrived at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from tests.oracle.affordability import affordability
from tests.oracle.arithmetic import WHOLE, add_months, div, rounded_down, rounded_up, up
from tests.oracle.caps import exposure, regulation
from tests.oracle.gate import Gate
from tests.oracle.line import Line
from tests.oracle.loss import Covers, Receipt, Weighed, expected_loss, own_covers, receipt_of
from tests.oracle.review import band_of, long_good
from tests.oracle.security import Cover
from tests.oracle.step import STEPS, Step

LOWERING = ("gate", "strategy", "affordability", "expected_loss", "exposure", "regulation")
STAGED = ("cool_off", "down_review", "down_grade_fall", "down_year")
FINAL = "utilisation_after_cut"


@dataclass
class Walk:
    """What became of one line; `steps` in the order of the walk."""

    line: Line
    gate: Gate
    share: int | None = None
    cell_row: str | None = None
    fired: bool = False
    kept_from_rising: str | None = None
    """A cell that wanted a rise did not fire: why."""
    long_good: bool = False
    bound_held: bool = False
    """A bound of stability stood above the rounded target of a cut."""
    cooled: bool = False
    unproven: bool = False
    misses_hurdle: bool = False
    loss_exceeded: bool = False
    breach: bool = False
    in_dead_band: bool = False
    proposed: int = 0
    covers: list[Cover] = field(default_factory=list)
    """Those that take part in the loss, in turn."""
    weighed: Weighed | None = None
    own_result: dict[str, int] = field(default_factory=dict)
    """Of a step of hard caps: what its lowest cap leaves, whatever else happened."""
    steps: dict[str, Step] = field(default_factory=dict)

    at: int = field(init=False)
    """The limit that the walk has arrived at."""

    def __post_init__(self) -> None:
        self.at = self.line.limit

    @cached_property
    def loss(self) -> Receipt:
        return receipt_of(self)

    @property
    def moves(self) -> bool:
        return self.gate.stop is None

    def after(self, step: str) -> int:
        return self.steps[step].after

    def before(self, step: str) -> int:
        number = STEPS.index(step)
        return self.steps[STEPS[number - 1]].after if number else self.line.limit

    def leave(self, step: str, after: int, row: str | None = None, value: int | None = None) -> None:
        self.at, self.steps[step] = after, Step(after, row, value)

    @property
    def binding_steps(self) -> list[str]:
        return [step for step in STEPS if self.after(step) != self.before(step)]

    @property
    def cut_fired(self) -> bool:
        return self.fired and (self.share or 0) < WHOLE

    @property
    def staged(self) -> bool:
        return self._stability_row in STAGED

    @property
    def final(self) -> bool:
        """Paying down does not bring the rest of the cut back."""
        lifted = self.steps["floor"].row == "owed"
        return self._stability_row == FINAL or (self._stability_row not in STAGED and lifted)

    @property
    def _stability_row(self) -> str | None:
        return self.steps["stability"].row

    @property
    def law_limit(self) -> int | None:
        """Where the law alone leaves a line that it lowers."""
        line, own = self.line, self.own_result.get("regulation")
        if own is None or line.quarantined or line.recommend_only or own >= line.limit:
            return None
        left = max(own, min(line.limit, line.owed))
        return left if left < line.limit else None


def walk(
    lines: Sequence[Line],
    gates: Sequence[Gate],
    on: Iterable[str] = LOWERING,
    covers_of: Covers = own_covers,
) -> list[Walk]:
    """Every line's walk, with only the lowering steps `on`."""
    switched = frozenset(on)
    walks = [Walk(line, gate) for line, gate in zip(lines, gates, strict=True)]
    _each(walks, lambda w: _gate(w, "gate" in switched))
    _each(walks, lambda w: _strategy(w, "strategy" in switched))
    _each(walks, _relationship)
    _each(walks, lambda w: affordability(w, "affordability" in switched))
    expected_loss(walks, "expected_loss" in switched, covers_of)
    _each(walks, _stability)
    exposure(walks, "exposure" in switched)
    regulation(walks, "regulation" in switched)
    _each(walks, _floor)
    return walks


def _each(walks: list[Walk], step: Callable[[Walk], None]) -> None:
    for one in walks:
        step(one)


def _gate(w: Walk, on: bool) -> None:
    line, scheduled = w.line, w.line.facility["scheduled_limit_cents"]
    own_schedule = (
        line.recommend_only and w.moves and line.facility["revolving"] is False and scheduled is not None
    )
    follows = w.gate.stop == "fixed_schedule" or own_schedule
    by_schedule = own_schedule and scheduled < line.limit
    row = w.gate.block or w.gate.stop or ("fixed_schedule" if by_schedule else w.gate.no_rise)
    shown = w.gate.block is None and (w.gate.stop == "fixed_schedule" or by_schedule)
    limit = min(line.limit, scheduled) if on and follows else line.limit
    w.leave("gate", limit, row, scheduled if shown else None)


def matrix_share(line: Line, rating: str | None, band: str | None) -> int:
    """The matrix's target share for a grade or slot; the whole while utilisation is unknown."""
    assert line.segment
    return WHOLE if band is None else line.book.matrix[line.segment.name, rating][band]


def rating_of(line: Line) -> str | None:
    return line.slot if line.rated_by_slot else line.grade


def cell(line: Line) -> tuple[str | None, int]:
    """The strategy's row and share of a line that moves; long unused lines have their own."""
    assert line.segment
    share = matrix_share(line, rating_of(line), line.band)
    name = f"{line.segment.name}.{rating_of(line)}.{line.band}" if line.band is not None else None
    rule = line.segment.long_unused
    if (
        line.months_unused >= rule.months
        and line.months_known >= rule.months
        and line.drawn <= 0
        and rule.target_bp < share
    ):
        return "long_unused", rule.target_bp
    return name, share


def _strategy(w: Walk, on: bool) -> None:
    if not w.moves:
        w.leave("strategy", w.at)
        return
    line, past = w.line, w.line.past
    w.cell_row, w.share = cell(line)
    target = line.anchor * w.share // WHOLE
    limit, fired_before = w.at, past["fired_target_bp"] if past else None
    if w.share < WHOLE:
        w.fired = (
            on
            and not _left_behind(w)
            and bool(plan_was_open(line) or fired_before is None or w.share < fired_before or line.adverse)
        )
        limit = min(w.at, target)
    elif w.share > WHOLE:
        w.kept_from_rising = w.gate.no_rise or _waits(line)
        w.fired = on and w.kept_from_rising is None
        limit = max(w.at, target)
    w.leave("strategy", limit if w.fired else w.at, w.cell_row, w.share)


def _waits(line: Line) -> str | None:
    """What makes a rise wait though nothing forbids it."""
    if line.standing.offer_stands and not line.given_consent:
        return "offer_open"
    return "cool_off" if _cooling_up(line) else None


def plan_was_open(line: Line) -> bool:
    """Whether a staged cut is under way; an outside change ended it."""
    return bool(line.past and line.past["plan_open"] and line.origin != "outside")


def _left_behind(w: Walk) -> bool:
    """Whether tonight's own PD band would leave the limit, though a worse grade still counts."""
    rating = w.line.slot if w.line.rated_by_slot else band_of(w.line)
    return w.cell_row != "long_unused" and matrix_share(w.line, rating, w.line.band) >= WHOLE


def _cooling_up(line: Line) -> bool:
    assert line.segment
    months, past = line.segment.stability.cool_off_up_months, line.past or {}
    days = [past.get("last_decrease_on"), past.get("last_increase_on"), line.facility["last_limit_change_on"]]
    if not line.given_consent:
        days.append(past.get("offered_on"))
    return any(day is not None and add_months(day, months) > line.book.as_of for day in days)


def _relationship(w: Walk) -> None:
    line, limit = w.line, w.at
    if not w.moves or not line.segment:
        w.leave("relationship", limit)
        return
    terms = line.segment.relationship
    w.long_good = long_good(line)
    gate = w.after("gate")
    row, value = None, None
    if w.long_good and limit < gate:
        forgiven = (max(line.anchor, gate) - limit) * terms.cut_relief_bp // WHOLE
        relief = min(forgiven, gate - limit)
        if relief > 0:
            limit, row, value = limit + relief, "cut_relief", terms.cut_relief_bp
    elif w.long_good and limit > gate and line.grade in terms.grades:
        extra = line.anchor * terms.extra_step_bp // WHOLE
        if extra > 0:
            limit, row, value = limit + extra, "extra_step", terms.extra_step_bp
    if limit > gate and line.ceiling is not None and line.ceiling[0] < limit:
        limit, row, value = max(gate, line.ceiling[0]), line.ceiling[1], line.ceiling[0]
    w.leave("relationship", limit, row, value)


def _stability(w: Walk) -> None:
    if not w.moves or w.at == w.line.limit:
        w.leave("stability", w.at)
    elif w.at < w.line.limit:
        _steady_cut(w)
    else:
        _steady_rise(w)


def _steady_cut(w: Walk) -> None:
    line, wish = w.line, w.at
    assert line.segment
    terms = line.segment.stability
    risen = line.past["last_increase_on"] if line.past else None
    if risen and add_months(risen, terms.cool_off_down_months) > line.book.as_of and not line.adverse:
        w.cooled = True
        w.leave("stability", line.limit, "cool_off", terms.cool_off_down_months)
        return
    target = rounded_down(wish, terms.rounding_cents)
    review, share = "down_review", terms.down_review_bp
    if line.grade_falls and terms.down_grade_fall_bp is not None:
        review, share = "down_grade_fall", terms.down_grade_fall_bp
    bounds = {
        FINAL: up(line.owed * WHOLE, terms.utilisation_after_cut_bp) if line.dpd == 0 else 0,
        review: line.limit - line.anchor * share // WHOLE,
        "down_year": line.highest_12m - line.highest_12m * terms.down_year_bp // WHOLE,
    }
    name = max(bounds, key=lambda key: bounds[key])
    bound = rounded_up(max(0, bounds[name]), terms.rounding_cents)
    if min(bound, line.limit) > target:
        w.bound_held = True
        w.leave("stability", min(bound, line.limit), name, bound)
    else:
        _leave_rounded(w, target, wish, terms.rounding_cents)


def _steady_rise(w: Walk) -> None:
    line, wish = w.line, w.at
    assert line.segment
    terms = line.segment.stability
    bound = line.limit + line.anchor * terms.up_review_bp // WHOLE
    rounded = max(line.limit, rounded_down(min(wish, bound), terms.rounding_cents))
    if wish > bound:
        w.leave("stability", rounded, "up_review", bound)
    else:
        _leave_rounded(w, rounded, wish, terms.rounding_cents)


def _leave_rounded(w: Walk, rounded: int, wish: int, step: int) -> None:
    changed = rounded != wish
    w.leave("stability", rounded, "rounding" if changed else None, step if changed else None)


def _floor(w: Walk) -> None:
    line, limit = w.line, w.at
    floor = min(line.limit, line.owed)
    if limit < floor:
        w.leave("floor", floor, "owed", line.owed)
    else:
        w.leave("floor", limit)
    scheduled = w.after("gate") != line.limit
    w.in_dead_band = not scheduled and 0 < abs(w.at - line.limit) < dead_band(line)
    hard = min(line.limit, *w.own_result.values()) if w.own_result else line.limit
    w.proposed = max(hard, floor) if w.in_dead_band else w.at


def dead_band(line: Line) -> int:
    if line.segment is None:
        return 0
    terms = line.segment.stability
    return max(terms.dead_band_cents, div(line.limit * terms.dead_band_bp, WHOLE))
