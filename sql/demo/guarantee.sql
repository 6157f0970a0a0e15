-- One row per credit line and guarantee: by an insurer, by another borrower or an outside company, or by a
-- thing.
with kinds as (
    select
        l.*,
        unnest(case
            when not is_enterprise then case when u_kind % 40 = 3 then ['insurance'] else [] end
            when product = 'project' then ['collateral', 'guarantor']
            when u_kind % 9 = 1 then ['collateral', 'guarantor']
            when u_kind % 9 < 4 then ['collateral']
            when u_kind % 9 = 4 then ['guarantor']
            when u_kind % 9 = 5 then ['insurance']
            else []
        end) as kind
    from line as l
    where l.opened_on <= $as_of
),

termed as (
    -- An insurance runs a year and is renewed; one in five of the others ends before its line. Some stood by
    -- people: one in seven of those owns the firm, whose word then covers nothing.
    select
        *,
        case
            when kind = 'insurance'
                then opened_on + cast((cast($as_of as date) - opened_on) // 365 * 365 as integer)
            else opened_on
        end as valid_from,
        case
            when kind = 'insurance'
                then opened_on + cast(((cast($as_of as date) - opened_on) // 365 + 1) * 365 as integer)
            when u_day % 5 = 0 then opened_on + 400 + cast(u_day // 5 % 1500 as integer)
        end as valid_until,
        case
            when u_day % 3 = 1 then n + 1
            else (n // 25 - 1 - u_kind % 40) * 25 + 7
        end as neighbour,
        (cast($as_of as date) - opened_on) // 365 as years_open
    from kinds
)

select
    facility_id,
    'G' || substr(facility_id, 2) || '-' || kind[1:3] as guarantee_id,
    kind,
    case
        when kind = 'insurance' then 'INS00' || (1 + u_kind % 4)
        when kind = 'guarantor' and neighbour > 0 then 'B' || lpad(cast(neighbour as varchar), 9, '0')
        when kind = 'guarantor' then 'OUT' || lpad(cast(u_kind as varchar), 6, '0')
        else 'REG' || lpad(cast(u_day as varchar), 6, '0')
    end as provider_id,
    case
        when kind = 'insurance' then ['A', 'A', 'B', 'C'][1 + u_kind % 4]
        when kind = 'guarantor' then ['A', 'B', 'C', 'D', null][1 + u_day % 5]
    end as provider_grade,
    cast(
        case kind
            when 'insurance' then 8000 when 'guarantor' then 3000 + u_day % 7000 else 10000
        end as integer
    )
        as covered_share_bp,
    case when kind <> 'collateral' and u_kind % 3 = 0 then granted_cents * 8 // 10 end as cap_cents,
    case when kind = 'collateral' then granted_cents * (60 + u_day % 120) // 100 end as value_cents,
    -- Two in three things are valued every year, one in four every third, the rest once; of a few nobody
    -- knows when.
    case
        when kind <> 'collateral' or u_day % 40 = 9 then null
        when u_day % 12 < 8 then opened_on + cast(years_open * 365 as integer)
        when u_day % 12 < 11 then opened_on + cast(years_open // 3 * 3 * 365 as integer)
        else opened_on
    end as valued_on,
    valid_from,
    valid_until,
    case
        when valid_until < $as_of then 'lapsed'
        when u_day % 150 = 4 then 'disputed'
        when u_day % 150 = 8 then 'withdrawn'
        when u_day % 30 <> 7 then 'active'
    end as status,
    cast(valid_from as timestamp) + interval 14 hour as recorded_at
from termed
order by facility_id, guarantee_id
