-- One row per borrower whom a case that is opened tonight invites: to what, by which day to answer, in whose
-- language, to which name. Somebody who was asked already is not asked again: their case stands, or the line
-- was referred last night for a trigger that invites. Never anybody who is suspected of a fraud or suffered
-- one, who died, of whom data are missing, or whom a treatment leaves in peace; nor about a line whose limit
-- moves tonight, or that is blocked for good.
with asked as (
    select
        decisions.*,
        case
            when list_has_any(decisions.triggers, meeting_of_segment.site_visit) then 'site_visit'
            when list_has_any(decisions.triggers, meeting_of_segment.interview) then 'interview'
        end as meeting,
        list_has_any(decisions.triggers, cast($suspicions as varchar[])) as is_suspected,
        coalesce(
            list_has_any(last_decision.triggers, meeting_of_segment.site_visit)
            or list_has_any(last_decision.triggers, meeting_of_segment.interview),
            false
        ) as was_asked
    from decisions
    left join meeting_of_segment on decisions.segment = meeting_of_segment.segment
    left join last_decision on decisions.facility_id = last_decision.facility_id
    where decisions.route = 'referred'
),

left_alone as (
    select open_case.borrower_id
    from open_case
    union all
    select asked.borrower_id
    from asked
    where asked.is_suspected or asked.quarantined
    union all
    select treatment.borrower_id
    from treatment
    where
        list_contains(cast($still as varchar[]), treatment.kind)
        and treatment.valid_from <= $as_of
        and (treatment.valid_until is null or treatment.valid_until >= $as_of)
)

select
    asked.facility_id,
    asked.borrower_id,
    asked.borrower_type,
    asked.jurisdiction,
    asked.currency,
    'invitation' as kind,
    asked.meeting,
    case asked.meeting
        when 'site_visit' then cast($site_due_on as date) else cast($interview_due_on as date)
    end as reply_by_on,
    cast([] as varchar[]) as reason_codes,
    borrower.language,
    borrower.fraud_flag,
    contact.name
from asked
anti join left_alone on asked.borrower_id = left_alone.borrower_id
anti join draft_failed on asked.facility_id = draft_failed.facility_id
inner join borrower on asked.borrower_id = borrower.borrower_id
left join contact on asked.borrower_id = contact.borrower_id
where
    asked.meeting is not null
    and not asked.was_asked
    and asked.committed_limit_cents = asked.limit_cents
    and (asked.action <> 'freeze' or asked.review_block is not null)
    and coalesce(borrower.fraud_flag, 'none') = 'none'
    and borrower.deceased_on is null
qualify row_number() over (partition by asked.borrower_id order by asked.meeting desc, asked.facility_id) = 1
order by asked.facility_id
