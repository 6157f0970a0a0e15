-- One row per line with a project report by as_of: whether the last one stops drawing.
select
    project_status.facility_id,
    project_status.draw_stop,
    project_status.covenant_breached
from project_status, night
where project_status.reported_on <= night.as_of
qualify row_number() over (
    partition by project_status.facility_id order by project_status.reported_on desc
) = 1
