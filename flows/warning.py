"""Early warnings: the next review of lines that are not due tonight, tried tonight and as of its day."""

from __future__ import annotations

from flows.again import place
from linewatch.night import Night
from tasks import advise, again, warn
from tasks.decide import decide_lines, facts_of, load_past
from tasks.features import features
from tasks.rescore import rescore, score


def warn_night(night: Night) -> warn.Warned:
    """Leave `warned`, a row for every line that is warned tonight, if the policy warns; after `decide`."""
    policy = night.documents.policy
    lines = warn.ask(night, policy.early_warning)
    if not lines or policy.advice is None:
        return warn.Warned(0)
    with place(night.work) as folder:
        now = again.same(night, folder / "now")
        try:
            warn.hand_over(night, folder)
            again.stand(now, again.rows_beside(night, folder))
            facts = facts_of(now)
            again.narrow_night(now, lines)
            load_past(now)
            warn.give_due(now, folder)
            features.fn(now)
            rescore.fn(now)
            decide_lines(now, facts)
            for day, of_day, terms in warn.days(now, policy.advice, folder):
                advise.begin(now, terms, of_day, night.as_of)
                for _ in advise.choices(now):
                    for first, last, _ in advise.batches(now):
                        advise.take(now, first, last)
                        advise.review(now, 1, day, night.as_of, facts, score)
                warn.see(now, day)
            return warn.keep(now, night, folder / "foreseen.parquet")
        finally:
            again.end(now)
