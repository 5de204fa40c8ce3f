-- id: rds_instance_certificate_is_valid
-- title: RDS instance: the server certificate is good for three more months
-- severity: high
-- resource_type: aws_rds_db_instance
-- rationale: Once the certificate has expired, clients that check it refuse to connect.
-- remediation: Run aws rds modify-db-instance --ca-certificate-identifier with a current authority, after its
--   root is in the clients' trust stores.
select
  d.arn,
  iif(julianday(d.certificate_valid_till) > julianday(assessed_at()) + 90, 'pass', 'fail') as status,
  iif(julianday(d.certificate_valid_till) > julianday(assessed_at()) + 90, 'the certificate is good until '
    || substr(d.certificate_valid_till, 1, 10), 'the certificate expires on '
    || substr(d.certificate_valid_till, 1, 10) || ', should be good for 90 days more') as reason
from aws_rds_db_instance d
where d.certificate_valid_till is not null
