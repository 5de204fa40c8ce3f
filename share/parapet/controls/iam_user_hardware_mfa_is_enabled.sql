-- id: iam_user_hardware_mfa_is_enabled
-- title: IAM user: a console user's MFA device is hardware or a passkey
-- severity: medium
-- resource_type: aws_iam_user
-- frameworks: iso_27001_2022:A.8.5,
--   nis2:11.7.2
-- rationale: Codes of a virtual device can be phished and its seed copied; a hardware key or passkey is bound
--   to the site and the device.
-- remediation: Have the user register a FIDO2 security key or passkey under Security credentials, then remove
--   the virtual device.
select
  u.arn,
  iif(json_array_length(u.mfa_devices) > 0 and virtual.value is null, 'pass', 'fail') as status,
  case
    when coalesce(json_array_length(u.mfa_devices), 0) = 0
      then 'the user has no MFA device, should have a hardware one or a passkey'
    when virtual.value is not null then 'the user has the virtual device ' || virtual.value
      || ', should have a hardware one or a passkey'
    else 'the user has MFA by hardware or a passkey'
  end as reason
from aws_iam_user u, json_each(json_array((
  select min(d.value ->> '$.SerialNumber') from json_each(u.mfa_devices) d
    where d.value ->> '$.SerialNumber' like '%:mfa/%'
))) virtual
where u.login_profile is not null
