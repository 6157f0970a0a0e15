"""The risk policy: everything the risk team may change about a decision, with its reason beside it.

The meaning of each number is in docs/policy.md; the statements of sql/decisions read them as
the tables `pol_*` that `tables` gives.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BaseModel, Field, field_validator, model_validator

from linewatch.adverse import ClassWide, rules
from linewatch.advice import AdviceTerms, EarlyWarning, PromiseTerms
from linewatch.expression import parse
from linewatch.facts import kinds, rule_ranges, rule_reference
from linewatch.matrix import StrategyRow, UtilisationBand, matrix_faults, strategy_rows, utilisation_rows
from linewatch.project import Commitment, ControlGroup, Slotting, Statements
from linewatch.reasons import GROUNDS
from linewatch.review import Review
from linewatch.security import ProviderGrade, Security, ValuationHaircut, security_faults, security_tables
from linewatch.segment import FROZEN, GRADES, Count, Grade, Segment, Share, Subject
from linewatch.trigger import Trigger


class Band(BaseModel):
    """A grade: PDs below `pd_below_bp` that no better grade takes; the last has none."""

    model_config = FROZEN

    grade: Grade
    """From A, the best, to G."""
    pd_below_bp: Annotated[int, Field(gt=0)] | None = None
    """Probability of default within twelve months from which a worse grade begins."""


class Bands(BaseModel):
    """The grades of a subject, best first."""

    model_config = FROZEN

    subject: Subject
    """The kind of borrower whose grades these are."""
    because: str
    band: tuple[Band, ...]
    """The grades A to G once each, in order."""

    @model_validator(mode="after")
    def _bands_rise(self) -> Self:
        if tuple(item.grade for item in self.band) != GRADES:
            raise ValueError(f"bands of {self.subject}: name the grades A to G once each, in order")
        edges = [item.pd_below_bp for item in self.band[:-1]]
        if None in edges or self.band[-1].pd_below_bp is not None:
            raise ValueError(f"bands of {self.subject}: every grade but the last needs pd_below_bp")
        known = [edge for edge in edges if edge is not None]
        if known != sorted(set(known)):
            raise ValueError(f"bands of {self.subject}: pd_below_bp must rise from grade to grade")
        return self


class Hysteresis(BaseModel):
    """Due reviews in a row that must show a better grade before it counts; a worse one counts at once."""

    model_config = FROZEN

    reviews_to_improve: Annotated[int, Field(ge=1, le=12)]
    """How many due reviews in a row."""
    because: str


TreatmentKind = Literal[
    "forbearance", "payment_plan", "breathing_space", "bankruptcy", "dispute", "complaint", "do_not_touch"
]  # fmt: skip


class Treatment(BaseModel):
    """What a treatment of the borrower does to the lines: `freeze`, `hold` (nothing moves) or `no_rise`."""

    model_config = FROZEN

    kind: TreatmentKind
    """As the source's table `treatment` names it; a kind that no row names does nothing."""
    effect: Literal["freeze", "hold", "no_rise"]
    """`freeze` blocks drawing, `hold` lets nothing move, `no_rise` forbids rises."""
    because: str

    @model_validator(mode="after")
    def _can_be_told(self) -> Self:
        if self.effect == "freeze" and f"treatment_{self.kind}" not in GROUNDS:
            raise ValueError(f"treatment {self.kind}: no letter can give it as the reason of a block")
        return self


class ExposureCap(BaseModel):
    """The most that one borrower or control group may be granted over all lines.

    `cap_cents` counts in nights reported in `currency`; `net_assets_bp` is a share of the
    profile's net assets and counts in any.
    """

    model_config = FROZEN

    id: str
    """What a decision's `exposure_row` shows; letters tell a cap on a group as one."""
    scope: Literal["borrower", "group"]
    """Whose lines are added up: a borrower's, or those of all borrowers under one control."""
    subject: Subject | None = None
    """Left out: both kinds of borrower."""
    currency: str | None = Field(default=None, pattern="^[A-Z]{3}$")
    """Of `cap_cents` (ISO 4217); on nights reported in another it is not in force."""
    cap_cents: Count | None = None
    """The most; give this or `net_assets_bp`."""
    net_assets_bp: Share | None = None
    """The most, as a share of the profile's `net_assets_cents`."""
    because: str

    @model_validator(mode="after")
    def _one_cap(self) -> Self:
        if (self.cap_cents is None) == (self.net_assets_bp is None):
            raise ValueError(f"exposure cap {self.id}: give cap_cents or net_assets_bp")
        if self.cap_cents is not None and self.currency is None:
            raise ValueError(f"exposure cap {self.id}: cap_cents needs a currency")
        return self


