-- id: iam_policy_has_no_full_access_to_kms
-- title: IAM policy: no customer managed policy grants all of KMS
-- severity: medium
-- resource_type: aws_iam_policy
-- frameworks: pci_dss_4.0:3.5.1.1, pci_dss_4.0:3.5.1.3, pci_dss_4.0:3.6.1, pci_dss_4.0:3.6.1.2,
--   pci_dss_4.0:3.6.1.3, pci_dss_4.0:3.6.1.4, pci_dss_4.0:3.7.1, pci_dss_4.0:3.7.2, pci_dss_4.0:3.7.4,
--   pci_dss_4.0:3.7.6, pci_dss_4.0:3.7.7, pci_dss_4.0:4.2.1.1, pci_dss_4.0:7.2.1, pci_dss_4.0:7.2.2,
--   pci_dss_4.0:7.2.3, pci_dss_4.0:7.2.5, pci_dss_4.0:7.3.1, pci_dss_4.0:7.3.2, pci_dss_4.0:7.3.3,
--   pci_dss_4.0:8.2.7, pci_dss_4.0:8.2.8, pci_dss_4.0:8.3.4,
--   nis2:11.2.2.a
-- rationale: All of KMS includes the deletion of keys, which makes what they encrypt unreadable for ever, and
--   the change of their policies.
-- remediation: Separate those who use keys (kms:Encrypt, kms:Decrypt, kms:GenerateDataKey*) from those who
--   administer them, and name the keys.
select
  p.arn,
  iif(wide.value is null, 'pass', 'fail') as status,
  iif(wide.value is null, 'no statement allows kms:* on all resources', 'statement ' || wide.value
    || ' allows kms:* on all resources, should name actions and keys') as reason
from aws_iam_policy p, json_each(json_array((
  select min(coalesce(s.value ->> '$.Sid', s.key + 1))
  from json_each(policy_statements(p.document)) s
  where s.value ->> '$.Effect' = 'Allow'
    and exists (select 1 from json_each(s.value, '$.Action') a where lower(a.value) = 'kms:*')
    and (json_type(s.value, '$.NotResource') is not null
      or exists (select 1 from json_each(s.value, '$.Resource') r where r.value = '*'))
))) wide
where p.arn not like 'arn:%:iam::aws:policy/%'
