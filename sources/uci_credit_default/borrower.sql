-- One row per client. Income, identity, consents, language and the rest are not in the data: unknown.
select
    printf('UCI%05d', id) as borrower_id,
    'consumer' as borrower_type,
    'TW' as jurisdiction
from source
order by borrower_id
