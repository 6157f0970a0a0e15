-- One row per grade and 'unscored': how many lines, and what was decided for them. Counts alone, no
-- amount of anybody.
select
    coalesce(grade, 'unscored') as grade,
    count(*) as lines,
    count(*) filter (where action = 'increase') as increases,
    count(*) filter (where action = 'offer') as offers,
    count(*) filter (where action = 'hold') as holds,
    count(*) filter (where action = 'decrease') as decreases,
    count(*) filter (where action = 'freeze') as freezes,
    count(*) filter (where action = 'unfreeze') as unfreezes,
    count(*) filter (where route = 'referred') as referred
from decisions
group by coalesce(grade, 'unscored')
order by coalesce(grade, 'unscored') = 'unscored', grade
