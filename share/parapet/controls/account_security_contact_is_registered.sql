-- id: account_security_contact_is_registered
-- title: The account has a security contact
-- severity: medium
-- resource_type: aws_account
-- frameworks: cis_aws_3.0:1.2,
--   cis_aws_5.0:1.2,
--   cis_aws_6.0:2.2,
--   cis_aws_7.0:2.3,
--   fsbp:Account.1,
--   pci_dss_4.0:A1.2.3,
--   iso_27001_2022:A.5.5,
--   nis2:1.1.1.a, nis2:1.2.3, nis2:2.2.1, nis2:3.1.2.d, nis2:3.5.3.a, nis2:5.1.7.b
-- rationale: AWS writes to the security contact when it sees abuse or a leaked key. Without one the message
--   goes to the root user's mailbox, which nobody may be reading.
-- remediation: In the console open Account, Alternate contacts, Security; or run aws account
--   put-alternate-contact --alternate-contact-type SECURITY with the name, title, mail address and telephone
--   number of a team that is on call.
select
  a.arn,
  iif(a.security_contact_email <> '' and a.security_contact_phone <> '', 'pass', 'fail') as status,
  case
    when coalesce(a.security_contact_email, '') = ''
      then 'no security contact is registered, should be one with mail address and telephone'
    when coalesce(a.security_contact_phone, '') = ''
      then 'the security contact has no telephone number, should have one'
    else 'the security contact is ' || a.security_contact_email
  end as reason
from aws_account a
