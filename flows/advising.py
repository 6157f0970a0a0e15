"""What would help: the reviews to come, tried on rows on which something was done."""

from __future__ import annotations

from prefect import task
from prefect.cache_policies import NO_CACHE

from flows.again import place
from linewatch.advice import AdviceTerms
from linewatch.night import Night
from tasks import advise, again, promise
from tasks.decide import facts_of, load_past
from tasks.rescore import score


@task(name="advise", task_run_name="advise {night.as_of}", cache_policy=NO_CACHE, persist_result=False)
def advise_night(night: Night) -> advise.Advised:
    """Leave `advice`, a row for every line that is told of a cut tonight, and `promises`; before letters."""
    terms = night.documents.policy.advice
    if terms is not None:
        lines = advise.ask(night, terms)
        if lines:
            _search(night, terms, lines)
    promise.make(night)
    told = advise.tell(night) if terms is not None else advise.none(night)
    promise.stand(night)
    return told


def _search(night: Night, terms: AdviceTerms, lines: list[str]) -> None:
    with place(night.work) as folder:
        now = again.same(night, folder / "now")
        try:
            advise.hand_over(night, folder)
            again.stand(now, again.rows_beside(night, folder))
            facts = facts_of(now)
            again.narrow_night(now, lines)
            load_past(now)
            advise.begin(now, terms, folder)
            for number, day, previous in advise.reviews(now.as_of, terms.months):
                advise.review(now, number, day, previous, facts, score)
            advise.keep(now, night, folder / "found.parquet")
        finally:
            again.end(now)
