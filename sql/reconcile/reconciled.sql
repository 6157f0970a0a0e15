-- One row per thing that may be published of a line, and how tonight's source shows it, with the number of
-- lines: `acknowledged`, ours is shown now and was not on the last night; `in_flight`, ours is not shown yet;
-- `outside`, what is shown is neither ours nor what was there. Lines that are as they were are not counted.
with compared as (
    select
        facility.credit_limit_cents as limit_now,
        past.source_limit_cents as limit_then,
        past.committed_limit_cents as limit_ours,
        facility.annual_rate_bp as rate_now,
        past.source_rate_bp as rate_then,
        past.committed_rate_bp as rate_ours,
        past.own_block,
        facility.drawdown_blocked as block_now,
        coalesce(past.block_shown, false) as block_then
    from facility
    inner join reconciled_past as past on facility.facility_id = past.facility_id
    where facility.status <> 'closed'
),

told as (
    select
        'limit' as what,
        case
            when limit_now = limit_ours and limit_ours <> limit_then then 'acknowledged'
            when limit_now = limit_then and limit_ours <> limit_then then 'in_flight'
            when limit_now <> limit_ours then 'outside'
        end as state
    from compared
    union all
    select
        'rate' as what,
        case
            when rate_now = rate_ours and rate_ours <> rate_then then 'acknowledged'
            when rate_now = rate_then and rate_ours <> rate_then then 'in_flight'
            when rate_now <> rate_ours then 'outside'
        end as state
    from compared
    union all
    select
        'block' as what,
        case
            when own_block and block_now and not block_then then 'acknowledged'
            when own_block and not block_now and not block_then then 'in_flight'
            when own_block and not block_now then 'outside'
        end as state
    from compared
)

select
    what,
    state,
    cast(count(*) as bigint) as lines
from told
where state is not null
group by what, state
order by what, state
