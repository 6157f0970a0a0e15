-- One row of `features_consumer` per borrower that the shard decides; what it read of others is left out.
select features_consumer.*
from features_consumer
semi join own on features_consumer.borrower_id = own.borrower_id
order by features_consumer.borrower_id
