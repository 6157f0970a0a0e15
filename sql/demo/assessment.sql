-- One row per enterprise and day of assessment: about every half-year, two years and more back. Higher is
-- better.
with visits as (
    select
        p.*,
        (cast($as_of as date) - date '2015-01-01' + u_when % 182) // 182 - unnest(range(0, 7)) as visit,
        exists(
            select 1 from line as l
            where l.n = p.n and l.product = 'project'
        ) as has_project
    from person as p
    where is_enterprise and onboarded_on <= $as_of
),

marked as (
    select
        *,
        date '2015-01-01' + cast(visit * 182 - u_when % 182 as integer) as assessed_on,
        (1600 - risk) // 1000 as standing
    from visits
)

select
    borrower_id,
    assessed_on,
    cast(case
        when u_hardship % 12 > 0
            then greatest(1, least(5, 1 + standing + (u_industry + visit * 3) % 3))
    end as integer) as market_position,
    cast(case
        when u_hardship % 15 > 0
            then greatest(1, least(5, 1 + standing + (u_when + visit * 7) % 3))
    end as integer) as management_quality,
    cast(
        case
            when has_project then greatest(1, least(4, 1 + standing + (u_industry + visit) % 2))
        end as integer
    )
        as financial_strength,
    cast(case when has_project and u_hardship % 9 <> 4 then 2 + u_industry % 3 end as integer)
        as political_legal,
    cast(case when has_project then 1 + (u_when + visit) % 4 end as integer) as transaction,
    cast(case when has_project then greatest(1, least(4, standing + (u_when // 4) % 2 + 1)) end as integer)
        as sponsor,
    cast(case when has_project then 1 + u_when // 16 % 4 end as integer) as security,
    'A' || (1 + u_hardship % 12) as assessor,
    cast(assessed_on as timestamp) + interval 17 hour as recorded_at
from marked
where
    assessed_on between greatest(onboarded_on, cast($days as date[])[1] - 500) and $as_of
    and u_hardship % 20 > 0
order by borrower_id, assessed_on
