"""What would help: the reviews to come, tried on rows on which something was done."""

from __future__ import annotations

from prefect import task
from prefect.cache_policies import NO_CACHE

from flows.again import place
from linewatch.advice import AdviceTerms
from linewatch.night import Night
from tasks import advise, aftermath, again, promise
from tasks.decide import facts_of, load_past
from tasks.rescore import score


@task(name="advise", task_run_name="advise {night.as_of}", cache_policy=NO_CACHE, persist_result=False)
def advise_night(night: Night) -> advise.Advised:
    """Leave `advice`, a row for every line that is told of a cut tonight, `promises`, and `after_cut`, what
    each cut does to its borrower; before letters.
    """
    terms = night.documents.policy.advice
    cut = aftermath.cut_lines(night)
    asked = advise.ask(night, terms) if terms is not None else []
    if cut:
        _look_ahead(night, terms, cut, asked)
    promise.make(night)
    told = advise.tell(night) if terms is not None else advise.none(night)
    promise.stand(night)
    return told


def _look_ahead(night: Night, terms: AdviceTerms | None, cut: list[str], asked: list[str]) -> None:
    """Score whose lines would be cut again, and try what would help, on the rows around those lines."""
    with place(night.work) as folder:
        now = again.same(night, folder / "now")
        try:
            aftermath.hand_over(night, folder)
            again.stand(now, again.rows_beside(night, folder))
            facts = facts_of(now)
            again.narrow_night(now, cut)
            aftermath.rescore_cut(now, folder, score)
            aftermath.keep(night, folder)
            if terms is None or not asked:
                return
            advise.hand_over(night, folder)
            load_past(now)
            advise.begin(now, terms, folder)
            for number, day, previous in advise.reviews(now.as_of, terms.months):
                advise.review(now, number, day, previous, facts, score)
            advise.keep(now, night, folder / "found.parquet")
        finally:
            again.end(now)