class Rule(BaseModel):
    """What the policy wants of lines that meet a condition of its own (docs/conditions.md)."""

    model_config = FROZEN

    name: str = Field(pattern="^[a-z][a-z0-9_]*$")
    """What a decision's `rules` shows, and reviewers see."""
    when: str
    """The condition, over the facts of docs/conditions.md; not met where it is unknown."""
    then: Literal["refer", "no_rise", "hold"]
    """`refer` sends a line that moves to a person, `no_rise` forbids a rise, `hold` lets nothing move."""
    segments: tuple[str, ...] = ()
    """Left empty: every segment."""
    because: str

    @field_validator("when")
    @classmethod
    def _may_run(cls, when: str) -> str:
        parse(when, kinds(rule_ranges()))
        return when

    @property
    def condition(self) -> str:
        """As SQL, written anew from the parsed condition."""
        return parse(self.when, kinds(rule_ranges())).sql(rule_reference)


class GuardLimit(BaseModel):
    """A night beyond it is held for approval."""

    model_config = FROZEN

    guard: Literal[
        "decreased_share_bp",
        "decreased_cents_share_bp",
        "increased_cents_share_bp",
        "frozen_share_bp",
        "referred_share_bp",
        "quarantined_share_bp",
        "unscored_share_bp",
        "decreased_30d_share_bp",
        "decreased_cents_30d_share_bp",
        "referred_capacity_bp",
        "swap_share_bp",
        "score_psi_reference_bp",
        "grade_psi_reference_bp",
        "score_psi_1_bp",
        "grade_psi_1_bp",
        "score_psi_30_bp",
        "grade_psi_30_bp",
        "score_psi_90_bp",
        "grade_psi_90_bp",
    ]
    """What is measured (docs/policy.md, section 6); one that is not listed holds no night."""
    most: Count
    """The night is held where more is measured; of an index in ten thousandths."""
    least_lines: Count = 0
    """An index is not measured on a card with fewer lines, tonight or on the other side, where chance alone
    moves it; other guards do not read this."""
    two_people: bool = False
    """A night that it holds is let through by two different people, not by one."""
    because: str


