-- One row: the first day from which any line is watched.
select min(watched_line.first_on) as first_on
from watched_line
