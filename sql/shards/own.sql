-- One row per shard and borrower of its own.
select
    shard_reader.borrower_id,
    shard_reader.shard
from shard_reader
where shard_reader.is_own
