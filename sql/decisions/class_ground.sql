-- One row per ground of a decrease: what it takes of the limit, in whole percent (rounded down), and of
-- which class of lines (product, kind of borrower, country) the line is. Grounds are the same where the step
-- is, and the row too where it stands for one measure: a cell of the matrix does not, being one of a grade.
select
    unclassed.facility_id,
    unclassed.product,
    unclassed.borrower_type,
    unclassed.jurisdiction,
    part.ground.step,
    case
        when part.ground.step in ('gate', 'exposure', 'regulation') or part.ground.row = 'long_unused'
            then part.ground.row
    end as measure,
    cast(cast(part.ground.cents as hugeint) * 100 // unclassed.limit_cents as integer) as percent,
    unclassed.committed_limit_cents < unclassed.limit_cents as is_cut
from unclassed
inner join
    (
        select
            listed.facility_id,
            unnest(listed.grounds) as ground
        from unclassed as listed
    ) as part
    on unclassed.facility_id = part.facility_id
where part.ground.cents is not null
