-- One row per country with a line decided tonight: how many.
select
    decisions.jurisdiction,
    cast(count(*) as bigint) as lines
from decisions
where decisions.jurisdiction is not null
group by decisions.jurisdiction
order by decisions.jurisdiction
