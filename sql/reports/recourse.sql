-- One row per segment with lines that are told of a cut tonight: how many of them, for how many something
-- that their borrower can do brings the limit back, leads to a better one, or keeps it from falling further,
-- or nothing would; and to how many it is promised.
select
    decisions.segment,
    cast(count(*) as integer) as lines,
    cast(count(*) filter (
        where advice.standing <> 'nothing' and advice.limit_cents >= decisions.limit_cents
    ) as integer) as restored,
    cast(count(*) filter (
        where advice.standing in ('indication', 'promise') and advice.limit_cents < decisions.limit_cents
    ) as integer) as better,
    cast(count(*) filter (where advice.standing = 'no_further') as integer) as no_further,
    cast(count(*) filter (where advice.code = 'support') as integer) as support,
    cast(count(*) filter (where advice.standing = 'nothing' and advice.code <> 'support') as integer)
        as nothing,
    cast(count(*) filter (where advice.standing = 'promise') as integer) as promised
from advice
inner join decisions on advice.facility_id = decisions.facility_id
group by decisions.segment
order by decisions.segment
