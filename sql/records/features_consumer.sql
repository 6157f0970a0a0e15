-- One row per consumer: the characteristics that tonight's scores stand on, as they are kept.
select * from features_consumer
order by borrower_id
