"""The tables and the chart of docs/performance.md, from benchmarks/results.json.

python -m benchmarks.page
"""

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import results
from benchmarks.chart import drawn

DOCS = results.FILE.parents[1] / "docs"
PAGE, CHART = DOCS / "performance.md", DOCS / "images" / "growth.svg"
BEGIN, END = "<!-- measured -->", "<!-- /measured -->"
NAMES = {
    "floor": "floor",
    "first": "first night",
    "steady": "steady night",
    "pandas": "pandas",
    "polars": "polars",
    "pyspark": "PySpark",
}
CONTESTANTS = tuple(NAMES)
MB = 1_000_000
STEPS_SHOWN_FROM = 1_000_000
"""Sizes whose steps are shown; the largest where there is none."""

Found = Mapping[str, Any]


def page(text: str, found: Found) -> str:
    """The page with what lies between its markers made anew."""
    head, _, rest = text.partition(BEGIN)
    return f"{head}{BEGIN}\n\n{tables(found)}\n{END}{rest.partition(END)[2]}"


def tables(found: Found) -> str:
    """All tables as Markdown; a person can read them in a terminal too."""
    sizes = found["sizes"]
    shown = [each for each in sizes if each["size"] >= STEPS_SHOWN_FROM] or sizes[-1:]
    return "\n\n".join(
        (
            _machine(found["machine"]),
            _part("Seconds", _seconds(sizes)),
            _part("Ratios", _ratios(sizes)),
            _growth(found),
            _part("Memory: MB at most, of the process / of all that it started too", _memory(sizes)),
            _part("Disk of a steady night", _disk(sizes)),
            *(_part(f"By step, {each['size']:,} borrowers", _steps(each)) for each in shown),
            _part("Scoring alone", _scoring(sizes)),
            *_whys(sizes),
        )
    ) + "\n"  # fmt: skip


def _machine(machine: Found) -> str:
    versions = ", ".join(
        f"{name} {machine[name]}"
        for name in ("python", "duckdb", "polars", "pandas", "pyspark")
        if name in machine
    )
    day = machine.get("measured_on", "day not noted")
    return (
        f"{machine['cores']} cores, {machine['memory_mb']:,} MB of memory, of which DuckDB may take"
        f" {machine['duckdb_limit_mb']:,}; {day}.\n{versions}."
    )


def _seconds(sizes: Sequence[Found]) -> str:
    head = ["borrowers", "rounds", *NAMES.values(), "letters, first night", "start-up", "equal on every row"]
    return _table(
        head,
        [
            [
                f"{each['size']:,}",
                each["rounds"],
                *(_said(each[key]) for key in ("floor_s", "first_night_s", "steady_night_s")),
                *(_said(each[f"{name}_s"]) for name in CONTESTANTS[3:]),
                _said(_wall(each, "first", "draft")),
                _said(each["start_s"].get("steady")),
                ", ".join(NAMES[name] for name, equal in each["equal"].items() if equal) or "–",
            ]
            for each in sizes
        ],
    )


def _ratios(sizes: Sequence[Found]) -> str:
    names = {
        "first_to_floor": "first night ÷ floor",
        "steady_to_floor": "steady night ÷ floor",
        "pandas_to_steady": "pandas ÷ steady night",
        "polars_to_ours": "polars ÷ floor",
        "polars_to_ours_steps": "the same without reading and writing",
        "pandas_to_floor": "pandas ÷ floor",
        "pyspark_to_floor": "PySpark ÷ floor",
    }
    return _table(
        ["", *(f"{each['size']:,}" for each in sizes)],
        [[said, *(_said(each["ratios"][name], 2) for each in sizes)] for name, said in names.items()],
    )


def _growth(found: Found) -> str:
    rows = [
        [name.replace("_", " "), _said(fitted, 2), _said(found["exponent_between_the_largest"][name], 2)]
        for name, fitted in found["exponent"].items()
    ]
    head = ["seconds ~ borrowers ^", "all sizes from 100,000 on", "the two largest"]
    return _part("Growth", _table(head, rows))


