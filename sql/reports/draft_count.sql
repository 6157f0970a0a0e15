-- One row per kind and language of letter.
select
    drafts.kind,
    drafts.language,
    count(*) as letters
from drafts
group by drafts.kind, drafts.language
order by drafts.kind, drafts.language
