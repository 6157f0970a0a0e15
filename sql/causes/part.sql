-- One row per moved line and part that is present: its Shapley or Owen value in 3,600ths of a cent.
select
    cause_value.facility_id,
    cause_weight.part,
    cast(sum(cause_value.limit_cents * cause_weight.weight) as bigint) as exact
from cause_value
inner join present on cause_value.unit = present.unit
inner join
    cause_weight
    on present.present = cause_weight.present and cause_value.coalition = cause_weight.coalition
group by cause_value.facility_id, cause_weight.part
order by cause_value.facility_id, cause_weight.part
