-- One row per line that is warned: those that the review of $day, if all stays as it is and is paid in time,
-- brings to the same limit as a review tonight, without asking a person.
with told as (
    select
        advised.*,
        found.code,
        found.amount_cents,
        found.by_on,
        found.counts_on,
        found.limit_cents
    from all_advised as advised
    inner join unit on advised.facility_id = unit.facility_id
    inner join advice_value as idle on unit.unit = idle.unit and idle.place = 1
    left join
        found on advised.facility_id = found.facility_id and not advised.needs_support and not advised.is_law
    where
        advised.next_due_on = $day
        and not idle.is_asked
        and idle.limit_cents = advised.new_limit_cents
)

select
    told.facility_id,
    told.borrower_id,
    cast($as_of as date) as warned_on,
    told.reviewed_on,
    told.next_due_on as due_on,
    told.old_limit_cents as limit_cents,
    told.new_limit_cents as warned_limit_cents,
    told.effective_on,
    told.reason_codes,
    case
        when told.code is null then 'nothing'
        when told.limit_cents <= told.new_limit_cents then 'no_further'
        else 'indication'
    end as advice_standing,
    case
        when told.code is not null then told.code
        when told.needs_support then 'support'
        when told.is_law then 'nothing_law'
        when told.is_theirs then 'nothing_theirs'
        else 'nothing_time'
    end as advice_code,
    told.amount_cents as advice_amount_cents,
    told.by_on as advice_by_on,
    told.counts_on as advice_counts_on,
    told.limit_cents as advice_limit_cents
from told
order by told.facility_id
