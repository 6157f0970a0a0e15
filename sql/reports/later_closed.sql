-- One row per watched line that a night decides no longer, though its source has it: it was closed. Noted
-- once, by the first night that finds it so.
select
    watched_line.facility_id,
    cast($as_of as date) as as_of,
    'closed' as sign,
    cast(null as bigint) as batch_seq
from watched_line
where
    watched_line.first_on <= cast($as_of as date)
    and watched_line.facility_id not in (select later_decision.facility_id from later_decision)
    and watched_line.facility_id not in (select later_absent.facility_id from later_absent)
    and watched_line.facility_id not in (
        select later_sign.facility_id from later_sign
        where later_sign.sign = 'closed'
    )
