-- One row per unit and thing that its borrower could do, the least trouble first: only paying in time, then
-- proving the income that is on record, paying so much a month more than is due, both. Payments are parts of
-- what is drawn, in whole units of the segment, within a share of the borrower's income where it is known.
-- The most of each kind is tried before anything less of it.
with step as (
    select unnest(range(0, $steps + 1)) as step
),

paid as (
    select distinct
        unit.unit,
        least(
            cast(
                (
                    (cast(unit.drawn_cents as hugeint) * step.step + $steps * unit.unit_cents - 1)
                    // ($steps * unit.unit_cents)
                ) * unit.unit_cents as bigint
            ),
            unit.drawn_cents
        ) as amount_cents
    from unit
    cross join step
),

reachable as (
    select paid.*
    from paid
    inner join unit on paid.unit = unit.unit
    where
        paid.amount_cents = 0
        or unit.net_monthly_income_cents is null
        or cast(paid.amount_cents as hugeint) * 10000
        <= cast(unit.net_monthly_income_cents as hugeint) * $income_share_bp
),

proof as (
    select
        unit.unit,
        unnest(case when unit.can_prove then [false, true] else [false] end) as proves
    from unit
),

candidate as (
    select
        reachable.unit,
        reachable.amount_cents,
        proof.proves,
        case
            when reachable.amount_cents = 0 and not proof.proves then 'on_time'
            when reachable.amount_cents = 0 then 'prove_income_on_time'
            when not proof.proves then 'pay_down_on_time'
            else 'pay_down_prove_income'
        end as code,
        cast(reachable.amount_cents > 0 as integer) * 2 + cast(proof.proves as integer) as trouble
    from reachable
    inner join proof on reachable.unit = proof.unit
),

placed as (
    select
        candidate.*,
        cast(row_number() over (
            partition by candidate.unit order by candidate.trouble, candidate.amount_cents
        ) as integer) as place,
        row_number() over (
            partition by candidate.unit, candidate.trouble order by candidate.amount_cents desc
        ) = 1 as is_most
    from candidate
)

select
    placed.unit,
    placed.place,
    placed.unit || '.' || placed.place || '|' as name,
    unit.facility_id,
    unit.borrower_id,
    placed.code,
    placed.trouble,
    placed.amount_cents,
    placed.proves,
    placed.is_most,
    cast($pay_on as date) as pay_on
from placed
inner join unit on placed.unit = unit.unit
order by placed.unit, placed.place
