-- id: organizations_account_is_member_of_organization
-- title: Organization: the account belongs to an organisation with all features
-- severity: medium
-- resource_type: aws_account
-- frameworks: pci_dss_4.0:7.2.1, pci_dss_4.0:7.2.2, pci_dss_4.0:7.2.5, pci_dss_4.0:7.3.1, pci_dss_4.0:7.3.2,
--   pci_dss_4.0:7.3.3, pci_dss_4.0:8.2.7, pci_dss_4.0:8.2.8, pci_dss_4.0:8.3.4,
--   iso_27001_2022:A.8.3
-- rationale: Only an organisation with all features can set guard rails that the account's own administrators
--   cannot lift.
-- remediation: Let the management account invite this one and enable all features (aws organizations
--   enable-all-features).
select
  a.arn,
  iif(a.organization_feature_set = 'ALL', 'pass', 'fail') as status,
  iif(a.organization_feature_set = 'ALL', 'the account belongs to ' || a.organization_id
    || ' with all features',
    iif(a.organization_id is null, 'the account belongs to no organisation', 'the organisation has '
    || coalesce(a.organization_feature_set, 'no features'))
    || ', should belong to one with all features') as reason
from aws_account a
