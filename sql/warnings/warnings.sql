-- One row per early warning that stands after tonight: its line has not been reviewed since, or it was told
-- tonight; of a night that is revised the newest.
with told as (
    select warned.*
    from warned
    inner join drafts on warned.facility_id = drafts.facility_id and drafts.kind = 'early_warning'
)

select past_warning.*
from past_warning
inner join (
    select decisions.facility_id, decisions.reviewed_on from decisions
    union all
    select absent.facility_id, absent.reviewed_on from absent
) as line on past_warning.facility_id = line.facility_id
anti join told on past_warning.facility_id = told.facility_id
where past_warning.reviewed_on is not distinct from line.reviewed_on
union all
select told.*
from told
order by facility_id
