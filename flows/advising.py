"""What would help: the reviews to come, tried on rows on which something was done."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from prefect import task
from prefect.cache_policies import NO_CACHE

from flows.again import place
from flows.warning import warn_night
from linewatch.advice import AdviceTerms
from linewatch.law import Facts
from linewatch.night import Night
from tasks import advise, aftermath, again, promise
from tasks.decide import facts_of, load_past
from tasks.rescore import score


@task(name="advise", task_run_name="advise {night.as_of}", cache_policy=NO_CACHE, persist_result=False)
def advise_night(night: Night) -> advise.Advised:
    """Leave `advice`, a row for every line that is told of a cut tonight, `promises`, `after_cut`, what each
    cut does to its borrower, and `warned`, whoever is told early of one; before letters.
    """
    terms = night.documents.policy.advice
    cut = aftermath.cut_lines(night)
    promise.stand(night)
    asked = advise.ask(night, terms) if terms is not None else []
    if cut:
        _look_ahead(night, terms, cut, asked)
    promise.make(night)
    told = advise.tell(night) if terms is not None else advise.none(night)
    promise.stand(night)
    warn_night(night)
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
            _try(now, terms, facts, night.as_of, folder)
            advise.keep(now, night, folder / "found.parquet")
        finally:
            again.end(now)


def advise_settled(night: Night, told_on: date) -> None:
    """Leave `advice` for lines that a settlement cuts, before its letters; `settled_line` stands."""
    terms = night.documents.policy.advice
    if terms is None:
        return
    promise.leave_standing(night)
    if lines := advise.ask(night, terms, "settlements/lowered"):
        with place(night.work) as folder:
            now = again.same(night, folder / "now")
            try:
                advise.hand_over_settled(night, told_on, folder)
                again.stand(now, again.rows_of(night.home, again.standing(night.home)))
                facts = facts_of(now)
                again.narrow_night(now, lines)
                _try(now, terms, facts, told_on, folder)
                advise.keep(now, night, folder / "found.parquet")
            finally:
                again.end(now)
    advise.tell(night)


def _try(now: again.Again, terms: AdviceTerms, facts: Facts, told_on: date, folder: Path) -> None:
    """Try the most that could be done, then less of it where that may help too."""
    load_past(now)
    advise.begin(now, terms, folder, told_on)
    for _ in advise.choices(now):
        _decide_to_come(now, terms, facts)


def _decide_to_come(now: again.Again, terms: AdviceTerms, facts: Facts) -> None:
    """Decide the reviews to come of what is chosen, each carrying on from the one before."""
    for first, last, review_day in advise.batches(now):
        advise.take(now, first, last)
        for number, day, previous in advise.reviews(now.as_of, terms.months, review_day):
            advise.review(now, number, day, previous, facts, score)
