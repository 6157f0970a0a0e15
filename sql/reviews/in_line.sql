-- One row per open case, tonight's and those carried from earlier nights: what tonight says of it, else what
-- was said when it was opened. What became of it since, the record says: until when it is to be decided, and
-- in which way. A case of the night that was closed since is in no line.
select
    lined_up.case_id,
    lined_up.borrower_id,
    lined_up.opened_on,
    lined_up.due_on,
    lined_up.stage,
    lined_up.holder,
    lined_up.left_out,
    coalesce(lined_up.sent_on_as, cases.kind, lined_up.kind) as kind,
    case when cases.case_id is null then lined_up.harm_cents else cases.harm_cents end as harm_cents
from lined_up
left join cases on cases.case_id = lined_up.case_id
