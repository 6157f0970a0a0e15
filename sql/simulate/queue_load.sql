-- One row per kind of case that these decisions would open: borrowers and lines. A borrower's case is of the
-- most thorough kind that any of their lines asks for, as in reviews/cases.
with borrower_case as (
    select
        referred_line.borrower_id,
        case
            when bool_or(referred_line.kind = 'site_visit') then 'site_visit'
            when bool_or(referred_line.kind = 'interview') then 'interview'
            else 'desk_review'
        end as kind,
        count(*) as lines
    from referred_line
    group by referred_line.borrower_id
)

select
    borrower_case.kind,
    count(*) as cases,
    cast(sum(borrower_case.lines) as bigint) as lines
from borrower_case
group by borrower_case.kind
order by borrower_case.kind
