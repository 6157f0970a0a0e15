-- One row per borrower tied to another by control on as_of: the group is named after its first member.
-- Borrowers without a tie are their own group and have no row. Each turn a borrower takes the first of its
-- own name, its neighbours' and that of the one it is named after; so does the one it is named after: a chain
-- of ten thousand takes a score of turns, not ten thousand.
with recursive tie as materialized (
    select
        control_link.borrower_id as one,
        control_link.related_borrower_id as other
    from control_link, night, pol_control_group
    where
        control_link.valid_from <= night.as_of
        and (control_link.valid_until is null or control_link.valid_until >= night.as_of)
        and (
            control_link.share_bp is null
            or control_link.share_bp >= case control_link.kind
                when 'economic_dependence' then pol_control_group.dependence_share_bp
                else pol_control_group.control_share_bp
            end
        )
        and control_link.borrower_id <> control_link.related_borrower_id
),

edge as materialized (
    select
        tie.one,
        tie.other
    from tie
    union
    select
        tie.other as one,
        tie.one as other
    from tie
),

named (turn, borrower_id, group_id, goes_on) as (
    select
        0 as turn,
        edge.one as borrower_id,
        min(least(edge.one, edge.other)) as group_id,
        true as goes_on
    from edge
    group by edge.one
    union all
    select
        standing.turn + 1 as turn,
        standing.borrower_id,
        least(standing.group_id, nearer.group_id) as group_id,
        bool_or(nearer.group_id < standing.group_id) over () as goes_on
    from named as standing
    inner join (
        select
            heard.borrower_id,
            min(heard.group_id) as group_id
        from (
            select
                edge.one as borrower_id,
                theirs.group_id
            from edge
            inner join named as theirs on edge.other = theirs.borrower_id
            union all
            select
                own.group_id as borrower_id,
                theirs.group_id
            from edge
            inner join named as own on edge.one = own.borrower_id
            inner join named as theirs on edge.other = theirs.borrower_id
            union all
            select
                own.borrower_id,
                first.group_id
            from named as own
            inner join named as first on own.group_id = first.borrower_id
        ) as heard
        group by heard.borrower_id
    ) as nearer on standing.borrower_id = nearer.borrower_id
    where standing.goes_on
)

select
    named.borrower_id,
    named.group_id
from named
where named.turn = (select max(last_turn.turn) from named as last_turn)
order by named.borrower_id
