-- One row per borrower who is in default, or of whose control group another is.
with of_group as (
    select
        exposure_group.group_id,
        count(*) as defaults,
        min(exposure_group.borrower_id) as first_id
    from in_default
    inner join exposure_group on in_default.borrower_id = exposure_group.borrower_id
    group by exposure_group.group_id
),

member as (
    select
        exposure_group.borrower_id,
        of_group.defaults > 1 or of_group.first_id <> exposure_group.borrower_id as group_default
    from of_group
    inner join exposure_group on of_group.group_id = exposure_group.group_id
)

select
    coalesce(in_default.borrower_id, member.borrower_id) as borrower_id,
    in_default.borrower_id is not null as in_default,
    coalesce(member.group_default, false) as group_default
from in_default
full outer join member on in_default.borrower_id = member.borrower_id
