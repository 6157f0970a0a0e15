-- One row per hard cap that would be passed, of the policy or of law, and line that it adds up. Few caps are:
-- they stand at the right of each join, which is the side that DuckDB builds (sql/engine.py).
with claimed as (
    select
        law_claim.facility_id,
        law_breach.cap_row,
        law_breach.cap_cents,
        law_breach.owner_id,
        law_breach.cut_cents
    from law_claim
    inner join
        law_breach
        on law_claim.cap_row = law_breach.cap_row and law_claim.owner_id = law_breach.owner_id
)

select
    'exposure' as step,
    breach.cap_row,
    breach.cap_cents,
    breach.owner_id,
    breach.cut_cents,
    exposure_of_line.facility_id
from exposure_of_line
inner join
    breach
    on case breach.scope
        when 'borrower' then exposure_of_line.borrower_id
        else exposure_of_line.group_id
    end = breach.owner_id
union all
select
    'regulation' as step,
    claimed.cap_row,
    claimed.cap_cents,
    claimed.owner_id,
    claimed.cut_cents,
    claimed.facility_id
from exposure_of_line
inner join claimed on exposure_of_line.facility_id = claimed.facility_id
