"""The same night written in PySpark: what a team with a Spark cluster would write instead of Linewatch's SQL.

A first night of the generated lender, so nothing is carried over from a night before. What `linewatch demo`
cannot make is left out: quarantined rows, a borrower with lines in several currencies, a third cover on one
line, bureau reports that hold our own lines, records of law other than caps of a borrower or a group.

    python -m benchmarks.peers.pyspark_peer SOURCE AS_OF OUT
"""

from benchmarks.peers.pyspark_peer.night import run

__all__ = ["run"]
