-- One row per borrower tied to others by a shared device, named first or second: how many they are with it.
with tie as (
    select
        social_link.borrower_id,
        social_link.related_borrower_id as other_id
    from social_link
    where social_link.kind = 'shared_device'
    union
    select
        social_link.related_borrower_id as borrower_id,
        social_link.borrower_id as other_id
    from social_link
    where social_link.kind = 'shared_device'
)

select
    tie.borrower_id,
    cast(count(*) filter (where tie.other_id <> tie.borrower_id) + 1 as integer) as device_borrowers
from tie
group by tie.borrower_id
