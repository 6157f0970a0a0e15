"""Expected loss: whether a rise earns its keep, and what the appetite for a borrower's loss leaves."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from benchmarks.peers.polars_peer.covers import saved
from benchmarks.peers.polars_peer.whole import over, up

Row = Mapping[str, Any]
NODES = 32
"""Steps from what is drawn (0) by way of what stands (16) to what is wished (32)."""
POINTS = ("standing_ead_cents", "asked_ead_cents")
READ = (
    "line",
    "borrower",
    "moves",
    "limit_cents",
    "drawn_cents",
    "owed_cents",
    "rate_ppm",
    "own_loss_rate_e8",
    "wished_cents",
    "loss_cents",
    "el_appetite_cents",
    "el_ccf_bp",
)
"""What the appetite asks of a line."""


def reported(unit_loss: pl.Expr, rate_ppm: pl.Expr) -> pl.Expr:
    """Cents of the reporting currency, rounded up, of a loss in cents times 10^8.

    Loss times rate is beyond 64 bits: the loss is taken apart at 10^8, so that no product is.
    """
    whole, rest = unit_loss // 10**8, unit_loss % 10**8 * rate_ppm
    cents_ppm = whole * rate_ppm + rest // 10**8 + (rest % 10**8 > 0).cast(pl.Int64)
    return up(cents_ppm, 1_000_000)


def of_points(lines: pl.DataFrame, covers: pl.DataFrame) -> pl.DataFrame:
    """One row a line with covers: what they save of each of POINTS."""
    points = (
        lines.join(covers, on="line", how="semi")
        .select("line", *POINTS)
        .unpivot(POINTS, index="line", variable_name="point", value_name="ead_cents")
    )
    by_point = saved(points, covers).pivot("point", on_columns=POINTS, index="line", values="saved")
    return by_point.rename({point: f"{point}_saved" for point in POINTS})


def judged(p: Row) -> dict[str, pl.Expr]:
    """Whether a rise misses the hurdle, and the loss of the limit that is then wished."""
    limit, asked = pl.col("limit_cents"), pl.col("after_affordability_cents")
    rate, asked_ead = pl.col("own_loss_rate_e8"), pl.col("asked_ead_cents")
    loss = {point: pl.col(point) * rate - pl.col(f"{point}_saved").fill_null(0) for point in POINTS}
    cost = (
        pl.when(asked_ead > 0)
        .then(up(loss["asked_ead_cents"], asked_ead * 10_000))
        .otherwise(up(rate, 10_000))
    )
    earned = pl.col("rate_bp").fill_null(0) - p["el_funding_bp"] - p["el_capital_charge_bp"] - cost
    misses = pl.col("moves") & (asked > limit) & (earned < p["el_hurdle_bp"])
    wished_loss = pl.when(misses).then(loss["standing_ead_cents"]).otherwise(loss["asked_ead_cents"])
    return {
        "wished_cents": pl.when(misses).then(limit).otherwise(asked),
        "loss_cents": reported(wished_loss, pl.col("rate_ppm")),
        "el_appetite_cents": pl.lit(p["el_appetite_cents"], dtype=pl.Int64),
        "el_ccf_bp": pl.lit(p["el_ccf_bp"], dtype=pl.Int64),
    }


def kept(lines: pl.DataFrame, covers: pl.DataFrame) -> pl.DataFrame:
    """One row a line that moves, of a borrower beyond the appetite: the limit that this leaves.

    It lies on the straight line between the last node within the appetite and the next; what is drawn, where
    that alone costs more.
    """
    appetite, moves = pl.col("el_appetite_cents"), pl.col("moves")
    total = pl.col("loss_cents").sum().over("borrower")
    beyond = (
        lines.lazy()
        .with_columns(is_beyond=moves & (total > appetite))
        .filter(pl.col("is_beyond").any().over("borrower"))
        .collect()
    )
    nodes = _nodes(beyond, covers)
    losses = nodes.group_by("borrower", "node").agg(loss=pl.col("loss").sum())
    path = (
        nodes.join(beyond.filter("is_beyond").select("line", "el_appetite_cents"), on="line")
        .drop("loss")
        .join(losses, on=["borrower", "node"])
        .sort("line", "node")
    )
    here, left = pl.col("node_cents"), appetite - pl.col("loss")
    next_cents, step = here.shift(-1).over("line"), (pl.col("loss").shift(-1) - pl.col("loss")).over("line")
    drawn = pl.col("node_cents").first()
    within = path.with_columns(kept=here + (next_cents - here) * left // step)
    last = pl.col("kept").filter(pl.col("loss") <= appetite).last()
    return within.group_by("line").agg(kept_cents=pl.coalesce(last, drawn))


def _nodes(lines: pl.DataFrame, covers: pl.DataFrame) -> pl.DataFrame:
    """33 rows a line: its limit and loss if it kept that part of it. A line that does not move stays."""
    wished, moves = pl.col("wished_cents"), pl.col("moves")
    standing = pl.when(moves).then(pl.min_horizontal(wished, "limit_cents")).otherwise(wished)
    drawn = pl.when(moves).then(pl.min_horizontal(standing, "drawn_cents")).otherwise(wished)
    node, half = pl.col("node"), NODES // 2
    at = (
        pl.when(node <= half)
        .then(drawn + (standing - drawn) * node // half)
        .otherwise(standing + (wished - standing) * (node - half) // half)
    )
    nodes = lines.join(pl.DataFrame({"node": range(NODES + 1)}), how="cross").with_columns(node_cents=at)
    undrawn = over(pl.col("node_cents") - pl.col("drawn_cents"))
    nodes = nodes.with_columns(ead_cents=pl.col("owed_cents") + up(undrawn * pl.col("el_ccf_bp"), 10_000))
    points = nodes.join(covers, on="line", how="semi").select("line", "ead_cents", point="node")
    savings = saved(points, covers)
    unit_loss = pl.col("ead_cents") * pl.col("own_loss_rate_e8") - pl.col("saved").fill_null(0)
    return nodes.join(savings, left_on=["line", "node"], right_on=["line", "point"], how="left").select(
        "borrower", "line", "node", "node_cents", loss=reported(unit_loss, pl.col("rate_ppm"))
    )
