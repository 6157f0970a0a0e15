"""The mappings from a lender's own columns to the data contract, and the readers that fetch them."""
