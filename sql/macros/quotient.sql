-- One number a row: dividend // divisor, of a product that may pass 64 bits. DuckDB divides a HUGEINT thirty
-- times slower than a BIGINT, and nearly every product of ours fits into one. Both drop what is left over.
create macro quotient(dividend, divisor) as
case
    when dividend between -9223372036854775807 and 9223372036854775807
        then cast(cast(dividend as bigint) // divisor as hugeint)
    else dividend // divisor
end
