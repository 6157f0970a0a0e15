-- One row per line: the records of law in force (hard); the record that bound is named in the row.
select
    walk_exposure.*,
    case
        when switches.regulation and cap_of_line.capped_cents < walk_exposure.after_exposure_cents
            then cap_of_line.capped_cents
        else walk_exposure.after_exposure_cents
    end as after_regulation_cents,
    cap_of_line.cap_row as regulation_row,
    cap_of_line.cap_cents as regulation_value,
    coalesce(cap_of_line.remains, false) as law_breach_remains,
    case when switches.regulation then cap_of_line.capped_cents end as regulation_limit_cents
from walk_exposure
inner join switches on walk_exposure.variant = switches.variant
left join cap_of_line
    on walk_exposure.facility_id = cap_of_line.facility_id and cap_of_line.step = 'regulation'
