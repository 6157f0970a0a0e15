-- One row per grade and 'unscored': how many lines, and what was decided for them. Counts alone: no amount of anyone.
select
    coalesce(grade, 'unscored') as grade,
    count(*) as lines,
    count(*) filter (where action = 'increase') as increase,
    count(*) filter (where action = 'offer') as offer,
    count(*) filter (where action = 'hold') as hold,
    count(*) filter (where action = 'decrease') as decrease,
    count(*) filter (where action = 'freeze') as freeze,
    count(*) filter (where action = 'unfreeze') as unfreeze,
    count(*) filter (where route = 'referred') as referred
from decisions
group by coalesce(grade, 'unscored')
order by coalesce(grade, 'unscored') = 'unscored', grade
