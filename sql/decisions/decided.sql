-- One row per line that is not closed: the walk, what it comes to, and which triggers send it to a person.
-- Reasons are added in decisions.sql. A protective freeze waits for nobody, nor does what the law by itself
-- takes: such a line is asked about as if it stood at the law's limit already. Of a commitment that is frozen
-- the committee is asked all the same: the block is the contract's, what becomes of the line is theirs.
-- Where policy lets nobody draw while a person is asked, the line is frozen, whatever the walk proposes
-- (`proposed_action`).
with facts as (
    select
        walk_action.*,
        coalesce(walk_action.law_limit_cents, walk_action.limit_cents) as judged_from_cents,
        walk_action.action in ('decrease', 'increase', 'offer')
        and walk_action.proposed_limit_cents <> judged_from_cents as changes_limit,
        walk_action.action = 'decrease' and walk_action.proposed_limit_cents < judged_from_cents
            as is_own_cut,
        cast(
            quotient(
                cast(judged_from_cents - walk_action.proposed_limit_cents as hugeint)
                * walk_action.rate_ppm, 1000000
            ) as bigint
        ) as fall_rep_cents,
        cast(
            quotient(
                cast(greatest(walk_action.proposed_limit_cents, judged_from_cents) as hugeint)
                * walk_action.rate_ppm, 1000000
            ) as bigint
        ) as size_rep_cents,
        case
            when walk_action.asks_committee and coalesce(walk_action.is_committed, false)
                then 'committed_line'
        end as asks_for_commitment,
        case when walk_action.asks_committee and walk_action.product = 'project' then 'project_line' end
            as asks_for_project,
        pol_band.pd_from_bp as grade_edge_bp,
        open_case.case_id as open_case_id
    from walk_action
    left join pol_band on walk_action.subject = pol_band.subject and walk_action.grade = pol_band.grade
    left join open_case on walk_action.borrower_id = open_case.borrower_id
),

