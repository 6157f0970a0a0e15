-- One row per borrower: how many borrowers, itself among them, are tied to it by a shared device.
select
    social_link.borrower_id,
    cast(count(distinct social_link.related_borrower_id) + 1 as integer) as device_borrowers
from social_link
where social_link.kind = 'shared_device'
group by social_link.borrower_id
