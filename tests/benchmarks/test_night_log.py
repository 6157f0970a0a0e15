"""A night's log as a page: counts and what a step took, and neither a path nor a hash."""

from benchmarks.night_log import page

AT = "2026-11-28T13:05:06.789+00:00"
USED = {"wall_s": 12.34, "cpu_s": 20.5, "peak_mb": 1234, "written_mb": 5.0}
LOG = [
    {"at": AT, "night": "2026-11-20", "event": "begun", "source": "/data/lender", "notes": []},
    {
        "at": AT, "night": "2026-11-20", "event": "step", "step": "pull", "seconds": 12.34, "usage": USED,
        "left": {"identity": "1b8d", "snapshot": "snapshots/x", "rows": {"borrower": 10_000}, "taken": 7,
                 "full": False, "none": {}},
    },
    {"at": AT, "night": "2026-11-20", "event": "ended", "status": "committed", "exit_code": 0,
     "paths": {"home": "/data/home"}, "notes": ["queue.xlsx has the first 2 of 3 open cases"]},
]  # fmt: skip


def test_a_night_is_told_by_its_steps_and_their_counts():
    told = page([LOG], {"cores": 2, "memory_mb": 25_000})
    assert "2 cores, 25,000 MB of memory" in " ".join(told.split())
    night = told.partition("## The night of 2026-11-20")[2]
    assert night.split("\n")[3:8] == [
        "13:05:06  begun",
        "13:05:06  pull          12.3 s     20.5 cpu s  1,234 MB at most      5.0 MB written",
        "          rows: borrower 10,000",
        "          taken: 7",
        "13:05:06  committed, exit code 0",
    ]
    assert "queue.xlsx has the first 2 of 3 open cases" in night
    for of_this_machine in ("/data", "1b8d", "snapshots"):
        assert of_this_machine not in told
