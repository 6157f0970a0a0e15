-- One row per cover of a line's anchor that counts for less tonight: not at all, or with less share, amount
-- or time.
with before as (
    select
        lines.facility_id,
        lines.borrower_id,
        unnest(lines.anchor_covers) as cover
    from lines
    where len(lines.anchor_covers) > 0
)

select
    before.facility_id,
    before.borrower_id,
    before.cover.guarantee_id
from before
left join cover
    on before.facility_id = cover.facility_id and before.cover.guarantee_id = cover.guarantee_id
where
    cover.guarantee_id is null
    or cover.share_bp < before.cover.share_bp
    or cover.most_cents < coalesce(before.cover.most_cents, 9223372036854775807)
    or cover.days < coalesce(before.cover.days, 9223372036854775807)
order by before.facility_id, before.cover.guarantee_id
