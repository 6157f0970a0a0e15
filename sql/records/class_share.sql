-- One row per class of lines, ground and part of the limit: how many of how many are cut so tonight. It names
-- nobody, and classes of few lines are not in it: once somebody is erased, they can no longer be counted.
select
    class_share.product,
    class_share.borrower_type,
    class_share.jurisdiction,
    class_share.step,
    class_share.measure,
    class_share.percent,
    class_share.class_share_bp,
    class_share.lines
from class_share
order by
    class_share.product, class_share.borrower_type, class_share.jurisdiction, class_share.step,
    class_share.measure, class_share.percent
