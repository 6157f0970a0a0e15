-- One row per line that the revision of a night leaves otherwise than it stands: from what is in force to
-- what it decides. Of a line that its source leaves out, to what the night had found. A line that its
-- source has closed is left alone, and a rate never rises by itself.
with longest as (
    select max(segment_notice.notice_days) as notice_days from segment_notice
),

told as (
    select
        first_change.facility_id,
        max(first_change.effective_on) as effective_on
    from first_change
    group by first_change.facility_id
),

compared as (
    select
        coalesce(decisions.facility_id, in_force.facility_id) as facility_id,
        coalesce(decisions.borrower_id, first_decision.borrower_id) as borrower_id,
        coalesce(decisions.borrower_type, first_decision.borrower_type) as borrower_type,
        coalesce(decisions.jurisdiction, first_decision.jurisdiction) as jurisdiction,
        coalesce(decisions.currency, first_decision.currency) as currency,
        coalesce(decisions.segment, first_decision.segment) as segment,
        decisions.effective_on as decided_effective_on,
        told.effective_on as told_effective_on,
        coalesce(in_force.committed_limit_cents, decisions.limit_cents) as old_limit_cents,
        coalesce(
            decisions.committed_limit_cents, absent.committed_limit_cents, first_decision.limit_cents
        ) as new_limit_cents,
        coalesce(in_force.committed_rate_bp, decisions.rate_bp) as old_rate_bp,
        least(
            coalesce(in_force.committed_rate_bp, decisions.rate_bp),
            coalesce(
                case
                    when decisions.facility_id is not null then decisions.committed_rate_bp
                    else absent.committed_rate_bp
                end,
                in_force.committed_rate_bp
            )
        ) as new_rate_bp,
        coalesce(in_force.own_block, false) as old_own_block,
        coalesce(decisions.own_block, absent.own_block, false) as new_own_block,
        coalesce(decisions.drawdown_blocked, absent.own_block, false) as blocked,
        decisions.facility_id is null and absent.facility_id is null as nowhere,
        decisions.facility_id is not null or absent.facility_id is not null
        or (first_decision.facility_id is not null and stg_facility.facility_id is null) as known
    from decisions
    full outer join in_force on decisions.facility_id = in_force.facility_id
    left join absent on in_force.facility_id = absent.facility_id
    left join first_decision
        on coalesce(decisions.facility_id, in_force.facility_id) = first_decision.facility_id
    left join told on coalesce(decisions.facility_id, in_force.facility_id) = told.facility_id
    left join stg_facility on in_force.facility_id = stg_facility.facility_id
)

select
    compared.*,
    greatest(
        compared.decided_effective_on,
        compared.told_effective_on,
        cast($as_of as date) + 1
        + case
            when compared.new_limit_cents >= compared.old_limit_cents then 0
            else cast(coalesce(segment_notice.notice_days, longest.notice_days, 0) as integer)
        end
    ) as effective_on
from compared
cross join longest
left join segment_notice on compared.segment = segment_notice.segment
where
    compared.known
    and (
        compared.new_limit_cents <> compared.old_limit_cents
        or compared.new_own_block <> compared.old_own_block
        or compared.new_rate_bp is distinct from compared.old_rate_bp
    )
order by compared.facility_id
