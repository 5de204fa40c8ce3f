-- id: cloudtrail_insights_are_enabled
-- title: The CloudTrail trail looks for unusual activity
-- severity: low
-- resource_type: aws_cloudtrail_trail
-- frameworks: pci_dss_4.0:5.3.4, pci_dss_4.0:10.3.2, pci_dss_4.0:10.3.3, pci_dss_4.0:10.3.4,
--   pci_dss_4.0:10.5.1, pci_dss_4.0:A1.2.1
-- rationale: Insights notice bursts of unusual calls, such as a thousand instances started at night.
-- remediation: Run aws cloudtrail put-insight-selectors with ApiCallRateInsight and ApiErrorRateInsight
--   (charged by event).
select
  t.arn,
  iif(json_array_length(t.insight_selectors) > 0, 'pass', 'fail') as status,
  iif(json_array_length(t.insight_selectors) > 0, 'the trail looks for unusual activity',
    'insights are off, should be on') as reason
from aws_cloudtrail_trail t
where substr(t.arn, instr(t.arn, ':' || t.home_region || ':') + length(t.home_region) + 2, 12) = t.account_id
