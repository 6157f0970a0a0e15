"""The codes of the record: why a line fell, why it was held, why a person is asked. Closed lists.

What each code says to a borrower, in Chinese and English, stands in linewatch/notices; a code that is
not here, or has no words there, never leaves the house.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

SCORE_FAMILIES: Mapping[str, str] = MappingProxyType(
    {
        "late_payments": "Instalments were paid late, on this line or another of ours.",
        "utilisation": "A large share of the limit was in use.",
        "payment_share": "A small share of each bill was paid.",
        "line_size": "The size of the line beside its use.",
        "external_debt": "Debt with other lenders.",
        "external_arrears": "Late payments to other lenders.",
        "inquiries": "Many recent applications for credit elsewhere.",
        "public_record": "A public record of debts not met.",
        "tenure": "A short history with us.",
        "cash_use": "Credit taken as cash.",
        "spending_pressure": "Essential spending takes a large share of income.",
        "income": "The level or certainty of income.",
        "activity": "Little or irregular activity on the line.",
        "liquidity": "Current assets beside current liabilities.",
        "leverage": "Debt beside own funds.",
        "profitability": "Profit beside revenue or assets.",
        "interest_cover": "Earnings beside interest to pay.",
        "cash_flow": "Operating cash flow beside debt to serve.",
        "size": "The size of the business.",
        "market_position": "The position in its market, as assessed.",
        "management_quality": "The quality of management, as assessed.",
        "trade_sales": "Sales that fell, stopped in months or went up and down.",
        "trade_margin": "Purchases beside sales.",
        "trade_invoices": "Invoices returned or made void.",
        "customer_concentration": "Sales that hang on few customers.",
        "statement_age": "The age of the newest financial statement.",
        "statement_quality": "Statements not audited or not for a full year.",
    }
)
"""Families of scorecard characteristics: a reason of this kind carries points."""

GROUNDS: Mapping[str, str] = MappingProxyType(
    {
        "deceased": "The borrower has died.",
        "first_party_fraud": "Fraud by the borrower was established.",
        "default_90_dpd": "A line of the borrower is 90 days past due or more.",
        "insolvency": "An insolvency is on record.",
        "treatment_bankruptcy": "A bankruptcy treatment is in force.",
        "treatment_breathing_space": "A breathing space is in force.",
        "treatment_payment_plan": "A payment plan is in force.",
        "treatment_forbearance": "A forbearance is in force.",
        "long_unused": "The line was not used for a long time.",
        "income_insufficient": "Verified income does not carry the limit.",
        "obligations_excessive": "Obligations beside income are too high.",
        "own_credit_exposure": "The borrower's lines with us reach the most we lend to one borrower.",
        "group_exposure": "The borrower's group reaches the most we lend to one group.",
        "security_lapsed": "Security behind the line ended, or covers less than it did.",
        "regulation_cap": "A rule of law bounds the limit.",
        "debt_over_legal_limit": "Debt beside income is over what the law lets a borrower draw on.",
        "persistent_debt": "More went to interest and fees than to the debt, for longer than the law allows.",
        "identity_unverified": "The law asks for a verified identity, and there is none.",
        "fraud_victim_block": "Others misused the line; it is blocked to protect the borrower.",
        "draw_stop": "A project condition stops new drawings.",
        "matured": "The last day of the line has passed.",
        "temporary_limit_ended": "A temporary limit ran out.",
        "scheduled_limit": "The agreed schedule lowers the limit.",
        "project_financial_strength": "The project's financial strength, as assessed, or not known.",
        "project_political_legal": "The project's political and legal setting, as assessed, or not known.",
        "project_transaction": "How the project's transaction is built, as assessed, or not known.",
        "project_sponsor": "The strength of the project's sponsor, as assessed, or not known.",
        "project_security": "The project's security package, as assessed, or not known.",
        "project_default": "The project or its borrower is in default.",
    }
)
"""Grounds that are not the score's: a reason of this kind carries cents, and points are null."""

REVIEWED: Mapping[str, str] = MappingProxyType(
    {
        "income_lower": "A person verified the income: it is lower than was on record.",
        "obligations_higher": "A person found obligations that were not on record.",
        "conduct_confirmed": "What the borrower was asked about was confirmed.",
        "project_behind": "A person found the project behind its plan.",
    }
)
"""What a reviewer may rely on to lower or block a line: specific enough to be told."""

REASONS: Mapping[str, str] = MappingProxyType({**SCORE_FAMILIES, **GROUNDS, **REVIEWED})
"""Every code that a letter may give: those that may stand in `reasons` of a decision, and a reviewer's."""

