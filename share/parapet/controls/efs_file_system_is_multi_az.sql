-- id: efs_file_system_is_multi_az
-- title: EFS file system: the file system spans zones
-- severity: medium
-- resource_type: aws_efs_file_system
-- frameworks: iso_27001_2022:A.8.14
-- rationale: A file system in one zone goes down, or away, with the zone.
-- remediation: Make a regional file system and copy the files with DataSync.
select
  f.arn,
  iif(f.availability_zone_name is null, 'pass', 'fail') as status,
  iif(f.availability_zone_name is null, 'the file system spans the zones of its region',
    'the file system is in ' || f.availability_zone_name || ' alone, should span zones') as reason
from aws_efs_file_system f
