-- One row per line of which a letter may say what moved its limit, what would help, or that a promise is
-- kept.
select
    coalesce(cause_of_line.facility_id, advice.facility_id, kept_promise.facility_id) as facility_id,
    kept_promise.promised_on,
    cause_of_line.caused_since_on,
    cause_of_line.cause_circumstances_cents,
    cause_of_line.cause_conduct_cents,
    cause_of_line.cause_elapsed_time_cents,
    cause_of_line.cause_security_cents,
    cause_of_line.cause_related_cents,
    cause_of_line.cause_market_cents,
    cause_of_line.cause_data_cents,
    cause_of_line.cause_model_cents,
    cause_of_line.cause_policy_cents,
    cause_of_line.cause_regulation_cents,
    advice.standing as advice_standing,
    advice.code as advice_code,
    advice.amount_cents as advice_amount_cents,
    advice.by_on as advice_by_on,
    advice.counts_on as advice_counts_on,
    advice.limit_cents as advice_limit_cents
from cause_of_line
full join advice on cause_of_line.facility_id = advice.facility_id
full join kept_promise on coalesce(cause_of_line.facility_id, advice.facility_id) = kept_promise.facility_id
