"""Step 5: what a limit is expected to lose, whether a rise earns its keep, and the appetite of a borrower.

Losses are exact whole numbers: a unit loss is cents times hundred-millionths, under 2^63 for any line here.
"""

from __future__ import annotations

from datetime import date

from pyspark.sql import DataFrame
from pyspark.sql import functions as f
from pyspark.sql.window import Window

from benchmarks.peers.pyspark_peer.text import Policy, chosen, day
from benchmarks.peers.pyspark_peer.walk import Terms

NODES = 32


def exposure(limit: str) -> str:
    """Exposure at default of a limit."""
    return f"(owed_cents + (greatest({limit} - used_cents, 0) * el_ccf_bp + 9999) div 10000)"


def losses(name: str, exposed: str) -> list[str]:
    """Columns that end in `name`_loss: what an exposure loses, in cents times hundred-millionths.

    Covers take their parts in turn, the cheaper first, together no more than the whole.
    """

    def offer(cover: str) -> str:
        most = f"least({exposed} * {cover}.share_bp div 10000, coalesce({cover}.most_cents, {exposed}))"
        return f"coalesce({most} * {cover}.days div horizon_days, 0)"

    one, two = f"least({name}_first, {exposed})", f"least({name}_first + {name}_second, {exposed})"
    return [
        f"{offer('first_cover')} as {name}_first",
        f"{offer('second_cover')} as {name}_second",
        f"{exposed} * own_rate_e8 - {one} * first_saves - ({two} - {one}) * second_saves as {name}_loss",
    ]


def in_reporting(loss: str) -> str:
    """A unit loss in reporting cents, rounded up once. Taken in two: the product of both passes 2^63."""
    whole = f"({loss} div 100000000 * rate_ppm)"
    rest = f"({whole} % 1000000 * 100000000 + {loss} % 100000000 * rate_ppm)"
    return f"({whole} div 1000000 + ({rest} + 99999999999999) div 100000000000000)"


def wished(line: DataFrame, terms: Terms, policy: Policy, as_of: date) -> DataFrame:
    """With the limit wished, a rise that does not earn its keep being none, and the borrower's losses."""
    (setting,) = policy["pol_setting"]
    slot_el_bp = chosen("slot", {row["slot"]: row["el_bp"] for row in policy["pol_slot"]})
    pledged = f"pd_bp * least(el_lgd_bp, {setting['collateral_lgd_bp']})"
    horizon_days = f"datediff(add_months({day(as_of)}, {setting['horizon_months']}), {day(as_of)})"
    whole = Window.partitionBy("borrower_id")
    judged = terms.beside(line, "el_").selectExpr(
        "*",
        f"{horizon_days} as horizon_days",
        f"cast(coalesce({slot_el_bp} * 10000, pd_bp * el_lgd_bp) as bigint) as own_rate_e8",
        f"{pledged} as pledged_e8",
        "cover_2 is not null and coalesce(cover_2.provider_rate_e8, pledged_e8)"
        " < coalesce(cover_1.provider_rate_e8, pledged_e8) as is_turned",
        "if(is_turned, cover_2, cover_1) as first_cover",
        "if(is_turned, cover_1, cover_2) as second_cover",
        *[f"{_saves(cover)} as {cover}_saves" for cover in ("first", "second")],
        f"{exposure('after_affordability_cents')} as asked_cents",
        *losses("asked", "asked_cents"),
        "if(asked_cents > 0, (asked_loss + asked_cents * 10000 - 1) div (asked_cents * 10000),"
        " (own_rate_e8 + 9999) div 10000) as loss_bp",
        "moves and after_affordability_cents > limit_cents and coalesce(annual_rate_bp, 0) - el_funding_bp"
        " - el_capital_charge_bp - loss_bp < el_hurdle_bp as misses_hurdle",
        "if(misses_hurdle, limit_cents, after_affordability_cents) as wished_cents",
        f"{exposure('limit_cents')} as standing_cents",
        *losses("standing", "standing_cents"),
        "if(misses_hurdle, standing_loss, asked_loss) as wished_loss",
        f"{in_reporting('wished_loss')} as loss_cents",
    )
    return judged.withColumns(
        {
            "borrower_loss_cents": f.sum("loss_cents").over(whole),
            "least_appetite_cents": f.min(f.expr("if(moves, el_appetite_cents, null)")).over(whole),
        }
    )


def _saves(cover: str) -> str:
    """What a cover spares of each cent that it takes; nothing of a slot's, nor where it costs more."""
    rate = f"coalesce({cover}_cover.provider_rate_e8, pledged_e8)"
    return f"if(slot is null and {cover}_cover is not null, greatest(own_rate_e8 - {rate}, 0), 0)"


def kept(line: DataFrame) -> DataFrame:
    """One row a line that moves, of a borrower beyond the appetite of its segment: the limit that is left.

    Node 0 is what is drawn, 16 what stands, 32 what is wished; a line that does not move stays where it is.
    """
    node = (
        line.where("borrower_loss_cents > least_appetite_cents")
        .selectExpr(
            "*",
            "if(moves, least(wished_cents, limit_cents), wished_cents) as standing_part",
            "if(moves, least(wished_cents, limit_cents, used_cents), wished_cents) as drawn_part",
            f"explode(sequence(0, {NODES})) as node",
        )
        .selectExpr(
            "*",
            "if(node <= 16, drawn_part + (standing_part - drawn_part) * node div 16,"
            " standing_part + (wished_cents - standing_part) * (node - 16) div 16) as node_cents",
        )
        .selectExpr("*", f"{exposure('node_cents')} as exposed", *losses("node", "exposed"))
    )
    of_borrower = f.sum(f.expr(in_reporting("node_loss"))).over(Window.partitionBy("borrower_id", "node"))
    path = Window.partitionBy("borrower_id", "facility_id").orderBy("node")
    placed = (
        node.withColumn("here_loss", of_borrower)
        .withColumns(
            {"next_loss": f.lead("here_loss").over(path), "next_cents": f.lead("node_cents").over(path)}
        )
        .where("moves and borrower_loss_cents > el_appetite_cents")
    )
    on_the_way = (
        "node_cents + (next_cents - node_cents) * (el_appetite_cents - here_loss) div (next_loss - here_loss)"
    )
    return placed.groupBy("facility_id").agg(
        f.expr(
            f"coalesce(max_by({on_the_way}, node) filter (where here_loss <= el_appetite_cents),"
            " min(drawn_part)) as kept_cents"
        )
    )
