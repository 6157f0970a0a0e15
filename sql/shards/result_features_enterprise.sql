-- One row of `features_enterprise` per borrower that the shard decides; what it read of others is left out.
select features_enterprise.*
from features_enterprise
semi join own on features_enterprise.borrower_id = own.borrower_id
order by features_enterprise.borrower_id
