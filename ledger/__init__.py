"""The record of what was decided and by whom, kept in a transactional database and only ever added to."""
