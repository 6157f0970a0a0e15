-- One row per line whose borrower would be of a worse grade for tonight's cuts alone: with nothing but these
-- limits changed (the scores of own_cut) the PD is of a worse band than tonight's.
select cut_now.facility_id
from cut_now
inner join own_cut.scores as scores on cut_now.borrower_id = scores.borrower_id
inner join pol_band
    on
        cut_now.borrower_type = pol_band.subject
        and cut_now.pd_bp >= pol_band.pd_from_bp and cut_now.pd_bp < pol_band.pd_below_bp
where scores.pd_bp >= pol_band.pd_below_bp
order by cut_now.facility_id
