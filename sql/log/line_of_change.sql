-- One row at most: the line that a change of a batch is of, by the change's name or its letter's reference.
select
    kept_changes.facility_id,
    kept_changes.change_id
from kept_changes
left join kept_drafts
    on
        kept_changes.facility_id = kept_drafts.facility_id
        and kept_drafts.kind not in ('invitation', 'early_warning')
where kept_changes.change_id = $named or kept_drafts.reference = upper($named)
order by kept_changes.facility_id
