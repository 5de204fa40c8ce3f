-- id: config_delivery_channel_exists
-- title: AWS Config: Config has somewhere to deliver to
-- severity: low
-- resource_type: aws_region
-- rationale: A recorder without a delivery channel keeps nothing that can be read later.
-- remediation: Run aws configservice put-delivery-channel with a bucket.
select
  r.arn,
  iif(channel.value is null, 'fail', 'pass') as status,
  coalesce('records go to ' || channel.value,
    'the recorder of the region delivers to no bucket, should deliver to one') as reason
from aws_region r, json_each(json_array((
  select min(d.value ->> '$.s3BucketName')
  from aws_config_configuration_recorder c, json_each(c.delivery_channels) d
  where c.region = r.region_name
))) channel
where exists (select 1 from aws_config_configuration_recorder c where c.region = r.region_name)
