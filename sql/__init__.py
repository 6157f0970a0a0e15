"""The statements that DuckDB runs, one a file with bound parameters, and the only connection that runs them."""
