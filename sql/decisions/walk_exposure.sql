-- One row per line: the policy's caps on one borrower and one control group (hard).
select
    walk_stability.*,
    case
        when switches.exposure and cap_of_line.capped_cents < walk_stability.after_stability_cents
            then cap_of_line.capped_cents
        else walk_stability.after_stability_cents
    end as after_exposure_cents,
    cap_of_line.cap_row as exposure_row,
    cap_of_line.cap_cents as exposure_value,
    coalesce(cap_of_line.remains, false) as breach_remains,
    case when switches.exposure then cap_of_line.capped_cents end as exposure_limit_cents
from walk_stability
inner join switches on walk_stability.variant = switches.variant
left join cap_of_line
    on walk_stability.facility_id = cap_of_line.facility_id and cap_of_line.step = 'exposure'
