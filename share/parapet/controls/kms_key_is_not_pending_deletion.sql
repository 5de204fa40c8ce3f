-- id: kms_key_is_not_pending_deletion
-- title: KMS key: no customer's key is about to be deleted
-- severity: critical
-- resource_type: aws_kms_key
-- frameworks: fsbp:KMS.3,
--   pci_dss_4.0:3.5.1.1, pci_dss_4.0:3.5.1.3, pci_dss_4.0:3.6.1, pci_dss_4.0:3.6.1.2,
--   pci_dss_4.0:3.6.1.3, pci_dss_4.0:3.6.1.4, pci_dss_4.0:3.7.1, pci_dss_4.0:3.7.2, pci_dss_4.0:3.7.4,
--   pci_dss_4.0:3.7.6, pci_dss_4.0:3.7.7, pci_dss_4.0:4.2.1.1,
--   iso_27001_2022:A.8.11, iso_27001_2022:A.8.24
-- rationale: Once the key is gone, everything it encrypts is unreadable for ever.
-- remediation: Unless the deletion is meant, run aws kms cancel-key-deletion and enable-key; disable a key for
--   a while before deleting it.
select
  k.arn,
  iif(k.key_state not in ('PendingDeletion', 'PendingReplicaDeletion'), 'pass', 'fail') as status,
  iif(k.key_state not in ('PendingDeletion', 'PendingReplicaDeletion'), 'the key is ' || k.key_state,
    'the key is ' || k.key_state || coalesce(' and goes on ' || substr(k.deletion_date, 1, 10), '')
    || ', should not be') as reason
from aws_kms_key k
where k.key_manager = 'CUSTOMER'
