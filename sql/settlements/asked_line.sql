-- One row per line that people decided and that is still open: the limit and block that they ask for. To
-- approve where nothing was proposed is to keep. A case decided anew takes back what people blocked by it.
select
    answered_line.*,
    in_force.committed_limit_cents as standing_limit_cents,
    in_force.committed_rate_bp as standing_rate_bp,
    coalesce(in_force.own_block, false) as standing_own_block,
    coalesce(in_force.person_block, false) as standing_person_block,
    coalesce(in_force.own_block, false) and in_force.review_block is not null as standing_review_block,
    case
        when answered_line.outcome = 'another_limit' then answered_line.limit_cents
        when
            answered_line.outcome = 'approve'
            and night_decision.proposed_limit_cents <> night_decision.limit_cents
            then night_decision.proposed_limit_cents
        else in_force.committed_limit_cents
    end as asked_limit_cents,
    answered_line.outcome = 'freeze'
    or (answered_line.outcome = 'approve' and coalesce(night_decision.recommendation = 'draw_stop', false))
        as asks_block,
    case
        when answered_line.outcome = 'approve'
            then least(in_force.committed_rate_bp, coalesce(
                night_decision.proposed_rate_bp, in_force.committed_rate_bp
            ))
        else in_force.committed_rate_bp
    end as new_rate_bp,
    coalesce(
        answered_line.outcome = 'approve' and night_decision.proposed_limit_cents < night_decision.limit_cents
        and night_decision.stability_row in ('cool_off', 'down_review', 'down_grade_fall', 'down_year'),
        false
    ) as is_held_back,
    cast(len(night_decision.reasons) as integer) as night_reasons
from answered_line
inner join in_force on answered_line.facility_id = in_force.facility_id
inner join night_decision on answered_line.facility_id = night_decision.facility_id
inner join lines on answered_line.facility_id = lines.facility_id
order by answered_line.facility_id
