-- One row per line with a project report by as_of: the last one.
select
    project_status.facility_id,
    project_status.reported_on,
    project_status.phase,
    project_status.completion_bp,
    project_status.cost_to_complete_cents,
    project_status.dscr_bp,
    project_status.covenant_breached,
    project_status.draw_stop,
    cast(date_sub('month', project_status.reported_on, night.as_of) as integer) as age_months
from project_status, night
where project_status.reported_on <= night.as_of
qualify row_number() over (
    partition by project_status.facility_id order by project_status.reported_on desc
) = 1
