"""What botocore's standard mode of retries takes for what, as one JSON object."""
import json

from botocore.retries import quota, standard

transient, throttled = standard.TransientRetryableChecker, standard.ThrottledRetryableChecker
print(json.dumps({
    "throttlingCodes": throttled._THROTTLED_ERROR_CODES,
    "throttlingStatuses": standard.ThrottlingStatusCodeChecker._THROTTLING_STATUS_CODES,
    "transientCodes": transient._TRANSIENT_ERROR_CODES,
    "transientStatuses": transient._TRANSIENT_STATUS_CODES,
    "capacity": quota.RetryQuota.INITIAL_CAPACITY,
    "usualCost": standard.RetryQuotaChecker._RETRY_COST,
    "throttlingCost": standard.RetryQuotaChecker._THROTTLING_RETRY_COST,
    "attempts": standard.DEFAULT_MAX_ATTEMPTS,
    "backoffCap": standard.ExponentialBackoff._MAX_BACKOFF,
    "throttledBase": standard.ExponentialBackoff._DEFAULT_BACKOFF_CONFIG["throttling_base_scale"],
}))
