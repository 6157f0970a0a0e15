"""Seconds by borrowers, both logarithmic, as SVG."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import vl_convert

from tasks.report.charts import FONT

NAMES = {
    "floor_s": "floor",
    "first_night_s": "first night",
    "steady_night_s": "steady night",
    "pandas_s": "pandas",
    "polars_s": "polars",
    "pyspark_s": "PySpark",
}
COLOURS = ["#22303C", "#B5493B", "#2E7D6B", "#8FA3B5", "#34618E", "#C08A2B"]


def drawn(sizes: Sequence[Mapping[str, Any]]) -> str:
    """A line a contestant, a point a size; what has no result has no point."""
    points = [
        {"borrowers": each["size"], "seconds": each[key], "who": name}
        for each in sizes
        for key, name in NAMES.items()
        if each[key]
    ]
    shown = [each["size"] for each in sizes]
    chart = (
        alt.Chart(alt.Data(values=points))
        .mark_line(point=True)
        .encode(
            x=alt.X(
                "borrowers:Q",
                title="borrowers",
                scale=alt.Scale(type="log", nice=False, padding=12),
                axis=alt.Axis(values=shown, format="~s"),
            ),
            y=alt.Y(
                "seconds:Q",
                title="seconds",
                scale=alt.Scale(type="log", nice=False, padding=12),
                axis=alt.Axis(format="~g", tickCount=5),
            ),
            color=alt.Color(
                "who:N",
                title=None,
                sort=None,
                scale=alt.Scale(domain=list(NAMES.values()), range=COLOURS),
            ),
        )
        .properties(width=470, height=300, background="white")
        .configure(font=FONT)
    )
    release = "_".join(alt.SCHEMA_VERSION.split(".")[:2])
    svg: str = vl_convert.vegalite_to_svg(chart.to_dict(), vl_version=release)
    return svg + "\n"
