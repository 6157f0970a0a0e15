"""The promises that a lender's tables make, one suite a table, kept or broken inside DuckDB."""
