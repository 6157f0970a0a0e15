"""Random borrowers under random cards: the statements against a scorer of ten lines."""

from hypothesis import given, settings
from hypothesis import strategies as st

from linewatch.characteristics import SUBJECTS, characteristics

WHOLE = st.integers(-100, 100)
POINTS = st.integers(-9_000, 9_000)


@st.composite
def attributes(draw):
    edges = sorted(draw(st.sets(WHOLE, max_size=5)))
    lows, highs = [None, *edges], [*edges, None]
    bins = [
        {
            **({} if low is None else {"from": low}),
            **({} if high is None else {"below": high}),
            "points": draw(POINTS),
        }
        for low, high in zip(lows, highs, strict=True)
    ]
    return [*bins, {"unknown": True, "points": draw(POINTS)}]


@st.composite
def book(draw, subject):
    """The characteristics of a card, its PD steps, and borrowers with values on and about its edges."""
    defined = [definition.name for definition in characteristics().of(subject)]
    names = draw(st.lists(st.sampled_from(defined), min_size=1, max_size=6, unique=True))
    items = {name: draw(attributes()) for name in names}
    steps = sorted(draw(st.sets(st.integers(-20_000, 20_000), min_size=1, max_size=6)))
    pds = sorted(
        draw(st.lists(st.integers(1, 10_000), min_size=len(steps), max_size=len(steps))), reverse=True
    )
    values = st.dictionaries(st.sampled_from(defined), st.none() | WHOLE)
    return items, list(zip(steps, pds, strict=True)), draw(POINTS), draw(st.lists(values, max_size=8))


def plain_points(attribute, value):
    for bin_ in attribute:
        unknown, low, high = bin_.get("unknown", False), bin_.get("from"), bin_.get("below")
        if value is None or unknown:
            found = value is None and unknown
        else:
            found = (low is None or low <= value) and (high is None or value < high)
        if found:
            return bin_["points"]
    raise AssertionError(value)


def plain_score(items, steps, base, row):
    score = base + sum(plain_points(attribute, row.get(name)) for name, attribute in items.items())
    pd_bp = next((pd for start, pd in reversed(steps) if score >= start), steps[0][1])
    unknown = sum(row.get(name) is None for name in items)
    return score, pd_bp, -(-unknown * 10_000 // len(items))


@settings(max_examples=40)
@given(st.tuples(*(book(subject) for subject in SUBJECTS)))
def test_statements_and_a_plain_scorer_agree(score, points, make_card, make_item, books):
    cards, features, expected = [], {}, {}
    for subject, (items, steps, base, rows) in zip(SUBJECTS, books, strict=True):
        pd = [{"score_from": start, "pd_bp": pd_bp} for start, pd_bp in steps]
        listed = [make_item(name, *attribute) for name, attribute in items.items()]
        cards.append(make_card(subject, listed, base_points=base, pd=pd))
        features[subject] = {f"{subject}-{at}": row for at, row in enumerate(rows)}
        expected |= {name: plain_score(items, steps, base, row) for name, row in features[subject].items()}

    found = score(cards, features)
    told = points(cards, features, expected)

    assert {
        name: (row["score"], row["pd_bp"], row["unknown_share_bp"]) for name, row in found.items()
    } == expected
    base = {subject: book_[2] for subject, book_ in zip(SUBJECTS, books, strict=True)}
    for name, (score_, _, _) in expected.items():
        own = [row["points"] for row in told if row["borrower_id"] == name]
        assert base[name.split("-")[0]] + sum(own) == score_
