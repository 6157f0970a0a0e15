-- One row per line that the walk would cut: what of the new limit would be owed, rounded up, and the score,
-- PD and grade that our own card would give for that cut alone. A project has a slot and no score.
select
    cut_line.facility_id,
    case
        when cut_line.proposed_limit_cents > 0
            then
                cast(quotient(
                    cast(greatest(decisions.owed_cents, 0) as hugeint) * 10000
                    + cut_line.proposed_limit_cents - 1,
                    cut_line.proposed_limit_cents
                ) as bigint)
    end as utilisation_after_cut_bp,
    case when decisions.slot is null then cast(rescored.score as integer) end as score_after_cut,
    case when decisions.slot is null then cast(rescored.pd_bp as integer) end as pd_after_cut_bp,
    before.grade as grade_before,
    case when decisions.slot is null then after_.grade end as grade_after_cut
from cut_line
inner join decisions on cut_line.facility_id = decisions.facility_id
left join rescored on cut_line.borrower_id = rescored.borrower_id
left join pol_band as before
    on
        decisions.borrower_type = before.subject
        and decisions.pd_bp >= before.pd_from_bp and decisions.pd_bp < before.pd_below_bp
left join pol_band as after_
    on
        decisions.borrower_type = after_.subject
        and rescored.pd_bp >= after_.pd_from_bp and rescored.pd_bp < after_.pd_below_bp
order by cut_line.facility_id
