-- id: kms_key_is_enabled
-- title: KMS key: customer's keys are in use, not merely kept
-- severity: low
-- resource_type: aws_kms_key
-- frameworks: iso_27001_2022:A.8.5, iso_27001_2022:A.8.11, iso_27001_2022:A.8.24
-- rationale: A disabled key fails whatever still needs it, and is paid for while it does nothing.
-- remediation: Run aws kms enable-key if something needs it, otherwise schedule its deletion.
select
  k.arn,
  iif(k.key_state <> 'Disabled', 'pass', 'fail') as status,
  iif(k.key_state <> 'Disabled', 'the key is ' || k.key_state,
    'the key is Disabled, should be Enabled or deleted') as reason
from aws_kms_key k
where k.key_manager = 'CUSTOMER'
