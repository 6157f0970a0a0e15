-- One row per step at which lines part first, in the order of the steps: how many lines part there.
with first_parting as (
    select
        parting.facility_id,
        min(parting.ordinal) as ordinal
    from parting
    group by parting.facility_id
)

select
    parting.step,
    count(*) as lines
from first_parting
inner join parting
    on first_parting.facility_id = parting.facility_id and first_parting.ordinal = parting.ordinal
group by parting.step
order by min(parting.ordinal), parting.step
