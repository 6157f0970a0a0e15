-- One row per moved line and factor: the least and the most that it moves the limit by, over all orders.
select
    without.facility_id,
    cause_pair.part,
    min(with_it.limit_cents - without.limit_cents) as least_cents,
    max(with_it.limit_cents - without.limit_cents) as most_cents
from cause_value as without
inner join present on without.unit = present.unit
inner join cause_pair on present.present = cause_pair.present and without.coalition = cause_pair.without
inner join
    cause_value as with_it
    on
        without.unit = with_it.unit and without.facility_id = with_it.facility_id
        and cause_pair.with_it = with_it.coalition
group by without.facility_id, cause_pair.part
order by without.facility_id, cause_pair.part
