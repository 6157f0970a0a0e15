-- One row per line: whether its review is due tonight, and why. First sight, the segment's cycle, or a
-- dated event since the line was last looked at.
with expiring as (
    select list(pol_statement_expiring.days order by pol_statement_expiring.days) as statement_days
    from pol_statement_expiring
),

immediate as (
    select
        kind.borrower_type,
        kind.jurisdiction,
        max(given.effective_from) as immediate_on
    from (
        select distinct
            lines.borrower_type,
            lines.jurisdiction
        from lines
    ) as kind
    inner join
        immediate_document as given
        on
            (given.borrower_type is null or given.borrower_type = kind.borrower_type)
            and (given.jurisdiction is null or given.jurisdiction = kind.jurisdiction)
    group by kind.borrower_type, kind.jurisdiction
),

dated as (
    select
        lines.*,
        law_line.* exclude (facility_id),
        expiring.statement_days,
        pol_slotting.default_phases,
        case
            when pol_segment.aff_statement_months > 0
                then cast(
                    lines.statement_end_on + to_months(pol_segment.aff_statement_months + 1) as date
                )
        end as statement_stale_on,
        pol_segment.* exclude (segment),
        night.as_of,
        immediate.immediate_on,
        cast(date_trunc('month', night.as_of) as date) + cast(
            least(coalesce(lines.statement_day, 1), day(last_day(night.as_of))) as integer
        ) - 1 as statement_this_month,
        cast(date_trunc('month', night.as_of) - interval 1 month as date) as month_before,
        cast(date_trunc('month', night.as_of) + interval 1 month as date) as month_after
    from walk_standing as lines
    cross join night
    cross join expiring
    cross join pol_slotting
    left join pol_segment on lines.segment = pol_segment.segment
    left join law_line on lines.facility_id = law_line.facility_id
    left join
        immediate
        on
            lines.borrower_type is not distinct from immediate.borrower_type
            and lines.jurisdiction is not distinct from immediate.jurisdiction
),

cycled as (
    select
        dated.*,
        case
            when dated.statement_this_month <= dated.as_of then dated.statement_this_month
            else dated.month_before + cast(least(
                coalesce(dated.statement_day, 1), day(last_day(dated.month_before))
            ) as integer) - 1
        end as last_statement_on,
        case
            when dated.statement_this_month > dated.as_of then dated.statement_this_month
            else dated.month_after + cast(least(
                coalesce(dated.statement_day, 1), day(last_day(dated.month_after))
            ) as integer) - 1
        end as next_statement_on,
        dated.days_past_due >= 30
        and dated.days_past_due // 30 > coalesce(dated.past_days_past_due, 0) // 30 as fell_behind,
        dated.bureau_on > dated.since and dated.bureau_on <= dated.as_of
        and (dated.external_dpd >= 30 or dated.public_record_count > 0) as bureau_alert,
        coalesce(dated.security_expiring_since > dated.since, false) as security_expires_soon,
        coalesce(len(list_filter(
            dated.statement_days, lambda days: dated.statement_stale_on - days > dated.since
            and dated.statement_stale_on - days <= dated.as_of
        )) > 0, false) as statement_is_expiring
    from dated
)

select
    cycled.* exclude (
        statement_this_month, month_before, month_after, statement_days, default_phases, immediate_on
    ),
    coalesce(cycled.fell_behind and not cycled.first_sight, false) or coalesce(cycled.bureau_alert, false)
        as adverse_event,
    case
        when given_due.facility_id is not null then given_due.due_because
        when cycled.reviewed_on is null then 'first_sight'
        when cycled.promise_is_due then 'promise_due'
        when cycled.cycle = 'statement' and cycled.last_statement_on > cycled.reviewed_on then 'statement'
        when cycled.cycle = 'annual' and cycled.reviewed_on + interval 12 month <= cycled.as_of then 'annual'
        when cycled.fell_behind then 'arrears_bucket'
        when cycled.bureau_alert then 'bureau_alert'
        when
            cycled.statement_came_on > cycled.since and cycled.statement_came_on <= cycled.as_of
            then 'statement_received'
        when
            cycled.income_verified_on > cycled.since and cycled.income_verified_on <= cycled.as_of
            then 'income_received'
        when cycled.consent_on > cycled.since and cycled.consent_on <= cycled.as_of then 'consent_received'
        when
            cycled.security_expires_soon
            then 'security_expiring'
        when
            cycled.reviewed_on + to_months(cycled.law_reassess_months) <= cycled.as_of
            then 'law_reassessment'
        when cycled.statement_is_expiring then 'statement_expiring'
        when cycled.group_default and not cycled.past_group_default then 'group_default'
        when
            cycled.slot is not null and cycled.reported_on > cycled.since
            and (
                cycled.draw_stop or cycled.covenant_breached
                or list_contains(cycled.default_phases, cycled.phase)
            )
            then 'project_alert'
        when cycled.slot is not null and cycled.slotted_on > cycled.since then 'assessment_received'
        when cycled.temporary_until >= cycled.since and cycled.temporary_until < cycled.as_of
            then 'temporary_limit_ended'
        when
            not cycled.is_revolving and not cycled.recommend_only
            and greatest(cycled.scheduled_limit_cents, cycled.owed_cents) < cycled.limit_cents
            and cycled.scheduled_limit_cents is not null
            then 'schedule_step'
        when cycled.immediate_on > cycled.since and cycled.immediate_on <= cycled.as_of
            then 'document_immediate'
    end as due_because
from cycled
left join given_due on cycled.facility_id = given_due.facility_id
