"""`linewatch prune`: let go what the profile's retention keeps no longer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from flows import clock
from flows.options import COMMON, Common
from flows.terminal import Reply
from flows.verbs import begun
from linewatch.counting import counted
from linewatch.room import home_option

if TYPE_CHECKING:
    from tasks.prune import Plan, Share


def prune(
    *,
    by: str = "",
    because: str = "",
    dry_run: Annotated[bool, Parameter(negative="")] = False,
    common: Common = COMMON,
) -> Reply:
    """Take away what is older than the profile's `retention` keeps it, but for what the law or nights need.

    The record says what went, when, by whom and why; `linewatch log verify` finds the rest whole.

    Parameters
    ----------
    by
        Who lets it go.
    because
        Why, for the record: no key or name of a person.
    dry_run
        Only list what would go, and what stays and why; nothing is changed.
    """
    home = common.home.absolute()
    begun(home)
    if dry_run:
        from tasks.prune import planned

        plan = planned(home, clock.now())
        content = {"status": "planned" if plan.goes else "unchanged", **_content(plan)}
        again = f"linewatch prune --by NAME --because TEXT{home_option(home)}"
        return Reply(content, "\n".join([*_words(plan, "would go"), *([again] if plan.goes else [])]))
    from flows import people

    done = people.prune(home, by, because, clock.now())
    status = "pruned" if done.batch else "unchanged"
    content = {"status": status, "batch": done.batch, "root": done.root, **_content(done.plan)}
    head = [f"Pruned, as {done.batch}."] if done.batch else []
    return Reply(content, "\n".join([*head, *_words(done.plan, "gone")]))


def _content(plan: Plan) -> dict[str, Any]:
    return {
        "bytes": sum(share.bytes for share in plan.shares),
        "kinds": {
            share.kind: {
                "before": share.before.isoformat(),
                "files": list(share.files),
                "bytes": share.bytes,
                "left_over": list(share.left_over),
                "held": [
                    {
                        "batch": each.batch,
                        "because": each.because,
                        "until": each.until.isoformat() if each.until else None,
                    }
                    for each in share.held
                ],
            }
            for share in plan.shares
        },
    }


def _words(plan: Plan, went: str) -> list[str]:
    if not plan.shares:
        return ["The profile keeps everything for good: no rule of its retention has begun."]
    words = [line for share in plan.shares for line in _told(share, went)]
    return words if plan.goes else [*words, "Nothing is left to go."]


def _told(share: Share, went: str) -> Iterator[str]:
    size = f"{-(-share.bytes // 1_000_000):,} MB"
    yield f"  {share.kind:<10} before {share.before}: {counted(len(share.files), 'file')} {went}, {size}"
    if share.left_over:
        yield f"  {'':<10} {len(share.left_over):,} more, which an earlier prune told of"
    for because, count in Counter(each.because for each in share.held).items():
        one, many = ("case", "cases") if share.kind == "case_files" else ("batch", "batches")
        stay = f"1 {one} stays" if count == 1 else f"{count:,} {many} stay"
        days = [each.until for each in share.held if each.because == because and each.until]
        yield f"  {'':<10} {stay}: {because}{f', the last until {max(days)}' if days else ''}"
