"""The statements DuckDB runs, one a file with bound parameters, and the one connection that runs them."""
