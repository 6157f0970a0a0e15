"""Rates of exchange and the hard caps of policy and law, from the documents and tonight's rates."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from benchmarks.peers.pandas_peer.days import day
from benchmarks.peers.pandas_peer.lender import SUBJECTS, Lender
from benchmarks.peers.pandas_peer.limits import Cap
from benchmarks.peers.pandas_peer.source import Source, numbers
from benchmarks.peers.pandas_peer.whole import Flags
from linewatch.documents import Documents
from linewatch.law import Facts, bounds_in_force

CAPS = ("borrower_limit_cents", "borrower_net_assets_bp", "group_net_assets_bp")
DUTIES = ("human_review", "human_review_on_request", "reasons_told", "shown")
"""They bind people and letters, as records of type rate bind interest: no limit."""


def rates(source: Source, as_of: date, lines: pd.DataFrame) -> tuple[str, dict[str, int]]:
    """The reporting currency, and what one unit of each is worth in it, in millionths."""
    known = _newest(source, "fx_rate", "currency", "rate_ppm", as_of)
    (reporting,) = set(lines["currency"].unique()) - set(known)
    return reporting, {**known, reporting: 1_000_000}


def _newest(source: Source, table: str, name: str, value: str, as_of: date) -> dict[str, int]:
    rows = source.read(table, name, "as_of", value)
    frame = pd.DataFrame(
        {
            "name": rows.column(name).to_pandas(),
            "as_of": numbers(rows.column("as_of")),
            "value": numbers(rows.column(value)),
        }
    )
    last = frame[frame["as_of"] <= day(as_of)].sort_values("as_of").drop_duplicates("name", keep="last")
    return dict(zip(last["name"], last["value"].tolist(), strict=True))


def caps_of(
    lender: Lender, documents: Documents, lines: pd.DataFrame, reporting: str, rate_ppm: dict[str, int]
) -> tuple[list[Cap], list[Cap]]:
    """The hard caps of the policy, and those of law."""
    jurisdiction = lender.borrower["jurisdiction"].take(lines["owner"]).reset_index(drop=True)
    subject = pd.Categorical.from_codes(lines["subject"], list(SUBJECTS))
    subjects = (
        pd.DataFrame({"jurisdiction": jurisdiction, "borrower_type": subject, "product": lines["product"]})
        .value_counts()
        .rename("lines")
        .reset_index()
        .to_dict("records")
    )
    reference = _newest(lender.source, "reference_rate", "name", "rate_bp", lender.as_of)
    facts = Facts(reporting, rate_ppm, reference, [row for row in subjects if row["lines"]])
    policy_caps, law = bounds_in_force(documents, lender.as_of, facts)
    owners = {"borrower": lines["owner"].to_numpy(), "group": lines["group"].to_numpy()}

    def of_subject(name: str | None) -> Flags:
        return np.ones(len(lines), np.bool_) if name is None else np.asarray(subject == name)

    by_policy = [
        Cap(row["cap_cents"], owners[row["scope"]], of_subject(row["subject"])) for row in policy_caps
    ]
    by_law = []
    for row in law.records:
        is_met = row["type"] == "rate" or row["measure"] in (*CAPS, *DUTIES)
        if not is_met or row["age_group"] is not None:
            raise NotImplementedError(f"a record of law that no generated lender meets: {row['record_id']}")
        if row["type"] == "cap":
            countries = [each["jurisdiction"] for each in law.countries if each["pack"] == row["pack"]]
            counts = jurisdiction.isin(countries).to_numpy() & of_subject(row["borrower_type"])
            if row["product"] is not None:
                counts &= (lines["product"] == row["product"]).to_numpy()
            by_law.append(Cap(row["cap_cents"], owners[row["owner"]], counts))
    return by_policy, by_law
