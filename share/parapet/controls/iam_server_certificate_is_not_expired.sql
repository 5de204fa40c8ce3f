-- id: iam_server_certificate_is_not_expired
-- title: IAM server certificate: no expired certificate is kept in IAM
-- severity: high
-- resource_type: aws_iam_server_certificate
-- frameworks: cis_aws_3.0:1.19,
--   cis_aws_5.0:1.18,
--   cis_aws_6.0:2.18,
--   cis_aws_7.0:2.17,
--   fsbp:IAM.26,
--   nis2:4.3.2.c, nis2:9.2.c.ii
-- rationale: An expired certificate that is put to use by mistake takes a service down, and trains people to
--   click warnings away.
-- remediation: Delete it with aws iam delete-server-certificate, and let ACM issue and renew certificates.
select
  c.arn,
  iif(julianday(c.expiration) > julianday(assessed_at()), 'pass', 'fail') as status,
  iif(julianday(c.expiration) > julianday(assessed_at()), 'the certificate is good until '
    || substr(c.expiration, 1, 10), 'the certificate expired on ' || substr(c.expiration, 1, 10)
    || ', should be deleted') as reason
from aws_iam_server_certificate c
