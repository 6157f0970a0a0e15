-- One row per line of another borrower that was covered by this one.
select held.facility_id
from held
where
    list_has_any(
        list_transform(held.covers, lambda cover: cover.provider_id),
        (select list(borrower_id order by borrower_id) from sought_borrower)
    )
    and held.facility_id not in (select facility_id from sought_line)
order by held.facility_id
