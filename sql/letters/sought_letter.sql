-- One row per letter of a batch that is asked for, by its own key, its reference, or the key of its line.
select letter.*
from letter
where letter.draft_id = $key or letter.facility_id = $key or letter.reference = upper($key)
order by letter.facility_id, letter.draft_id
