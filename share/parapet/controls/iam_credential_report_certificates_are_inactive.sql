-- id: iam_credential_report_certificates_are_inactive
-- title: IAM credentials: nobody has an active signing certificate
-- severity: low
-- resource_type: aws_iam_credential_report
-- rationale: Signing certificates are an old way in, for APIs that are gone; nobody watches them.
-- remediation: Run aws iam delete-signing-certificate for the user.
select
  r.arn,
  iif(coalesce(r.cert_1_active, '') <> 'true' and coalesce(r.cert_2_active, '') <> 'true', 'pass',
    'fail') as status,
  iif(coalesce(r.cert_1_active, '') <> 'true' and coalesce(r.cert_2_active, '') <> 'true',
    'no signing certificate is active', 'a signing certificate is active, should be deleted') as reason
from aws_iam_credential_report r
