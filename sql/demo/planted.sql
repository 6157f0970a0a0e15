-- One row per planted row and promise that it breaks, with its key as it stands in the night.
select
    table_name,
    concat_ws('|', e1, e2, e3, e4) as key,
    unnest(case when also = '' then [kind] else list_prepend(kind, string_split(also, ' ')) end) as kind
from bad_row
where kind is not null
order by table_name, key, kind
