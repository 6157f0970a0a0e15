-- One row per segment into which a made-up line fell.
select distinct decisions.segment
from decisions
where decisions.segment is not null
order by decisions.segment