def _memory(sizes: Sequence[Found]) -> str:
    return _table(
        ["borrowers", *NAMES.values()],
        [
            [
                f"{each['size']:,}",
                *(_peak(each["peak_mb"][name]) if name in each["steps"] else "–" for name in CONTESTANTS),
            ]
            for each in sizes
        ],
    )


def _disk(sizes: Sequence[Found]) -> str:
    head = ["borrowers", "input, MB", "kept, MB", "kept ÷ input", "scratch at most, MB", "scratch ÷ input"]
    head += ["first night: kept, MB", "scratch, MB"]
    return _table(
        head,
        [
            [
                f"{each['size']:,}",
                _megabytes(each["input_bytes"]),
                _megabytes(each["bytes_kept"]["steady"].get("total")),
                _said(each["ratios"]["kept_to_input"], 2),
                _megabytes(each["scratch_peak_bytes"]["steady"]),
                _said(each["ratios"]["scratch_to_input"], 2),
                _megabytes(each["bytes_kept"]["first"].get("total")),
                _megabytes(each["scratch_peak_bytes"]["first"]),
            ]
            for each in sizes
        ],
    )


def _steps(each: Found) -> str:
    names = list(
        dict.fromkeys(step for night in ("first", "steady") for step in each["steps"].get(night, {}))
    )
    rows = []
    for step in names:
        row: list[object] = [step, _said(_wall(each, "floor", step), 2)]
        for night in ("first", "steady"):
            used = each["steps"].get(night, {}).get(step, {})
            row += [_said(used.get("wall_s"), 2), _said(used.get("cpu_s"), 2)]
            row += [_said(used.get("peak_mb"), 0), _said(used.get("written_mb"), 0)]
        rows.append(row)
    measured = [
        f"{night}: {what}" for night in ("first", "steady") for what in ("s", "cpu s", "MB", "written MB")
    ]
    return _table(["step", "floor: s", *measured], rows)


def _scoring(sizes: Sequence[Found]) -> str:
    return _table(
        ["borrowers", "ours, s", "scikit-learn, s", "LightGBM, s"],
        [
            [
                f"{each['size']:,}",
                *(
                    _said(each["rescoring"].get(name), 3)
                    for name in ("ours_s", "scikit_learn_s", "lightgbm_s")
                ),
            ]
            for each in sizes
        ],
    )


def _whys(sizes: Sequence[Found]) -> Iterable[str]:
    said = [
        textwrap.fill(
            f"- {each['size']:,} borrowers, {NAMES.get(name, name)}: {why}", 110, subsequent_indent="  "
        )
        for each in sizes
        for name, why in {**each["why"], "scoring alone": each["rescoring"].get("why")}.items()
        if why
    ]
    return ["What has no figure, and why:", "\n".join(said)] if said else []


def _wall(each: Found, name: str, step: str) -> float | None:
    taken: float | None = each["steps"].get(name, {}).get(step, {}).get("wall_s")
    return taken


def _part(title: str, table: str) -> str:
    return f"### {title}\n\n{table}"


def _table(head: Sequence[object], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---", *("---:" for _ in head[1:])], *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def _said(value: float | None, digits: int = 1) -> str:
    return "–" if value is None else f"{value:,.{digits}f}"


def _megabytes(value: int | None) -> str:
    return _said(None if value is None else value / MB, 0)


def _peak(peak: Mapping[str, int] | None) -> str:
    return f"{peak['process']:,} / {peak['tree']:,}" if peak and peak["tree"] else "–"


def main(source: Path = results.FILE) -> None:
    found = results.read(source)
    if found is None:
        raise SystemExit(f"{source} is not there: make bench")
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), found), encoding="utf-8")
    CHART.write_text(drawn(found["sizes"]), encoding="utf-8")


if __name__ == "__main__":
    main()
