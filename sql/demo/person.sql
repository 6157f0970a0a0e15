-- One row per borrower that the generated lender has up to its last night: what does not change from night
-- to night. Every chance is a slice of 16 bits of an MD5 of seed, number and purpose, so a borrower is the
-- same person whatever else is generated beside them.
with numbers as (
    select unnest(range(1, $last_number + 1)) as n
),

numbered as (
    select
        n,
        n % 25 in (7, 18) as is_enterprise,
        (n // 25) * 2 + cast(n % 25 >= 18 as bigint) as enterprise_no,
        -- A hundred months fill the book evenly: one borrower in a hundred is new each month.
        cast($reference_on as date) + cast(case
            when n <= $borrowers then -(($borrowers - n) * 3000 // $borrowers)
            else ((n - $borrowers) * 3000 + $borrowers - 1) // $borrowers
        end as integer) as onboarded_on,
        md5_number_lower(concat_ws('|', $seed, n, 'risk')) as h_risk,
        md5_number_lower(concat_ws('|', $seed, n, 'fate')) as h_fate,
        md5_number_lower(concat_ws('|', $seed, n, 'money')) as h_money,
        md5_number_lower(concat_ws('|', $seed, n, 'habit')) as h_habit,
        md5_number_lower(concat_ws('|', $seed, n, 'file')) as h_file,
        md5_number_lower(concat_ws('|', $seed, n, 'event')) as h_event
    from numbers
),

sliced as (
    select
        n, is_enterprise, enterprise_no, onboarded_on,
        cast(h_risk & 65535 as bigint) + cast((h_risk >> 16) & 65535 as bigint)
        + cast((h_risk >> 32) & 65535 as bigint) + cast(h_risk >> 48 as bigint) as four_uniforms,
        cast((h_fate & 4294967295) % 1000000 as bigint) as fate_ppm,
        cast(h_fate >> 32 as bigint) as death_draw,
        cast(h_money & 65535 as bigint) as u_income,
        cast((h_money >> 16) & 65535 as bigint) as u_income_known,
        cast((h_money >> 32) & 65535 as bigint) as u_income_kind,
        cast(h_money >> 48 as bigint) as u_housing,
        cast(h_habit & 65535 as bigint) as u_essential,
        cast((h_habit >> 16) & 65535 as bigint) as u_discretionary,
        cast((h_habit >> 32) & 65535 as bigint) as u_cash,
        cast(h_habit >> 48 as bigint) as u_spending_seen,
        cast(h_file & 65535 as bigint) as u_place,
        cast((h_file >> 16) & 65535 as bigint) as u_identity,
        cast((h_file >> 32) & 65535 as bigint) as u_consent,
        cast(h_file >> 48 as bigint) as u_age,
        cast(h_event & 65535 as bigint) as u_fraud,
        cast((h_event >> 16) & 65535 as bigint) as u_hardship,
        cast((h_event >> 32) & 65535 as bigint) as u_when,
        cast(h_event >> 48 as bigint) as u_industry
    from numbered
),

rated as (
    -- The hidden factor in thousandths of a standard deviation: four uniforms added, so nearly normal.
    select *, (four_uniforms - 131070) * 1000 // 37837 as risk
    from sliced
),

fated as (
    -- The yearly chance of default doubles every 480 thousandths; the flat clock that it sets starts when the
    -- books of the demo open or when the borrower came, whichever is later.
    select
        *,
        least(900000, 16000 * (1 << ((risk + 4800) // 480)) * (480 + (risk + 4800) % 480) // 480 // 1024)
            as hazard_ppm
    from rated
)

select
    n, is_enterprise, enterprise_no, onboarded_on, risk,
    'B' || lpad(cast(n as varchar), 9, '0') as borrower_id,
    case
        when fate_ppm * 365 // hazard_ppm < 20000
            then
                greatest(onboarded_on, cast($books_from as date)) + 40
                + cast(fate_ppm * 365 // hazard_ppm as integer)
    end as trouble_on,
    case when is_enterprise and u_place < 5000 then 'SG' else 'CN' end as jurisdiction,
    case when is_enterprise and u_place < 5000 then 'USD' else 'CNY' end as currency,
    case when u_place < 5000 then 'en' else 'zh' end as language,
    -- Net income a month, 3,500 to 40,000 yuan, many low and few high; the risky earn a little less.
    (350000 + 14 * u_income + (u_income >> 8) * (u_income >> 8) * (u_income >> 8) * (u_income >> 8) // 1500)
    * (1000 - risk * 60 // 1000) // 100000 * 100 as income_cents,
    -- Revenue a year, 0.6 to 150 million yuan, or a fifth of that in dollars.
    (60000000 + 1200 * u_income + (u_income >> 8) * (u_income >> 8) * (u_income >> 8) * 800)
    * (1000 - risk * 40 // 1000)
    // (case when is_enterprise and u_place < 5000 then 500000 else 100000 end) * 100
        as revenue_cents,
    case
        when u_income_known < 9000 then null
        when u_income_kind < 36000 then 'verified'
        when u_income_kind < 56000 then 'stated'
        else 'modelled'
    end as income_kind,
    200 + cast(u_income_kind % 600 as integer) as income_checked_every,
    case when u_housing < 45000 then 1500 + u_housing % 2000 end as housing_bp,
    2600 + u_essential * 2000 // 65536 as essential_bp,
    greatest(300, 1600 + u_discretionary * 1800 // 65536 + risk * 300 // 1000) as discretionary_bp,
    greatest(0, 700 + risk * 500 // 1000 + (u_cash - 32768) * 1400 // 65536) as cash_bp,
    u_spending_seen < 40000 and not is_enterprise as is_spending_seen,
    case when u_identity < 61500 then onboarded_on + cast(u_identity % 4 as integer) end
        as identity_verified_on,
    case when u_consent < 62000 then onboarded_on end as profile_use_on,
    case when u_consent % 4096 < 3480 then onboarded_on + cast(u_consent % 200 as integer) end as increase_on,
    case when u_consent % 1024 < 50 then onboarded_on + 300 + cast(u_consent % 1600 as integer) end
        as increase_withdrawn_on,
    year(onboarded_on)
    - 18
    - case when u_age < 3000 then 0 else cast(u_age % 40 as integer) end as birth_year,
    u_age % 1000 as habit_no,
    ['A01', 'C13', 'C26', 'E47', 'F51', 'G54', 'H61', 'I64', 'L72', 'P83'][1 + u_industry % 10]
        as industry_code,
    case
        when u_fraud < 110 then 'suspected'
        when u_fraud < 150 then 'first_party'
        when u_fraud < 240 then 'victim'
    end as fraud_kind,
    onboarded_on + 60 + cast(u_when % 1500 as integer) as fraud_on,
    case when u_hardship < 600 + greatest(0, risk) then onboarded_on + 90 + cast(u_when % 1700 as integer) end
        as hardship_from,
    -- One in a thousand a year dies.
    case
        when not is_enterprise and death_draw % 1000000 < 20000
            then greatest(onboarded_on, cast($books_from as date)) + 30 + cast(death_draw % 7300 as integer)
    end as deceased_on,
    u_when,
    u_hardship,
    u_industry
from fated
order by n
