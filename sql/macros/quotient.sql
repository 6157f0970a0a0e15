-- One number a row: dividend // divisor, of whole numbers that may pass 64 bits; what is left is dropped.
-- DuckDB divides a HUGEINT thirty times slower than a BIGINT, which nearly all products of ours fit into.
create macro quotient(dividend, divisor) as
case
    when dividend between -9223372036854775807 and 9223372036854775807
        then cast(cast(dividend as bigint) // divisor as hugeint)
    else dividend // divisor
end
