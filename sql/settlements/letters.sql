-- One row per line that a settlement changes or makes an offer on: what its letter says, in which language,
-- to which name. The reasons are those that the reviewer relied on: one of their own that can be told, then
-- the night's where they did what it proposed, or agreed with it.
with reasoned as (
    select
        settled_line.*,
        case
            when list_contains(cast($tellable as varchar[]), settled_line.reason) then [settled_line.reason]
            else cast([] as varchar[])
        end as own_codes,
        case
            when settled_line.outcome = 'approve' or settled_line.reason = 'agree_with_model'
                then list_transform(night_decision.reasons, lambda each_reason: each_reason.code)
            else cast([] as varchar[])
        end as night_codes,
        night_decision.borrower_id,
        night_decision.borrower_type,
        night_decision.jurisdiction,
        night_decision.currency,
        night_decision.segment
    from settled_line
    inner join night_decision on settled_line.facility_id = night_decision.facility_id
)

select
    reasoned.facility_id,
    reasoned.borrower_id,
    reasoned.borrower_type,
    reasoned.jurisdiction,
    reasoned.currency,
    reasoned.segment,
    reasoned.action as kind,
    reasoned.standing_limit_cents as limit_cents,
    case
        when reasoned.action = 'offer' then reasoned.asked_limit_cents else reasoned.new_limit_cents
    end as proposed_limit_cents,
    reasoned.standing_rate_bp as rate_bp,
    reasoned.new_rate_bp as proposed_rate_bp,
    reasoned.effective_on,
    reasoned.deadline_on,
    case
        when reasoned.action = 'offer'
            then cast($settled_on as date) + cast(reasoned.offer_days as integer)
    end as reply_by_on,
    list_concat(
        reasoned.own_codes,
        list_filter(reasoned.night_codes, lambda code: not list_contains(reasoned.own_codes, code))
    ) as reason_codes,
    addressee.language,
    addressee.fraud_flag,
    addressee.name,
    measured.figures,
    measured.bureau_used,
    bureau_of.provider as bureau_provider,
    told_of_line.* exclude (facility_id)
from reasoned
left join addressee on reasoned.borrower_id = addressee.borrower_id
left join measured on reasoned.borrower_id = measured.borrower_id
left join bureau_of on reasoned.borrower_id = bureau_of.borrower_id
left join told_of_line on reasoned.facility_id = told_of_line.facility_id
where reasoned.action <> 'hold'
order by reasoned.facility_id
