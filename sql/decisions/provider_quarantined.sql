-- One row per borrower of whose lines one is covered tonight by the word of somebody with a row in
-- quarantine: what that word is worth is not known, so nothing may rise on it.
select distinct facility.borrower_id
from cover_now
inner join facility on cover_now.facility_id = facility.facility_id
inner join quarantined_borrower on cover_now.provider_id = quarantined_borrower.borrower_id
where cover_now.kind <> 'collateral' and facility.status is distinct from 'closed'
order by facility.borrower_id
