-- One row per exposure group in which the law bound a line: blocked it, refused it a rise, or capped it.
select distinct decided.group_id
from decided
where
    decided.block = decided.law_block
    or (decided.no_rise = 'law_forbids_rise' and decided.wants_up)
    or decided.regulation_row is not null
