-- One row per enterprise: the characteristics that tonight's scores stand on, as they are kept.
select * from features_enterprise
order by borrower_id