asked as (
    select
        facts.*,
        trigger_of_segment.meanwhile,
        case
            when
                facts.quarantined or facts.action = 'unfreeze'
                or (facts.action = 'decrease' and not facts.is_own_cut)
                then cast([] as varchar[])
            when facts.action = 'freeze'
                then list_filter(
                    [facts.asks_for_commitment, facts.asks_for_project], lambda code: code is not null
                )
            else list_filter([
                case when facts.open_case_id is not null and facts.changes_limit then 'case_open' end,
                case
                    when facts.is_own_cut and facts.fall_rep_cents >= trigger_of_segment.large_decrease
                        then 'large_decrease'
                end,
                case
                    when facts.changes_limit and facts.size_rep_cents >= trigger_of_segment.large_exposure
                        then 'large_exposure'
                end,
                case
                    when
                        facts.is_own_cut and facts.past_grade is not null
                        and ascii(facts.grade) - ascii(facts.past_grade) >= trigger_of_segment.grade_worsened
                        then 'grade_worsened'
                end,
                case
                    when facts.changes_limit and facts.unknown_share_bp >= trigger_of_segment.unknown_share
                        then 'unknown_share'
                end,
                case
                    when
                        facts.is_beyond_unverified
                        and trigger_of_segment.affordability_unverified is not null
                        then 'affordability_unverified'
                end,
                case
                    when facts.owed_is_beyond and trigger_of_segment.expected_loss_exceeded is not null
                        then 'expected_loss_exceeded'
                end,
                case
                    when
                        facts.fraud_flag = 'suspected' and facts.moves
                        and trigger_of_segment.fraud_suspected is not null
                        then 'fraud_suspected'
                end,
                case
                    when
                        facts.action in ('increase', 'offer')
                        and facts.device_borrowers >= trigger_of_segment.shared_device
                        then 'shared_device'
                end,
                facts.asks_for_commitment,
                facts.asks_for_project,
                case
                    when
                        facts.is_own_cut and facts.fires_down and facts.strategy_row <> 'long_unused'
                        and facts.slot is null
                        and (facts.pd_bp - facts.grade_edge_bp) * 10000
                        <= facts.grade_edge_bp * trigger_of_segment.pd_near_edge
                        then 'pd_near_edge'
                end,
                case
                    when facts.moves and facts.statement_age_months > trigger_of_segment.statement_stale
                        then 'statement_stale'
                end,
                case
                    when
                        (facts.breach_remains or facts.law_breach_remains) and facts.moves
                        and trigger_of_segment.exposure_breach is not null
                        then 'exposure_breach'
                end,
                case
                    when
                        facts.is_own_cut
                        and facts.complaint_open
                        and trigger_of_segment.complaint_open is not null
                        then 'complaint_open'
                end,
                case
                    when
                        facts.is_own_cut and facts.objects_to_automation
                        and (
                            trigger_of_segment.automation_objection is not null
                            or coalesce(facts.law_heeds_objection, false)
                        )
                        then 'automation_objection'
                end,
                case when facts.is_own_cut and facts.law_asks_person then 'human_review' end,
                case
                    when
                        facts.moves and facts.security_expires_soon
                        and trigger_of_segment.security_expiring is not null
                        then 'security_expiring'
                end,
                case
                    when
                        facts.moves and trigger_of_segment.valuation_stale is not null
                        and (
                            facts.security_is_unvalued
                            or facts.security_valued_months > trigger_of_segment.valuation_stale
                        )
                        then 'valuation_stale'
                end,
                case
                    when facts.moves and facts.assessment_weakest <= trigger_of_segment.assessment_poor
                        then 'assessment_poor'
                end,
                case when facts.moves and facts.rule_refers then 'policy_rule' end,
                case
                    when
                        facts.moves and facts.statement_is_expiring
                        and trigger_of_segment.statement_expiring is not null
                        then 'statement_expiring'
                end,
                case
                    when facts.moves and facts.altman_z2_hundredths < trigger_of_segment.altman_distress
                        then 'altman_distress'
                end,
                case
                    when
                        facts.moves and facts.group_default and trigger_of_segment.group_default is not null
                        then 'group_default'
                end,
                case
                    when
                        facts.moves and facts.covenant_breached
                        and trigger_of_segment.covenant_breached is not null
                        then 'covenant_breached'
                end,
                case when facts.moves and facts.dscr_bp < trigger_of_segment.dscr_low then 'dscr_low' end,
                case
                    when
                        facts.moves
                        and cast(
                            facts.cost_to_complete_cents - greatest(facts.limit_cents - facts.owed_cents, 0)
                            as hugeint
                        ) * 10000
                        > cast(facts.cost_to_complete_cents as hugeint) * trigger_of_segment.cost_shortfall
                        then 'cost_shortfall'
                end,
                case
                    when
                        facts.moves and facts.completion_bp < 10000 and facts.limit_cents > 0
                        and quotient(cast(facts.owed_cents as hugeint) * 10000, facts.limit_cents)
                        - facts.completion_bp
                        > trigger_of_segment.drawn_ahead
                        then 'drawn_ahead'
                end,
                case
                    when
                        facts.moves and facts.product = 'project'
                        and trigger_of_segment.project_report_old is not null
                        and coalesce(facts.report_age_months > trigger_of_segment.project_report_old, true)
                        then 'project_report_old'
                end,
                case
                    when facts.moves and facts.missing_factors >= trigger_of_segment.slotting_incomplete
                        then 'slotting_incomplete'
                end,
                case
                    when facts.overdue_days > trigger_of_segment.publication_overdue
                        then 'publication_overdue'
                end
            ], lambda code: code is not null)
        end as triggers
    from facts
    left join trigger_of_segment on facts.segment = trigger_of_segment.segment
),

meant as (
    select
        asked.*,
        case
            when
                asked.action not in ('freeze', 'unfreeze') and not asked.recommend_only
                and not asked.own_block and not asked.source_block
                then list_filter(
                    list_transform(asked.triggers, lambda code: asked.meanwhile[code]),
                    lambda reason: reason is not null
                )[1]
        end as meanwhile_reason
    from asked
)

select
    meant.* exclude (
        judged_from_cents, fall_rep_cents, size_rep_cents, grade_edge_bp, is_own_cut, changes_limit,
        asks_for_commitment, asks_for_project, meanwhile, meanwhile_reason
    ) replace (
        case when meant.meanwhile_reason is not null then 'freeze' else meant.action end as action,
        coalesce(meant.meanwhile_reason, meant.review_block) as review_block
    ),
    meant.action as proposed_action
from meant
