-- One row: whether the source knows the identity of any accepted borrower, so that it has the column at all.
select coalesce(bool_or(borrower.identity_verified_on is not null), false) as is_supplied
from borrower
