"""The report's charts as SVG text, drawn without a browser and without the network."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import vl_convert

from tasks.report.figures import Bar, percent

INK, QUIET, LINE = "#22303C", "#5B6B79", "#DDE3E9"
DOWN, UP, STILL, TOTAL = "#B5493B", "#2E7D6B", "#8FA3B5", "#34618E"
WIDTH = 470
FONT = "Liberation Sans, Arial, Noto Sans CJK SC, Noto Sans SC, Microsoft YaHei, PingFang SC, sans-serif"

Rows = Sequence[Mapping[str, Any]]


def grades(rows: Rows) -> str:
    """Lines by grade, with those that fall or rise coloured."""
    parts = [
        {
            "grade": row["grade"],
            "what": what,
            "lines": lines,
            "ordinal": ordinal,
        }
        for row in rows
        for ordinal, (what, lines) in enumerate(
            (
                ("falls or is frozen", row["down"]),
                ("stays", row["lines"] - row["down"] - row["up"]),
                ("rises or is offered", row["up"]),
            )
        )
    ]
    chart = (
        alt.Chart(_data(parts))
        .mark_bar()
        .encode(
            x=alt.X("grade:N", title=None, axis=alt.Axis(labelAngle=0)),
            y=alt.Y("lines:Q", title="lines", axis=alt.Axis(format=",d", tickMinStep=1)),
            color=alt.Color(
                "what:N",
                title=None,
                scale=alt.Scale(
                    domain=["falls or is frozen", "stays", "rises or is offered"], range=[DOWN, STILL, UP]
                ),
                legend=alt.Legend(orient="top"),
            ),
            order=alt.Order("ordinal:Q"),
        )
        .properties(width=_fitting(len(rows)), height=200)
    )
    return svg(chart)


def scores(rows: Rows) -> str:
    """Borrowers by band of twenty points."""
    chart = (
        alt.Chart(_data([{"from": row["from_points"], "borrowers": row["borrowers"]} for row in rows]))
        .mark_bar(color=TOTAL)
        .encode(
            x=alt.X("from:O", title="score from", axis=alt.Axis(labelAngle=0, labelOverlap=True)),
            y=alt.Y("borrowers:Q", title="borrowers", axis=alt.Axis(format=",d", tickMinStep=1)),
        )
        .properties(width=_fitting(len(rows)), height=200)
    )
    return svg(chart)


def counts(rows: Rows, label: str, count: str, colour: str = TOTAL) -> str:
    """One horizontal bar a row, in the order given, with its number beside it."""
    named = [{"label": row[label], "count": row[count]} for row in rows]
    base = alt.Chart(_data(named)).encode(
        y=alt.Y("label:N", title=None, sort=None, axis=alt.Axis(labelLimit=220)),
        x=alt.X("count:Q", title=None, axis=alt.Axis(format=",d", tickMinStep=1, tickCount=4)),
    )
    text = base.mark_text(align="left", dx=5, color=INK).encode(text=alt.Text("count:Q", format=",d"))
    return svg((base.mark_bar(color=colour) + text).properties(width=WIDTH - 150, height=alt.Step(24)))


def shares(rows: Rows) -> str:
    """One horizontal bar a `code`, as long as its `share_bp`, with the percentage beside it."""
    named = [
        {
            "label": row["code"].replace("_", " "),
            "percent": row["share_bp"] / 100,
            "told": percent(row["share_bp"]),
        }
        for row in rows
    ]
    base = alt.Chart(_data(named)).encode(
        y=alt.Y("label:N", title=None, sort=None, axis=alt.Axis(labelLimit=220)),
        x=alt.X("percent:Q", title="%", axis=alt.Axis(tickCount=4), scale=alt.Scale(domainMin=0)),
    )
    text = base.mark_text(align="left", dx=5, color=INK).encode(text="told:N")
    return svg((base.mark_bar(color=TOTAL) + text).properties(width=WIDTH - 170, height=alt.Step(24)))


def workload(days: Rows) -> str:
    """Bars of what is due until each of the days; where it is said, a line of what can be done until then."""
    parts = [
        {
            "day": f"{row['day'][5:]}",
            "due": row["due_until_hundredths"] / 100,
            "can": None if row["can_until_hundredths"] is None else row["can_until_hundredths"] / 100,
        }
        for row in days
    ]
    base = alt.Chart(_data(parts)).encode(
        x=alt.X("day:O", title=None, sort=None, axis=alt.Axis(labelAngle=-35))
    )
    drawn = base.mark_bar(color=STILL).encode(
        y=alt.Y("due:Q", title="cases", axis=alt.Axis(format=",d", tickMinStep=1, tickCount=5))
    )
    if any(part["can"] is not None for part in parts):
        drawn += base.mark_line(color=DOWN, point=alt.OverlayMarkDef(color=DOWN)).encode(y="can:Q")
    return svg(drawn.properties(width=WIDTH - 60, height=180))


def waterfall(bars: Sequence[Bar], currency: str) -> str:
    """From the limits in force, step by step, to those proposed. The axis starts where something happens."""
    colours = {"total": TOTAL, "down": DOWN, "up": UP}
    values: list[dict[str, Any]] = [
        {"name": bar.name, "from": bar.start, "to": bar.end, "kind": bar.kind, "label": bar.label}
        for bar in bars
    ]
    ends = [edge for bar in bars for edge in ((bar.end,) if bar.kind == "total" else (bar.start, bar.end))]
    low, high = min(ends), max(ends)
    room = max(high - low, high / 1000, 1)
    floor = max(low - room * 0.25, 0)
    for value in values:
        if value["kind"] == "total":
            value["from"] = floor
    base = alt.Chart(_data(values)).encode(
        x=alt.X("name:N", sort=None, title=None, axis=alt.Axis(labelAngle=-35, labelLimit=140))
    )
    drawn = base.mark_bar().encode(
        y=alt.Y(
            "from:Q",
            title=f"{currency}, whole units",
            scale=alt.Scale(domain=[floor, high + room * 0.18], zero=False, nice=False),
            axis=alt.Axis(format="~s", tickCount=5, labelExpr="replace(datum.label, 'G', 'bn')"),
        ),
        y2="to:Q",
        color=alt.Color(
            "kind:N", scale=alt.Scale(domain=list(colours), range=list(colours.values())), legend=None
        ),
    )
    told = base.mark_text(dy=-7, color=INK, fontSize=11).encode(y=alt.Y("top:Q"), text="label:N")
    for value in values:
        value["top"] = max(value["from"], value["to"])
    return svg((drawn + told).properties(width=min(WIDTH * 2, 110 * len(bars)), height=250))


def _fitting(bars: int) -> int:
    """As wide as so many bars look well."""
    return min(WIDTH, 66 * bars)


def _data(rows: list[dict[str, Any]]) -> alt.Data:
    return alt.Data(values=rows)  # type: ignore[no-untyped-call]


def svg(chart: alt.Chart | alt.LayerChart) -> str:
    """The chart as an <svg> element that stands in a page beside others: no ids of its own, no addresses."""
    spec = (
        chart.configure(font=FONT, background="transparent")
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=INK,
            titleColor=QUIET,
            titleFontWeight="normal",
            gridColor=LINE,
            domainColor=LINE,
            tickColor=LINE,
            labelFontSize=11,
            titleFontSize=11,
        )
        .configure_legend(labelColor=INK, labelFontSize=11)
        .to_dict()
    )
    release = "_".join(alt.SCHEMA_VERSION.split(".")[:2])
    drawn: str = vl_convert.vegalite_to_svg(spec, vl_version=release)
    drawn = re.sub(r'\s(?:xmlns(?::\w+)?|version|id|clip-path)="[^"]*"', "", drawn)
    drawn = re.sub(r"<defs>.*?</defs>", "", drawn, flags=re.DOTALL)
    return re.sub(
        r'<svg class="marks" width="(\d+)" height="(\d+)"', r'<svg style="max-width:\1px"', drawn, count=1
    )
