-- One row per line of an open case, as it stands tonight, in the order to look at them: what a reviewer gets
-- and answers. Of one on which drawing is stopped until its case has ended, what the walk proposes all the
-- same. A line that has closed since has nulls. `most` cases at most, whole cases only.
with line as (
    select
        shown_case.* exclude (facility_ids),
        unnest(shown_case.facility_ids) as facility_id
    from shown_case
    where shown_case.priority <= coalesce($most, shown_case.priority)
)

select
    line.priority,
    line.case_id,
    line.facility_id,
    line.borrower_id,
    line.kind,
    line.stage,
    line.holder,
    line.opened_on,
    line.due_on,
    line.triggers,
    decisions.segment,
    decisions.product,
    decisions.currency,
    decisions.jurisdiction,
    decisions.grade,
    decisions.score,
    decisions.pd_bp,
    decisions.limit_cents,
    decisions.owed_cents,
    decisions.utilisation_bp,
    decisions.days_past_due,
    decisions.proposed_limit_cents,
    case
        when decisions.action <> 'freeze' or decisions.review_block is null then decisions.action
        when decisions.proposed_limit_cents < decisions.limit_cents then 'decrease'
        when decisions.proposed_limit_cents > decisions.limit_cents then 'offer'
        else 'hold'
    end as action,
    decisions.review_block,
    decisions.recommendation,
    decisions.slot,
    decisions.law_limit_cents,
    decisions.offered_limit_cents,
    decisions.offer_until,
    decisions.temporary_cents,
    decisions.customer_limit_cents,
    decisions.expected_on,
    decisions.rules,
    decisions.triggers as line_triggers,
    decisions.binding_step,
    list_transform(decisions.reasons, lambda reason: reason.code) as reasons,
    line.utilisation_months_bp,
    after_cut.utilisation_after_cut_bp,
    after_cut.grade_before,
    after_cut.grade_after_cut
from line
left join decisions on decisions.facility_id = line.facility_id
left join after_cut on after_cut.facility_id = line.facility_id
order by line.priority, line.facility_id
