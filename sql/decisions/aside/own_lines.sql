-- One row per borrower and variant of the walk: what is known of all its lines.
select distinct
    walk_grade.borrower_id,
    own_lines.* exclude (borrower_id)
from walk_grade
inner join main.own_lines on walk_grade.own_borrower_id = own_lines.borrower_id
