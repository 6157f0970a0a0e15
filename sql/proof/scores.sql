-- One row per made-up borrower: their card's score, and the PD that the grid gives them in its stead.
select
    scores.* replace (grid_line.pd_bp as pd_bp, 0 as unknown_share_bp)
from scores
inner join grid_line on scores.borrower_id = grid_line.borrower_id
