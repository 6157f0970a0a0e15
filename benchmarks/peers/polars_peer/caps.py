"""Hard caps, of the policy and of law: what a borrower or group beyond one keeps of each limit."""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from benchmarks.peers.polars_peer.whole import over, up

MILLION = 1_000_000


@dataclass(frozen=True)
class Cap:
    """A sum of limits in reporting cents that one owner, a borrower or group, must not pass."""

    owner: str
    cap_cents: int
    counts: pl.Expr
    """The lines that it adds up."""


def exposures(lines: pl.DataFrame) -> pl.DataFrame:
    """One row a line: its limit in reporting cents, as it stands and with tonight's rise; and its owners'.

    Tonight's cuts free no room, for a person may yet keep one.
    """
    rate, limit, more = pl.col("rate_ppm"), pl.col("limit_cents"), pl.col("temporary_cents")
    highest = pl.max_horizontal(pl.max_horizontal("after_stability_cents", limit) + more, "owed_cents")
    headroom = over(limit - pl.col("owed_cents")) * rate // MILLION
    return (
        lines.lazy()
        .with_columns(
            wanted=up(highest * rate, MILLION),
            standing=up((limit + more) * rate, MILLION),
            headroom=pl.when("recommend_only").then(0).otherwise(headroom),
        )
        .with_columns(
            pl.col("wanted").sum().over(owner).alias(f"of_{owner}") for owner in ("borrower", "group")
        )
        .collect()
    )


def capped(exposed: pl.DataFrame, caps: Iterable[Cap], name: str) -> pl.DataFrame:
    """One row a line under a cap that is passed: the lowest limit that any of them leaves, in `name`."""
    nobody = exposed.clear().select("line", capped="limit_cents")
    parts = pl.concat([nobody, *(_cut(exposed, cap) for cap in caps)])
    return parts.group_by("line").agg(pl.col("capped").min().alias(name))


def _cut(exposed: pl.DataFrame, cap: Cap) -> pl.DataFrame:
    """Rises are refused; then undrawn headroom is cut pro rata, odd cents to the largest remainders."""
    owner = cap.owner
    claims = exposed.filter(pl.col(f"of_{owner}") > cap.cap_cents, cap.counts)
    claims = claims.filter(pl.col("wanted").sum().over(owner) > cap.cap_cents)
    cut = over(pl.col("standing").sum().over(owner) - cap.cap_cents)
    room = pl.col("headroom").sum().over(owner)
    possible = pl.min_horizontal(cut, room)
    # The product of two sums is beyond 64 bits for the largest groups.
    claim = possible.cast(pl.Int128) * pl.col("headroom")
    shared = claims.with_columns(
        possible=possible,
        base=(claim // room).cast(pl.Int64).fill_null(0),
        remainder=(claim % room).cast(pl.Int64).fill_null(0),
    )
    shared = shared.sort(owner, "remainder", "facility_id", descending=[False, True, False]).with_columns(
        odd=pl.col("possible") - pl.col("base").sum().over(owner),
        place=pl.int_range(1, pl.len() + 1).over(owner),
    )
    share = pl.col("base") + (pl.col("place") <= pl.col("odd")).cast(pl.Int64)
    cents = up(share * MILLION, pl.col("rate_ppm"))
    kept = pl.col("limit_cents") - pl.min_horizontal(cents, over(pl.col("limit_cents")))
    return shared.select("line", capped=kept)
