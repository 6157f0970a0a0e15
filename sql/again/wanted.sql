-- One row per borrower without whom the lines $facility_ids cannot be decided as in their night: their
-- borrowers and everybody tied to them by control, at any time and through others; whoever stands behind
-- a line of these, and whoever stands behind a line of those in turn, each with all tied to them; and who
-- shares a social tie with one of the lines' own control groups. A cover is worth what its provider is, whose
-- covers count too.
with recursive reached (borrower_id, hands) as (
    select
        stg_facility.borrower_id,
        0
    from stg_facility
    where stg_facility.facility_id in (select unnest(cast($facility_ids as varchar[])))
    union
    select
        tie.borrower_id,
        reached.hands + tie.hands
    from reached
    inner join tie on reached.borrower_id = tie.of_borrower_id
    where reached.hands + tie.hands <= 2
)

select reached.borrower_id
from reached
where reached.borrower_id is not null
union
select stg_social_link.related_borrower_id
from reached
inner join stg_social_link on reached.borrower_id = stg_social_link.borrower_id and reached.hands = 0
union
select stg_social_link.borrower_id
from reached
inner join stg_social_link on reached.borrower_id = stg_social_link.related_borrower_id and reached.hands = 0
order by borrower_id
