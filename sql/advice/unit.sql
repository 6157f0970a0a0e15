-- One row per line that is searched for: whatever can be done about it is tried on rows of its own, on
-- tonight's day of the months to come. A statement of the 31st comes on the last of a shorter month: where
-- that is tonight, the next are later.
with dated as (
    select
        advised.*,
        cast(case
            when night.as_of = last_day(night.as_of)
                then greatest(advised.statement_day, day(night.as_of))
            else day(night.as_of)
        end as integer) as review_day
    from advised
    cross join night
    where not advised.needs_support and not advised.is_law and not advised.is_promised
)

select
    cast(row_number() over (order by dated.review_day, dated.facility_id) as integer) as unit,
    dated.*
from dated
order by unit
