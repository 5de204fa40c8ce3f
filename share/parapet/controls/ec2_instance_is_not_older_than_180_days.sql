-- id: ec2_instance_is_not_older_than_180_days
-- title: EC2 instance: running instances are renewed
-- severity: low
-- resource_type: aws_ec2_instance
-- frameworks: nist_800_53_r5:CM-2(2), nist_800_53_r5:CM-2(a), nist_800_53_r5:CM-2(b),
--   nist_800_53_r5:CM-2(b)(1), nist_800_53_r5:CM-2(b)(2), nist_800_53_r5:CM-2(b)(3), nist_800_53_r5:CM-3(3),
--   nist_800_53_r5:CM-8(6),
--   nist_csf_1.1:PR.DS-7, nist_csf_1.1:PR.IP-1,
--   nist_800_171_r2:3.4.1, nist_800_171_r2:3.4.2,
--   iso_27001_2022:A.8.10,
--   hipaa:164.308(a)(1)(ii)(B),
--   fedramp_moderate_r4:CM-2
-- rationale: A machine that ran for half a year has drifted from its image and misses what only a reboot
--   installs.
-- remediation: Replace the instance from a current image, by an instance refresh of its Auto Scaling group for
--   example.
select
  i.arn,
  iif(julianday(i.launch_time) >= julianday(assessed_at()) - 180, 'pass', 'fail') as status,
  iif(julianday(i.launch_time) >= julianday(assessed_at()) - 180, 'the instance was started '
    || substr(i.launch_time, 1, 10), 'the instance was started ' || substr(i.launch_time, 1, 10)
    || ', should be renewed within 180 days') as reason
from aws_ec2_instance i
where i.instance_state = 'running'
