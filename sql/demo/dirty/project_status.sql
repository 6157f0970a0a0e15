-- One row per project line and report day: the sound rows, with those spoiled that bad_row names.
select
    coalesce(b.e1, t.facility_id) as facility_id,
    coalesce(cast(b.e2 as date), t.reported_on) as reported_on,
    case b.kind when 'project_phase_is_given' then null else t.phase end as phase,
    case b.kind
        when 'completion_is_given' then null
        when 'completion_is_a_share' then 10001
        else t.completion_bp
    end as completion_bp,
    case b.kind
        when 'cost_to_complete_is_not_negative' then -1
        else t.cost_to_complete_cents
    end as cost_to_complete_cents,
    case b.kind when 'dscr_is_plausible' then 2000000 else t.dscr_bp end as dscr_bp,
    case b.kind when 'covenant_is_given' then null else t.covenant_breached end as covenant_breached,
    case b.kind when 'draw_stop_is_given' then null else t.draw_stop end as draw_stop,
    t.recorded_at
from project_status as t
left join bad_row as b
    on
        b.table_name = 'project_status' and b.k1 = t.facility_id
        and b.k2 = cast(t.reported_on as varchar)
order by 1, 2