class Policy(BaseModel):
    """A risk policy (docs/policy.md)."""

    model_config = FROZEN

    id: str
    version: str
    effective_from: date
    immediate: bool = False
    """Whether its first night reviews every line, due or not."""
    test_digit_key: str
    """Hashed with the line's id into a test digit from 0 to 99; another key shuffles them."""
    reasons_most: Annotated[int, Field(ge=1, le=8)]
    """Most reasons that a letter tells; the rest are kept on the record."""
    scorecards: dict[Subject, str]
    """Kind of borrower to the `id` of the scorecard; both must be named."""
    hysteresis: Hysteresis
    """When a better grade counts."""
    bands: tuple[Bands, ...]
    """The grades by PD, once for each kind of borrower."""
    utilisation_band: tuple[UtilisationBand, ...]
    """The columns of the matrix, the lowest first."""
    segment: tuple[Segment, ...]
    """Kinds of line; the last of each kind of borrower must fit every line."""
    strategy: tuple[StrategyRow, ...]
    """The matrix: a row for every segment and grade, or slot."""
    slotting: Slotting
    """How projects are slotted, and what each slot costs."""
    commitment: Commitment
    """Committed and project lines."""
    control_group: ControlGroup
    """Which borrowers stand or fall together."""
    statements: Statements
    """Financial statements that grow old."""
    treatment: tuple[Treatment, ...]
    """What treatments do to lines."""
    security: Security
    """How covers count."""
    provider_grade: tuple[ProviderGrade, ...]
    """Guarantors and insurers; without a row `unknown` those of other grades cover nothing."""
    valuation_haircut: tuple[ValuationHaircut, ...]
    """What is taken off collateral, the newest valuations first."""
    exposure_cap: tuple[ExposureCap, ...]
    """The lender's own hard caps (step 7 of the walk)."""
    trigger: tuple[Trigger, ...]
    """What sends a line to a person."""
    rule: tuple[Rule, ...] = ()
    """What the risk team wants of lines beyond all that, in conditions of its own."""
    adverse_action: ClassWide | None = None
    """When a change is one of a whole class; left out, it never is, and each line's own grounds decide."""
    review: Review | None = None
    """What is asked of people's decisions; left out, one person decides and nothing is read twice."""
    guard: tuple[GuardLimit, ...]
    """What holds a whole night back."""
    advice: AdviceTerms | None = None
    """How far ahead advice is looked for; left out, no letter says what would help."""
    promise: PromiseTerms | None = None
    """Which advice is a promise; left out, all is an indication."""
    early_warning: EarlyWarning | None = None
    """Who is warned before a cut; left out, nobody is."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        faults = [
            *matrix_faults(self.strategy, self.utilisation_band, self.segment),
            *self._segment_faults(),
            *self._list_faults(),
            *security_faults(self.provider_grade, self.valuation_haircut),
        ]
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def _segment_faults(self) -> list[str]:
        names = [segment.name for segment in self.segment]
        faults = [] if len(names) == len(set(names)) else ["segment: a name stands twice"]
        faults += [
            f"segment {segment.name}: only lines of product project can be rated by slot"
            for segment in self.segment
            if segment.rated_by == "slot" and segment.product != "project"
        ]
        for subject in ("consumer", "enterprise"):
            own = [segment for segment in self.segment if segment.subject == subject]
            if not own:
                faults.append(f"segment: none for {subject}")
            elif any(
                (own[-1].product, own[-1].tenure_below_months, own[-1].revenue_below_cents, own[-1].when)
            ):
                faults.append(f"segment {own[-1].name}: the last of {subject} must fit every line")
            if subject not in self.scorecards:
                faults.append(f"scorecards: none for {subject}")
            if sum(bands.subject == subject for bands in self.bands) != 1:
                faults.append(f"bands: give {subject} once")
        if self.promise is not None and self.advice is None:
            faults.append("promise: needs [advice]: what is promised was found to help")
        if self.early_warning is not None and self.advice is None:
            faults.append("early_warning: needs [advice]: the review to come is looked at by it")
        faults += [
            f"{kind} {row_name}: unknown segment {name}"
            for kind, row_name, segments in (
                *(("trigger", trigger.code, trigger.segments) for trigger in self.trigger),
                *(("rule", rule.name, rule.segments) for rule in self.rule),
                *((("promise", "segments", self.promise.segments),) if self.promise else ()),
                *(
                    (("early_warning", "segments", self.early_warning.segments),)
                    if self.early_warning
                    else ()
                ),
            )
            for name in segments
            if name not in names
        ]
        return faults

    def _list_faults(self) -> list[str]:
        named: dict[str, list[str]] = {
            "trigger": [
                f"{trigger.code} for {name}"
                for trigger in self.trigger
                for name in (trigger.segments or [segment.name for segment in self.segment])
            ],
            "treatment": [item.kind for item in self.treatment],
            "exposure_cap": [item.id for item in self.exposure_cap],
            "guard": [item.guard for item in self.guard],
            "rule": [item.name for item in self.rule],
        }
        faults = [
            f"{key}: {name} stands twice"
            for key, names in named.items()
            for name in sorted({name for name in names if names.count(name) > 1})
        ]
        unknown = sorted(set(self.control_group.default_treatments) - set(get_args(TreatmentKind)))
        faults += [f"control_group: default_treatments: no treatment is called {kind}" for kind in unknown]
        missing = sorted(set(get_args(TreatmentKind)) - set(named["treatment"]))
        return faults + [f"treatment: no row for {kind}, which would then mean nothing" for kind in missing]

    def tables(self) -> dict[str, list[dict[str, Any]]]:
        """The policy as rows of the tables sql/schema/pol_*.sql."""
        return {
            "pol_segment": [segment.row(number) for number, segment in enumerate(self.segment, start=1)],
            "pol_band": [row for bands in self.bands for row in _band_rows(bands)],
            "pol_utilisation_band": utilisation_rows(self.utilisation_band),
            "pol_strategy": strategy_rows(self.strategy),
            "pol_treatment": [item.model_dump(exclude={"because"}) for item in self.treatment],
            "pol_trigger": [
                {
                    "segment": name,
                    "code": trigger.code,
                    "value": trigger.value,
                    "reason": trigger.reason,
                    "invites": trigger.invites,
                }
                for trigger in self.trigger
                for name in (trigger.segments or [segment.name for segment in self.segment])
            ],
            "pol_rule": [
                {
                    "ordinal": ordinal,
                    "segment": name,
                    "name": rule.name,
                    "effect": rule.then,
                    "condition": rule.condition,
                }
                for ordinal, rule in enumerate(self.rule, start=1)
                for name in (rule.segments or [segment.name for segment in self.segment])
            ],
            "pol_slot": self.slotting.slot_rows(),
            "pol_slotting": [self.slotting.setting()],
            "pol_commitment": [self.commitment.setting()],
            "pol_control_group": [self.control_group.setting()],
            "pol_statement_expiring": [{"days": days} for days in self.statements.expiring_days],
            "pol_setting": [
                {
                    "test_digit_key": self.test_digit_key,
                    "reviews_to_improve": self.hysteresis.reviews_to_improve,
                    "reasons_most": self.reasons_most,
                    "horizon_months": self.security.horizon_months,
                    "collateral_lgd_bp": self.security.collateral_lgd_bp,
                    **(self.adverse_action.model_dump(exclude={"because"}) if self.adverse_action else {}),
                }
            ],
            "pol_adverse": rules(),
            **security_tables(self.security, self.provider_grade, self.valuation_haircut),
        }


def _band_rows(bands: Bands) -> list[dict[str, Any]]:
    lows = [0, *[item.pd_below_bp for item in bands.band[:-1]]]
    return [
        {
            "subject": bands.subject,
            "grade": item.grade,
            "pd_from_bp": low,
            "pd_below_bp": item.pd_below_bp if item.pd_below_bp is not None else 10_001,
        }
        for low, item in zip(lows, bands.band, strict=True)
    ]
