-- One row per kind of letter that these decisions would have written.
select
    letters.kind,
    count(*) as letters
from letters
group by letters.kind
order by letters.kind
