-- One row per line that is told of a change tonight: what was decided, in whose language, to which name; with
-- what was measured of the borrower, what moved the limit, and what would help.
-- A line that only gets a lower rate has kind rate; a rise that was promised is told as such. The new limit
-- is the one left in force; an offer's, the one offered. Of a line that goes to a person while the law takes
-- its share, that share alone is told. A freeze is told though the committee is asked what becomes of the
-- line, and one that stands while a case is open with its own reason alone: those of the decision are of what
-- the case proposes.
select
    decisions.facility_id,
    decisions.borrower_id,
    decisions.borrower_type,
    decisions.jurisdiction,
    decisions.currency,
    decisions.segment,
    case
        when decisions.action = 'hold' then 'rate'
        when decisions.action = 'freeze' then 'freeze'
        when
            decisions.route = 'referred' and decisions.committed_limit_cents = decisions.limit_cents
            then 'rate'
        when decisions.action = 'increase' and told_of_line.promised_on is not null then 'promise_kept'
        else decisions.action
    end as kind,
    decisions.limit_cents,
    case
        when decisions.action = 'offer' then decisions.proposed_limit_cents
        else decisions.committed_limit_cents
    end as proposed_limit_cents,
    decisions.rate_bp,
    decisions.committed_rate_bp as proposed_rate_bp,
    decisions.effective_on,
    decisions.deadline_on,
    case when decisions.action = 'offer' then decisions.offer_until end as reply_by_on,
    case
        when decisions.action = 'freeze' and decisions.review_block is not null then [decisions.review_block]
        when decisions.route = 'referred' and decisions.action <> 'freeze' then ['regulation_cap']
        else list_transform(decisions.reasons, lambda reason: reason.code)
    end as reason_codes,
    borrower.language,
    borrower.fraud_flag,
    contact.name,
    measured.figures,
    measured.bureau_used,
    bureau_of.provider as bureau_provider,
    told_of_line.* exclude (facility_id)
from decisions
left join borrower on borrower.borrower_id = decisions.borrower_id
left join contact on contact.borrower_id = decisions.borrower_id
left join measured on decisions.borrower_id = measured.borrower_id
left join bureau_of on decisions.borrower_id = bureau_of.borrower_id
left join told_of_line on decisions.facility_id = told_of_line.facility_id
where
    (decisions.route = 'referred' and decisions.committed_limit_cents <> decisions.limit_cents)
    or (
        decisions.route = 'automatic'
        and decisions.action in ('decrease', 'freeze', 'unfreeze', 'increase', 'offer')
    )
    or (
        decisions.action = 'freeze'
        and (len(decisions.reasons) > 0 or decisions.review_block is not null)
    )
    or decisions.committed_rate_bp <> decisions.rate_bp
order by decisions.facility_id
