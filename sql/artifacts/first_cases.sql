-- One row per kind of case: the keys of its first $first cases, in the order to look at them.
select
    open_now.kind,
    list(open_now.case_id order by open_now.priority) as case_ids
from open_now
where
    open_now.priority in (
        select first_of_kind.priority
        from open_now as first_of_kind
        qualify row_number() over (partition by first_of_kind.kind order by first_of_kind.priority) <= $first
    )
group by open_now.kind
order by open_now.kind
