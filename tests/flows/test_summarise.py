"""What stands on Prefect's pages of a night."""

from tasks.summarise import quality


def promise(table: str, name: str, severity: str, bad: int = 0) -> dict[str, object]:
    return {
        "table_name": table,
        "expectation": name,
        "severity": severity,
        "success": not bad,
        "unexpected_rows": bad,
        "total_rows": 1_000,
    }


def test_broken_promises_come_first_the_worst_on_top_and_the_kept_are_counted():
    told = quality(
        [
            promise("borrower", "borrower_id is unique", "critical"),
            promise("facility", "a line was opened before today", "info", bad=3),
            promise("facility", "a limit is not negative", "warning", bad=2),
            promise("facility", "facility_id is unique", "critical"),
        ]
    )
    assert told == [
        {
            "table": "facility",
            "promise": "a limit is not negative",
            "severity": "warning",
            "rows": "2 of 1,000",
        },
        {
            "table": "facility",
            "promise": "a line was opened before today",
            "severity": "info",
            "rows": "3 of 1,000",
        },
        {"table": "borrower", "promise": "1 kept", "severity": "", "rows": ""},
        {"table": "facility", "promise": "1 kept", "severity": "", "rows": ""},
    ]
