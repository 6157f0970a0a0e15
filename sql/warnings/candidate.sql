-- One row per line that holds tonight only because its review is not due, falls due within $days, and whose
-- cell of the matrix would fire a cut, or whose borrower's expected loss is past the appetite: what else may
-- cut is not looked at. One that was warned is not warned again before it has been reviewed, but by a
-- revision of the night that warned it. Nobody who is told of another change or waits for people tonight:
-- what the review would find is known once that stands. Of a borrower's lines those that are reviewed next,
-- for what they come to decides the others.
with line as (
    select
        decisions.*,
        min(decisions.next_due_on) over (partition by decisions.borrower_id) as first_due_on,
        bool_or(
            decisions.route = 'referred' or decisions.action <> 'hold'
            or decisions.committed_limit_cents <> decisions.limit_cents
        ) over (partition by decisions.borrower_id) as borrower_is_told
    from decisions
)

select
    line.facility_id,
    line.next_due_on,
    line.reviewed_on,
    pol_segment.cycle as due_because
from line
inner join pol_segment on line.segment = pol_segment.segment
inner join borrower on line.borrower_id = borrower.borrower_id
left join
    pol_strategy
    on
        line.segment = pol_strategy.segment
        and line.grade = pol_strategy.rating
        and line.utilisation_band = pol_strategy.band
anti join past_warning
    on
        line.facility_id = past_warning.facility_id
        and line.reviewed_on is not distinct from past_warning.reviewed_on
        and past_warning.warned_on < $as_of
anti join past_promise on line.facility_id = past_promise.facility_id
anti join open_case on line.borrower_id = open_case.borrower_id
where
    line.hold_because = 'not_due'
    and not line.borrower_is_told
    and line.recommendation is null
    and line.next_due_on = line.first_due_on
    and line.next_due_on between $as_of + 1 and $as_of + cast($days as integer)
    and (len(cast($segments as varchar[])) = 0 or list_contains(cast($segments as varchar[]), line.segment))
    and coalesce(borrower.fraud_flag, 'none') = 'none'
    and borrower.deceased_on is null
    and (
        line.obligor_loss_cents > pol_segment.el_appetite_cents
        or (
            pol_strategy.target_bp < 10000
            and (
                line.plan_open or line.fired_target_bp is null
                or pol_strategy.target_bp < line.fired_target_bp
            )
        )
    )
order by line.facility_id
