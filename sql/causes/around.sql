-- One row per night that changes are counted from, and line of the members that are counted from it.
select distinct
    member_line.since_on,
    member_line.facility_id
from member_line
order by member_line.since_on, member_line.facility_id