HOLDS: Mapping[str, str] = MappingProxyType(
    {
        "not_due": "The review is not due.",
        "quarantined": "A row of the borrower, of their group or of a provider broke an expectation.",
        "in_flight": "The last change is not yet acknowledged by the system of record.",
        "dead_band": "The difference is too small to be worth a change.",
        "cool_off": "The last change is too recent.",
        "no_change": "The walk ends where it began.",
        "referred": "A person decides; nothing moves meanwhile.",
        "no_consent": "The borrower has not agreed to rises.",
        "income_unknown": "Income is unknown, so the limit may not rise.",
        "arrears_unknown": "Days past due are not known, so the limit may not rise.",
        "identity_unknown": "Identity is not verified, so the limit may not rise.",
        "hardship": "The borrower is in hardship.",
        "treatment": "A treatment is in force.",
        "policy_rule": "A rule of the risk team's own holds the line or forbids a rise.",
        "in_arrears": "A payment is late, so the limit may not rise.",
        "unscored": "There is no score.",
        "fraud_suspected": "Fraud is suspected and not settled.",
        "floor_owed": "The limit may not fall below what is owed.",
        "customer_decrease": "The borrower asked for the lower limit.",
        "over_limit": "More is owed than the limit, so it may not rise.",
        "offer_open": "An offer stands and waits for its answer.",
        "affordability": "Affordability bounds a rise.",
        "expected_loss": "The appetite for expected loss bounds a rise.",
        "exposure": "An exposure cap bounds a rise.",
        "regulation": "A rule of law bounds a rise.",
        "law_forbids_rise": "A rule of law forbids a rise.",
        "hurdle": "A rise would not earn its hurdle.",
        "fixed_schedule": "The limit follows its schedule.",
        "committed": "The line is committed or finances a project: a rise is a new contract.",
        "frozen": "The line is frozen by the system of record, not by us.",
    }
)
"""Codes of `hold_because`; a line that stays blocked has the ground of its block there instead."""

TRIGGERS: Mapping[str, str] = MappingProxyType(
    {
        "grade_worsened": "The grade fell by more than policy lets pass alone.",
        "large_decrease": "The decrease is large.",
        "large_exposure": "The exposure is large.",
        "unknown_share": "Too much of the score rests on unknown characteristics.",
        "affordability_unverified": "Affordability would lower the limit; income or spending is not proven.",
        "expected_loss_exceeded": "What is drawn already exceeds the appetite for expected loss.",
        "fraud_suspected": "Fraud is suspected.",
        "shared_device": "A device is shared with another borrower.",
        "committed_line": "The line is committed: its review is a person's.",
        "project_line": "The line finances a project: its review is a person's.",
        "pd_near_edge": "The PD lies next to the edge of a grade.",
        "statement_stale": "The newest financial statement is too old.",
        "exposure_breach": "An exposure cap is breached by what is drawn.",
        "no_reason": "A decrease has no reason that a borrower could be given: our own fault.",
        "draft_failed": "The letter did not say what was decided: our own fault.",
        "quarantined_repeat": "The borrower's data was quarantined night after night.",
        "complaint_open": "A complaint is open.",
        "automation_objection": "The borrower objects to decisions by machine alone.",
        "human_review": "The law leaves the decision to a person.",
        "security_expiring": "A guarantee or collateral ends soon.",
        "valuation_stale": "Collateral was last valued too long ago.",
        "assessment_poor": "An assessment is poor.",
        "statement_expiring": "The financial statement will soon be too old.",
        "altman_distress": "Altman's Z'' lies in the zone of distress.",
        "group_default": "Another borrower of the group is in default.",
        "covenant_breached": "The last project report shows a broken covenant.",
        "dscr_low": "The project's cash hardly covers its debt service.",
        "cost_shortfall": "What is undrawn does not pay for the completion of the project.",
        "drawn_ahead": "More is drawn than is built.",
        "project_report_old": "The last project report is old, or there is none.",
        "slotting_incomplete": "A slotting factor is missing or too old.",
        "publication_overdue": "What was left in force is not shown by the system of record in time.",
        "policy_rule": "A rule of the risk team's own asks for a person.",
        "case_open": "A case of the borrower is open already.",
    }
)
"""Every code that may stand in `triggers` of a decision."""

MOST_IN_A_LETTER = 4
"""Reasons named in a letter; more do not help (Reg B comment 9(b)(2)-1). The rest stay with the decision."""
