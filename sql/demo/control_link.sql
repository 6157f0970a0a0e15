-- One row per pair of borrowers of whom the second controls the first, and day it began. Eight enterprises
-- in a row make a neighbourhood; in two of five, its first two to six are a group: a star, or a chain.
with neighbours as (
    select
        p.n, p.borrower_id, p.onboarded_on, p.enterprise_no, p.u_when, p.u_industry,
        p.enterprise_no % 8 as place,
        md5_number_lower(concat_ws('|', $seed, p.enterprise_no // 8, 'group')) as h_group
    from person as p
    where p.is_enterprise and p.onboarded_on <= $as_of
),

placed as (
    select
        *,
        cast(h_group & 65535 as bigint) as u_grouped,
        cast((h_group >> 16) % 5 as bigint) + 1 as last_place,
        case when cast((h_group >> 32) % 2 as bigint) = 0 then place else 1 end as steps
    from neighbours
),

ties as (
    select
        borrower_id,
        onboarded_on,
        enterprise_no - steps as related_no,
        (enterprise_no - steps)
        // 2 * 25
        + case when (enterprise_no - steps) % 2 = 0 then 7 else 18 end as related_n,
        case when place = last_place and last_place > 2 then 'economic_dependence' else 'parent' end as kind,
        case
            when place = last_place and last_place > 2 then null
            when u_when % 9 = 2 then 1000 + u_when % 3900
            else 5100 + u_when % 4900
        end as share_bp,
        u_industry
    from placed
    where u_grouped < 26000 and place between 1 and last_place
    union all
    -- One in seven enterprises belongs to a consumer who borrows too.
    select borrower_id, onboarded_on, null, n + 1, 'controller', 5100 + u_industry % 4900, u_industry
    from placed
    where u_when % 7 = 0
)

select
    t.borrower_id,
    r.borrower_id as related_borrower_id,
    t.kind,
    cast(t.share_bp as integer) as share_bp,
    greatest(t.onboarded_on, r.onboarded_on) as valid_from,
    case when t.u_industry % 20 = 1 then greatest(t.onboarded_on, r.onboarded_on) + 1000 end as valid_until,
    cast(greatest(t.onboarded_on, r.onboarded_on) as timestamp) + interval 9 hour as recorded_at
from ties as t
inner join person as r on r.n = t.related_n
where r.onboarded_on <= $as_of
order by t.borrower_id, r.borrower_id, t.kind
