"""The generated lender: whole tables, the same for the same seed, people who go on being themselves."""

import hashlib
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linewatch.errors import DataRefused
from sql.contract import contract
from tasks.demo import _days, night_dates, write_demo
from tests.tasks.demo_reading import rows

NIGHTS = [date(2026, 9, 21), date(2026, 10, 21), date(2026, 11, 21)]


@pytest.fixture(scope="module")
def lender(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three monthly nights of two thousand borrowers."""
    out = tmp_path_factory.mktemp("lender")
    write_demo(out, borrowers=2000, seed=1, nights=3)
    return out


def hashes(out: Path) -> dict[str, str]:
    return {
        str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.rglob("*.parquet"))
    }


def test_every_contract_table_is_there_with_its_columns_its_types_and_rows(lender: Path) -> None:
    for as_of in NIGHTS:
        folder = lender / as_of.isoformat()
        assert {path.name for path in folder.iterdir()} == {f"{table}.parquet" for table in contract()}
        with duckdb.connect() as db:
            for table in contract().values():
                seen = db.execute("describe from read_parquet(?)", [str(folder / f"{table.name}.parquet")])
                assert [row[:2] for row in seen.fetchall()] == [(c.name, c.type) for c in table.columns]
                assert pq.read_metadata(folder / f"{table.name}.parquet").num_rows > 0


def test_what_must_be_known_is_known_and_what_may_be_unknown_sometimes_is(lender: Path) -> None:
    always_known: list[str] = []
    for table in contract().values():
        seen = pq.read_table(lender / NIGHTS[-1].isoformat() / f"{table.name}.parquet")
        for column in table.columns:
            if column.required or column.name == "recorded_at":
                assert seen[column.name].null_count == 0, (table.name, column.name)
            elif seen[column.name].null_count == seen.num_rows:
                always_known.append(f"{table.name}.{column.name}")
    assert always_known == []


def test_the_same_seed_gives_the_same_bytes_whatever_the_threads(tmp_path: Path) -> None:
    for threads in (1, 2):
        write_demo(tmp_path / str(threads), borrowers=1500, seed=7, nights=2, threads=threads)
    assert hashes(tmp_path / "1") == hashes(tmp_path / "2")


def test_another_seed_is_another_lender(tmp_path: Path, lender: Path) -> None:
    write_demo(tmp_path, borrowers=2000, seed=2)
    same = {name for name, digest in hashes(tmp_path).items() if hashes(lender).get(name) == digest}
    assert same <= {"2026-11-21/fx_rate.parquet", "2026-11-21/reference_rate.parquet"}


def test_nights_written_one_by_one_are_the_nights_written_together(tmp_path: Path, lender: Path) -> None:
    for as_of in NIGHTS:
        write_demo(tmp_path, borrowers=2000, seed=1, last_as_of=as_of)
    assert hashes(tmp_path) == hashes(lender)


def test_the_outcome_lies_beside_the_nights_and_never_in_one(lender: Path) -> None:
    assert [path.name for path in lender.iterdir() if path.is_file()] == ["outcome.parquet"]
    assert "outcome.parquet" not in {
        path.name for night in NIGHTS for path in (lender / str(night)).iterdir()
    }
    outcome = pq.read_table(lender / "outcome.parquet")
    assert outcome.schema.field("defaulted_12m").type == pa.bool_()
    open_borrowers = rows(
        lender, "select count(distinct borrower_id) from facility_0 where status <> 'closed'", NIGHTS[-1]
    )
    assert outcome.num_rows == open_borrowers[0][0]


def test_the_outcome_is_what_later_nights_show(tmp_path: Path) -> None:
    first, later = date(2026, 3, 21), date(2026, 9, 21)
    write_demo(tmp_path, borrowers=4000, seed=3, last_as_of=first)
    told = pq.read_table(tmp_path / "outcome.parquet").to_pylist()
    outcome = {row["borrower_id"]: row["defaulted_12m"] for row in told}
    write_demo(tmp_path, borrowers=4000, seed=3, last_as_of=later)
    late = rows(tmp_path, "select borrower_id from facility_0 where days_past_due >= 90", later)
    seen = {borrower for (borrower,) in late if borrower in outcome}
    assert len(seen) > 20
    assert all(outcome[borrower] for borrower in seen)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_best_possible_score_is_good_and_not_perfect(tmp_path: Path, seed: int) -> None:
    (night,) = write_demo(tmp_path, borrowers=20_000, seed=seed)
    assert night.best_auc is not None
    assert 8000 <= night.best_auc <= 9000


def test_what_the_hidden_factor_drives_leans_the_same_way_as_the_outcome(tmp_path: Path) -> None:
    as_of = NIGHTS[-1]
    write_demo(tmp_path, borrowers=20_000, seed=1, last_as_of=as_of)
    query = f"""
        with known as (from '{tmp_path / "outcome.parquet"}'),
        conduct as (
            select
                borrower_id,
                sum(greatest(0, closing_balance_cents))::double / sum(m.limit_cents) as utilisation,
                max(m.days_past_due) as dpd,
                sum(payment_made_cents)::double / nullif(sum(greatest(0, average_balance_cents)), 0) as paid
            from facility_month_0 as m inner join facility_0 using (facility_id)
            where month < date '2026-10-01'
            group by 1
        ),
        cash as (
            select borrower_id,
                sum(cash_like_cents)::double / sum(cash_like_cents + discretionary_cents) as cash
            from spending_month_0 group by 1
        ),
        bureau as (
            select borrower_id, avg(inquiries_6m) as inquiries, max(worst_dpd_24m) as worst
            from bureau_report_0 group by 1
        )
        select avg(utilisation), avg(dpd), -avg(paid), avg(cash), avg(inquiries), avg(worst)
        from known left join conduct using (borrower_id) left join cash using (borrower_id)
        left join bureau using (borrower_id)
        where borrower_id not in (select borrower_id from facility_0 where days_past_due > 0)
        group by defaulted_12m order by defaulted_12m
    """
    good, bad = rows(tmp_path, query, as_of)
    assert all(worse > better for better, worse in zip(good, bad, strict=True)), (good, bad)


def test_a_month_adds_up_and_late_months_are_not_paid(lender: Path) -> None:
    broken = """
        with m as (
            select *, lag(closing_balance_cents) over (partition by facility_id order by month) as opening
            from facility_month_0
        )
        select facility_id, month from m
        where closing_balance_cents <> opening + drawdown_cents + interest_fees_cents - payment_made_cents
        or (days_past_due > 0) <> (payment_made_cents < payment_due_cents)
        or least(payment_due_cents, payment_made_cents, drawdown_cents, interest_fees_cents) < 0
        or (drawdown_count = 0) <> (drawdown_cents = 0)
    """
    assert rows(lender, broken, NIGHTS[-1]) == []


def test_days_past_due_grow_by_the_days_that_pass_or_end(lender: Path) -> None:
    moved = """
        select a.days_past_due, b.days_past_due
        from facility_0 as a inner join facility_1 as b using (facility_id)
        where a.days_past_due > 0 and b.days_past_due > a.days_past_due
    """
    assert {later - before for before, later in rows(lender, moved, *NIGHTS[1:])} == {31}
    impossible = """
        select b.facility_id from facility_0 as a inner join facility_1 as b using (facility_id)
        where b.days_past_due > a.days_past_due + 31
    """
    assert rows(lender, impossible, *NIGHTS[1:]) == []


def test_from_night_to_night_people_pay_draw_fall_behind_recover_and_arrive(lender: Path) -> None:
    query = """
        select
            count(*) filter (where b.drawn_cents < a.drawn_cents),
            count(*) filter (where b.drawn_cents > a.drawn_cents),
            count(*) filter (where a.days_past_due = 0 and b.days_past_due > 0),
            count(*) filter (where a.days_past_due > 0 and b.days_past_due = 0),
            count(*) filter (where a.status = 'active' and b.status = 'frozen'),
            count(*) filter (where a.status <> 'closed' and b.status = 'closed'),
            (select count(*) from facility_1 anti join facility_0 using (facility_id)),
            (select count(*) from borrower_1 anti join borrower_0 using (borrower_id)),
            (select count(*) from bureau_report_1 anti join bureau_report_0 using (borrower_id, pulled_on)),
            (select count(*) from facility_month_1 where month = date '2026-09-01'),
        from facility_0 as a inner join facility_1 as b using (facility_id)
    """
    (counts,) = rows(lender, query, *NIGHTS[:2])
    assert all(count > 0 for count in counts), counts
    arrived = counts[7]
    assert 15 <= arrived <= 25  # one in a hundred of two thousand


def test_what_has_been_is_not_rewritten(lender: Path) -> None:
    """No row of a past month, report, statement or person changes or goes from one night to the next."""
    for table in ("facility_month", "spending_month", "bureau_report", "financial_statement", "contact"):
        lost = rows(lender, f"from {table}_0 except from {table}_1", *NIGHTS[:2])
        assert lost == [], table
    kept = "select borrower_id, borrower_type, onboarded_on, net_monthly_income_cents from borrower_{}"
    assert rows(lender, f"{kept.format(0)} except {kept.format(1)}", *NIGHTS[:2]) == []


def test_statements_arrive_on_their_day(tmp_path: Path) -> None:
    write_demo(tmp_path, borrowers=2000, seed=1, nights=2, last_as_of=date(2026, 9, 1))
    arrived = """
        select min(received_on), max(received_on), count(*)
        from financial_statement_1 anti join financial_statement_0 using (borrower_id, period_end)
        where received_on is not null
    """
    ((first, last, count),) = rows(tmp_path, arrived, date(2026, 8, 1), date(2026, 9, 1))
    assert date(2026, 8, 1) < first <= last <= date(2026, 9, 1)
    assert count > 20


def test_days_of_a_row_differ_and_show_their_own_freshness(tmp_path: Path) -> None:
    write_demo(tmp_path, borrowers=1000, seed=1, nights=3, every="day")
    days = [date(2026, 11, day) for day in (19, 20, 21)]
    for before, after in pairwise(days):
        query = """
            select count(*) filter (where a.drawn_cents <> b.drawn_cents), max(b.recorded_at)::date,
                count(*) filter (where a.days_past_due > 0 and b.days_past_due = a.days_past_due + 1)
            from facility_0 as a inner join facility_1 as b using (facility_id)
        """
        ((moved, recorded_on, later),) = rows(tmp_path, query, before, after)
        assert (moved > 100, later > 10, recorded_on) == (True, True, after)


def test_the_book_holds_every_kind_of_line_and_oddity(lender: Path) -> None:
    query = """
        select
            count(*) filter (where product = 'project' and not revolving and commitment = 'committed'),
            count(*) filter (where product = 'working_capital' and commitment = 'committed'),
            count(*) filter (where currency = 'USD'),
            count(*) filter (where drawn_cents > credit_limit_cents and status = 'active'),
            count(*) filter (where drawn_cents < 0),
            count(*) filter (where status = 'frozen'),
            count(*) filter (where status = 'closed'),
            count(*) filter (where scheduled_limit_cents < credit_limit_cents),
            count(*) filter (where temporary_limit_cents is not null),
            count(*) filter (where last_change_by = 'borrower'),
            (select count(*) from contact_0 where name[1] in ('=', '+', '-', '@')),
            (select count(*) from contact_0 where name like '%"%' or address like '%"%'),
            (select count(*) from (
                select related_borrower_id from control_link_0 group by 1 having count(*) > 2
            )),
            (select count(*) from control_link_0 as a join control_link_0 as b
                on b.borrower_id = a.related_borrower_id),
            (select count(distinct kind) - 2 from guarantee_0),
            (select count(*) from guarantee_0 as g join facility_0 as f using (facility_id)
                join borrower_0 as b on b.borrower_id = g.provider_id and b.borrower_id <> f.borrower_id),
            (select count(*) from guarantee_0 as g join facility_0 as f using (facility_id)
                join control_link_0 as c on c.borrower_id = f.borrower_id
                    and c.related_borrower_id = g.provider_id),
            (select count(*) from guarantee_0
                where valid_until between date '2026-11-21' and date '2027-02-19'),
            (select count(*) from guarantee_0 where kind = 'collateral' and valued_on < date '2023-11-21'),
            (select count(*) from guarantee_0 where kind = 'collateral' and valued_on is null),
            (select count(*) from guarantee_0 where cap_cents is not null),
            (select count(*) from guarantee_0 where kind = 'guarantor' and provider_grade is null),
            (select count(distinct status) - 3 from guarantee_0),
            (select count(*) from guarantee_0 where status is null),
        from facility_0
    """
    (counts,) = rows(lender, query, NIGHTS[-1])
    assert all(count > 0 for count in counts), counts
    limits = (
        "select min(credit_limit_cents), max(credit_limit_cents) from facility_0 where product like 'rev%'"
    )
    assert rows(lender, limits, NIGHTS[-1])[0] >= (100_000,)
    assert rows(lender, limits, NIGHTS[-1])[0][1] <= 25_000_000


@settings(deadline=None, max_examples=50)
@given(st.dates(date(2022, 1, 1), date(2030, 12, 31)), st.integers(1, 30))
def test_nights_go_back_from_the_last_and_only_closed_months_are_shown(last: date, nights: int) -> None:
    monthly, daily = (night_dates(last, nights, every) for every in ("month", "day"))
    assert monthly[-1] == daily[-1] == last
    assert len(set(monthly)) == len(set(daily)) == nights
    assert daily[0] == last - timedelta(days=nights - 1)
    days = _days(last)
    assert all((day + timedelta(days=1)).day == 1 for day in days[:-1])
    assert 12 <= len(days) - 2 <= 14
    assert timedelta(0) <= last - days[-2] < timedelta(days=31)


def test_what_no_lender_can_be_made_of_is_refused(tmp_path: Path) -> None:
    for wrong in (
        {"borrowers": 0},
        {"borrowers": 10, "nights": 0},
        {"borrowers": 10, "dirty_share_ppm": 200_000},
        {"borrowers": 10, "last_as_of": date(1999, 1, 1)},
    ):
        with pytest.raises(DataRefused):
            write_demo(tmp_path, seed=1, **wrong)
    assert list(tmp_path.iterdir()) == []
