-- One row per borrower without whom the line $facility_id cannot be decided as in its night: its borrower,
-- everybody tied to them by control, at any time and through others; with each of these who shares a social
-- tie or stands behind one of their lines.
with recursive tied (borrower_id) as (
    select stg_facility.borrower_id
    from stg_facility
    where stg_facility.facility_id = $facility_id
    union
    select
        case
            when stg_control_link.borrower_id = tied.borrower_id then stg_control_link.related_borrower_id
            else stg_control_link.borrower_id
        end as borrower_id
    from tied
    inner join stg_control_link
        on
            tied.borrower_id = stg_control_link.borrower_id
            or tied.borrower_id = stg_control_link.related_borrower_id
)

select tied.borrower_id
from tied
union
select stg_social_link.related_borrower_id as borrower_id
from tied
inner join stg_social_link on tied.borrower_id = stg_social_link.borrower_id
union
select stg_social_link.borrower_id
from tied
inner join stg_social_link on tied.borrower_id = stg_social_link.related_borrower_id
union
select stg_guarantee.provider_id as borrower_id
from tied
inner join stg_facility on tied.borrower_id = stg_facility.borrower_id
inner join stg_guarantee on stg_facility.facility_id = stg_guarantee.facility_id
order by borrower_id
