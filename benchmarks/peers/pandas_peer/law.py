"""Rates of exchange and the hard caps of policy and law, from the documents and tonight's rates."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.peers.pandas_peer.days import day
from benchmarks.peers.pandas_peer.lender import SUBJECTS, Lender
from benchmarks.peers.pandas_peer.limits import Cap
from benchmarks.peers.pandas_peer.read import Names
from benchmarks.peers.pandas_peer.source import Source, numbers
from linewatch.documents import Documents
from linewatch.law import Facts, bounds_in_force
from linewatch.measures import OF_LETTERS

CAPS = ("borrower_limit_cents", "borrower_net_assets_bp", "group_net_assets_bp")
DUTIES = ("human_review", "human_review_on_request", "reasons_told", "kept_months", "shown", *OF_LETTERS)
"""They bind people and letters, as records of type rate bind interest: no limit."""


class Bounds:
    """What binds all lines of a night alike, or several borrowers together."""

    def __init__(self, lender: Lender, names: Names, documents: Documents) -> None:
        self._lender, self._names = lender, names
        source = names.source
        known = _newest(source, "fx_rate", "currency", "rate_ppm", lender.as_of)
        is_open = lender.lines["is_open"]
        used = [names.currencies[place] for place in np.unique(lender.lines["currency"][is_open])]
        (reporting,) = set(used) - set(known)
        known[reporting] = 1_000_000
        self.rate_ppm = np.array([known.get(name, 0) for name in names.currencies])
        """Of each currency: what one unit is worth in the reporting currency, in millionths."""
        reference = _newest(source, "reference_rate", "name", "rate_bp", lender.as_of)
        facts = Facts(reporting, known, reference, self._subjects())
        self._caps, self._law = bounds_in_force(documents, lender.as_of, facts)

    def _subjects(self) -> list[dict[str, Any]]:
        """Open lines by jurisdiction, borrower_type and product."""
        lines, people = self._lender.lines, self._lender.people
        row = np.flatnonzero(lines["is_open"])
        owner = lines["owner"][row]
        kinds = (self._names.jurisdictions, SUBJECTS, self._names.products)
        places = (people["jurisdiction"][owner], people["subject"][owner], lines["product"][row])
        shape = tuple(len(names) for names in kinds)
        counts = np.bincount(np.ravel_multi_index(places, shape), minlength=int(np.prod(shape)))
        return [
            {
                "jurisdiction": kinds[0][country],
                "borrower_type": kinds[1][subject],
                "product": kinds[2][product],
                "lines": int(counts[np.ravel_multi_index((country, subject, product), shape)]),
            }
            for country, subject, product in np.argwhere(counts.reshape(shape))
        ]

    def caps(self, lines: pd.DataFrame) -> tuple[list[Cap], list[Cap]]:
        """The hard caps of the policy on the open lines, and those of law."""
        owner, row = lines["owner"].to_numpy(), lines["row"].to_numpy()
        subject = self._lender.people["subject"][owner]
        jurisdiction = self._lender.people["jurisdiction"][owner]
        product = self._lender.lines["product"][row]
        owners = {"borrower": owner, "group": lines["group"].to_numpy()}

        def counts(kinds: Any, names: Any, *asked: str | None) -> Any:
            places = [place for place, name in enumerate(names) if asked == (None,) or name in asked]
            return np.isin(kinds, places)

        by_policy = [
            Cap(row["cap_cents"], owners[row["scope"]], counts(subject, SUBJECTS, row["subject"]))
            for row in self._caps
        ]
        by_law = []
        for row in self._law.records:
            is_met = row["type"] == "rate" or row["measure"] in (*CAPS, *DUTIES)
            if not is_met or row["age_group"] is not None:
                raise ValueError(f"a record of law that no generated lender meets: {row['record_id']}")
            if row["type"] == "cap":
                countries = [of["jurisdiction"] for of in self._law.countries if of["pack"] == row["pack"]]
                bound = counts(jurisdiction, self._names.jurisdictions, *countries)
                bound &= counts(subject, SUBJECTS, row["borrower_type"])
                bound &= counts(product, self._names.products, row["product"])
                by_law.append(Cap(row["cap_cents"], owners[row["owner"]], bound))
        return by_policy, by_law


def _newest(source: Source, table: str, name: str, value: str, as_of: date) -> dict[str, int]:
    """The last value of each name by as_of."""
    rows = source.read(table, (name, "as_of", value))
    frame = pd.DataFrame(
        {
            "name": rows.column(name).to_pandas(),
            "as_of": numbers(rows.column("as_of")),
            "value": numbers(rows.column(value)),
        }
    )
    last = frame[frame["as_of"] <= day(as_of)].sort_values("as_of").drop_duplicates("name", keep="last")
    return dict(zip(last["name"], last["value"].tolist(), strict=True))
