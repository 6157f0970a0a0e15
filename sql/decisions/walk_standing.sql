-- One row per line: what stands beside its limit tonight. Whether another hand lifted our block, and why it
-- stands where it does so while a case of the borrower is open; for how long what we left in force is overdue
-- at the source; the offer that stands; the limit that the customer asked for; the temporary addition; and
-- how far the borrower's word lets a rise go.
with standing as (
    select
        lines.*,
        lines.past_own_block and lines.past_block_shown and not coalesce(lines.shown_block, true)
            as block_lifted,
        coalesce(
            lines.rise_consent
            and (lines.consented_limit_cents is null or lines.consented_limit_cents > lines.limit_cents),
            false
        ) as consent_given,
        lines.past_offer_until >= night.as_of and lines.past_offered_limit_cents > lines.limit_cents
        and lines.limit_origin <> 'outside' as offer_stands,
        case
            when lines.last_change_by = 'borrower' then lines.source_limit_cents
            when lines.limit_origin <> 'outside' then lines.past_customer_limit_cents
        end as asked_limit_cents,
        case
            when lines.last_change_by = 'borrower' then lines.last_limit_change_on
            when lines.limit_origin <> 'outside' then lines.past_customer_limit_on
        end as asked_on,
        case
            when lines.temporary_until >= night.as_of
                then greatest(lines.temporary_limit_cents - lines.limit_cents, 0)
            else 0
        end as temporary_cents,
        night.as_of - lines.past_expected_on as days_expected
    from lines
    cross join night
),

ended as (
    select
        standing.*,
        standing.past_own_block and not standing.block_lifted as own_block,
        standing.past_person_block and own_block as person_block,
        case when own_block and open_case.case_id is not null then standing.past_review_block end
            as review_block,
        case when standing.offer_stands then standing.past_offered_limit_cents end
            as standing_offer_cents,
        case when standing.offer_stands then standing.past_offer_until end as standing_offer_until,
        coalesce(standing.consent_on > standing.asked_on, false) as agreed_since,
        case when not agreed_since then standing.asked_limit_cents end as customer_limit_cents,
        case when not agreed_since then standing.asked_on end as customer_limit_on
    from standing
    left join open_case on standing.borrower_id = open_case.borrower_id
)

select
    ended.* exclude (asked_limit_cents, asked_on, agreed_since, days_expected),
    case
        when ended.limit_origin = 'in_flight' or (ended.own_block and not coalesce(ended.shown_block, true))
            then ended.days_expected
    end as overdue_days,
    least(
        case when ended.consent_given then ended.consented_limit_cents end, ended.customer_limit_cents
    ) as rise_ceiling_cents,
    coalesce(ended.owed_cents > ended.limit_cents + ended.temporary_cents, false) as is_over_limit
from ended
