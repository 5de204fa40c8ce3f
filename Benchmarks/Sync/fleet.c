#include "fleet.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ACCOUNT "111122223333"

struct fleet fleet = {.buckets = 680, .roles = 1000, .keys = 50, .topics = 490, .instances = 10000, .volumes = 8000,
                      .groups = 5790, .regions = 4};
const char *const region_names[] = {
    "us-east-1",      "us-east-2",      "us-west-1",      "us-west-2",    "eu-west-1",  "eu-west-2",
    "eu-west-3",      "eu-central-1",   "eu-north-1",     "ap-south-1",   "sa-east-1",  "ap-southeast-1",
    "ap-southeast-2", "ap-northeast-1", "ap-northeast-2", "ca-central-1", "ap-northeast-3"};
const int region_names_count = sizeof region_names / sizeof *region_names;

// MARK: Text

void put(struct text *to, const char *bytes, size_t count) {
    if (to->count + count + 1 > to->room) {
        to->room = (to->count + count + 1) * 2;
        to->bytes = realloc(to->bytes, to->room);
        if (!to->bytes) abort();
    }
    memcpy(to->bytes + to->count, bytes, count);
    to->count += count;
    to->bytes[to->count] = 0;
}

static void words(struct text *to, const char *text) { put(to, text, strlen(text)); }

void say(struct text *to, const char *format, ...) {
    char line[4096];
    va_list arguments;
    va_start(arguments, format);
    int count = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    put(to, line, count < (int)sizeof line ? (size_t)count : sizeof line - 1);
}

// Digits by hand: printf would cost more than everything else of a large page.
static void hex(struct text *to, uint64_t value, int digits) {
    char text[16];
    for (int i = digits - 1; i >= 0; i--, value >>= 4) text[i] = "0123456789abcdef"[value & 15];
    put(to, text, (size_t)digits);
}

static uint64_t mixed(uint64_t x) {
    x ^= x >> 30, x *= 0xbf58476d1ce4e5b9ull;
    x ^= x >> 27, x *= 0x94d049bb133111ebull;
    return x ^ x >> 31;
}

static uint64_t seed_of(const char *kind, const char *region, long index) {
    uint64_t seed = 1469598103934665603ull;
    for (const char *p = kind; *p; p++) seed = (seed ^ (uint8_t)*p) * 1099511628211ull;
    for (const char *p = region; *p; p++) seed = (seed ^ (uint8_t)*p) * 1099511628211ull;
    return mixed(seed + (uint64_t)index * 0x9e3779b97f4a7c15ull);
}

// In which generation an asset last changed.
static int version_of(uint64_t seed) {
    for (int generation = fleet.generation; generation > 0; generation--)
        if ((int)(mixed(seed + (uint64_t)generation * 7919) % 1000) < fleet.churn) return generation;
    return 0;
}

#define PICK(list, value) (list)[(value) % (sizeof(list) / sizeof *(list))]
static const char *const owners[] = {"payments", "search", "checkout", "identity", "data-platform", "edge", "ml-training",
                                     "observability", "billing", "mobile-api", "fraud", "warehouse", "notifications"};
static const char *const stages[] = {"prod", "staging", "dev", "qa", "sandbox"};
static const char *const sizes[] = {"t3.micro", "t3.large", "m6i.xlarge", "m6i.4xlarge", "c7g.2xlarge", "r6g.large",
                                    "g5.xlarge", "i4i.2xlarge", "m5.large", "c5n.9xlarge"};

static void tags(struct text *to, uint64_t seed, long index, int version) {
    const char *owner = PICK(owners, seed), *stage = PICK(stages, seed >> 8);
    say(to,
        "<tagSet><item><key>Name</key><value>%s-%s-%ld</value></item><item><key>team</key><value>%s</value></item>"
        "<item><key>stage</key><value>%s</value></item><item><key>cost-center</key><value>cc-%d</value></item>",
        owner, stage, index, owner, stage, (int)(seed % 9000 + 1000));
    if (seed >> 16 & 1)
        say(to, "<item><key>aws:cloudformation:stack-name</key><value>%s-%s-stack</value></item>", owner, stage);
    if (seed >> 17 & 1)
        say(to, "<item><key>backup</key><value>%s</value></item>", seed >> 18 & 1 ? "daily" : "weekly");
    say(to, "<item><key>release</key><value>r%d</value></item></tagSet>", version);
}

// MARK: EC2

static void group_refs(struct text *to, uint64_t seed, const char *id, const char *name) {
    for (int i = 0; i <= (int)((seed >> 20) % 3); i++) {
        say(to, "<item><%s>sg-", id);
        hex(to, mixed(seed + (uint64_t)i), 16), hex(to, 7, 1);
        say(to, "</%s><%s>%s-%d</%s></item>", id, name, PICK(owners, seed >> 3), i, name);
    }
}

static void instance(struct text *to, const char *region, long index) {
    uint64_t seed = seed_of("i", region, index);
    int version = version_of(seed), ip = (int)(seed >> 32);
    words(to, "<item><reservationId>r-");
    hex(to, mixed(seed + 1), 16);
    words(to, "a</reservationId><ownerId>" ACCOUNT "</ownerId><groupSet/><instancesSet><item><instanceId>i-0");
    hex(to, seed, 16);
    words(to, "</instanceId><imageId>ami-0");
    hex(to, mixed(seed % 40), 16);
    say(to,
        "</imageId><instanceState><code>16</code><name>running</name></instanceState><privateDnsName>ip-10-%d-%d-%d.%s."
        "compute.internal</privateDnsName><dnsName/><reason/><keyName>%s-key</keyName><amiLaunchIndex>0</amiLaunchIndex>"
        "<productCodes/><instanceType>%s</instanceType><launchTime>2025-%02d-%02dT%02d:%02d:%02d.000Z</launchTime>"
        "<placement><availabilityZone>%s%c</availabilityZone><groupName/><tenancy>default</tenancy></placement>"
        "<monitoring><state>%s</state></monitoring><subnetId>subnet-0",
        ip & 255, ip >> 8 & 255, ip >> 16 & 255, region, PICK(owners, seed), PICK(sizes, seed >> 7 ^ (uint64_t)version),
        (int)((seed >> 4) % 12) + 1, (int)((seed >> 9) % 28) + 1, (int)(seed >> 11 & 15), (int)((seed >> 13) % 60), (int)((seed >> 15) % 60), region, (char)('a' + seed % 3),
        seed & 1 ? "enabled" : "disabled");
    hex(to, mixed(seed % 60), 16);
    words(to, "</subnetId><vpcId>vpc-0");
    hex(to, mixed(seed % 7), 16);
    say(to,
        "</vpcId><privateIpAddress>10.%d.%d.%d</privateIpAddress><sourceDestCheck>true</sourceDestCheck><groupSet>",
        ip & 255, ip >> 8 & 255, ip >> 16 & 255);
    group_refs(to, seed, "groupId", "groupName");
    words(to, "</groupSet><architecture>x86_64</architecture><rootDeviceType>ebs</rootDeviceType><rootDeviceName>"
              "/dev/xvda</rootDeviceName><blockDeviceMapping>");
    for (int i = 0; i <= (int)(seed >> 22 & 1); i++) {
        say(to, "<item><deviceName>/dev/xvd%c</deviceName><ebs><volumeId>vol-0", 'a' + i);
        hex(to, mixed(seed + 40 + (uint64_t)i), 16);
        words(to, "</volumeId><status>attached</status><attachTime>2025-03-04T05:06:07.000Z</attachTime>"
                  "<deleteOnTermination>true</deleteOnTermination></ebs></item>");
    }
    words(to, "</blockDeviceMapping><virtualizationType>hvm</virtualizationType><clientToken>");
    hex(to, mixed(seed + 60), 16), hex(to, mixed(seed + 61), 16);
    words(to, "</clientToken>");
    tags(to, seed, index, version);
    words(to, "<hypervisor>xen</hypervisor><networkInterfaceSet><item><networkInterfaceId>eni-0");
    hex(to, mixed(seed + 70), 16);
    words(to, "</networkInterfaceId><subnetId>subnet-0");
    hex(to, mixed(seed % 60), 16);
    words(to, "</subnetId><vpcId>vpc-0");
    hex(to, mixed(seed % 7), 16);
    say(to,
        "</vpcId><description/><ownerId>" ACCOUNT "</ownerId><status>in-use</status><macAddress>0a:%02x:%02x:%02x:%02x:%02x"
        "</macAddress><privateIpAddress>10.%d.%d.%d</privateIpAddress><sourceDestCheck>true</sourceDestCheck><groupSet>",
        ip & 255, ip >> 8 & 255, ip >> 16 & 255, (int)(seed & 255), (int)(seed >> 8 & 255), ip & 255, ip >> 8 & 255,
        ip >> 16 & 255);
    group_refs(to, seed, "groupId", "groupName");
    words(to, "</groupSet><attachment><attachmentId>eni-attach-0");
    hex(to, mixed(seed + 80), 16);
    words(to, "</attachmentId><deviceIndex>0</deviceIndex><status>attached</status><attachTime>2025-03-04T05:06:07.000Z"
              "</attachTime><deleteOnTermination>true</deleteOnTermination></attachment></item></networkInterfaceSet>");
    if (seed >> 24 & 1)
        say(to,
            "<iamInstanceProfile><arn>arn:aws:iam::" ACCOUNT ":instance-profile/%s</arn><id>AIPA%08X</id>"
            "</iamInstanceProfile>", PICK(owners, seed), ip);
    words(to, "<ebsOptimized>true</ebsOptimized><enaSupport>true</enaSupport><cpuOptions><coreCount>2</coreCount>"
              "<threadsPerCore>2</threadsPerCore></cpuOptions><metadataOptions><state>applied</state><httpTokens>");
    words(to, seed >> 25 & 1 ? "required" : "optional");
    words(to, "</httpTokens><httpPutResponseHopLimit>2</httpPutResponseHopLimit><httpEndpoint>enabled</httpEndpoint>"
              "</metadataOptions><enclaveOptions><enabled>false</enabled></enclaveOptions></item></instancesSet></item>");
}

static void volume(struct text *to, const char *region, long index) {
    uint64_t seed = seed_of("vol", region, index);
    int version = version_of(seed);
    words(to, "<item><volumeId>vol-0");
    hex(to, seed, 16);
    say(to,
        "</volumeId><size>%d</size><snapshotId/><availabilityZone>%s%c</availabilityZone><status>in-use</status>"
        "<createTime>2025-02-03T04:05:%02d.123Z</createTime><attachmentSet><item><volumeId>vol-0",
        (int)(seed % 900) + 8 + version, region, (char)('a' + seed % 3), (int)((seed >> 5) % 60));
    hex(to, seed, 16);
    words(to, "</volumeId><instanceId>i-0");
    hex(to, mixed(seed + 3), 16);
    words(to, "</instanceId><device>/dev/xvda</device><status>attached</status><attachTime>2025-03-04T05:06:07.000Z"
              "</attachTime><deleteOnTermination>true</deleteOnTermination></item></attachmentSet>");
    tags(to, seed, index, version);
    say(to, "<volumeType>gp3</volumeType><iops>%d</iops><throughput>125</throughput><encrypted>%s</encrypted>"
            "<multiAttachEnabled>false</multiAttachEnabled></item>",
        3000 + (int)(seed % 5) * 1000, seed & 1 ? "true" : "false");
}

static void permissions(struct text *to, uint64_t seed, const char *set, int count) {
    say(to, "<%s>", set);
    for (int i = 0; i < count; i++) {
        uint64_t rule = mixed(seed + 90 + (uint64_t)i);
        say(to,
            "<item><ipProtocol>tcp</ipProtocol><fromPort>%d</fromPort><toPort>%d</toPort><groups/><ipRanges><item><cidrIp>"
            "10.%d.0.0/16</cidrIp><description>from %s</description></item><item><cidrIp>172.16.%d.0/24</cidrIp></item>"
            "</ipRanges><ipv6Ranges/><prefixListIds/></item>",
            (int)(rule % 9000) + i, (int)(rule % 9000) + i, (int)(rule >> 8 & 255), PICK(owners, rule),
            (int)(rule >> 16 & 255));
    }
    say(to, "</%s>", set);
}

static void group(struct text *to, const char *region, long index) {
    uint64_t seed = seed_of("sg", region, index);
    int version = version_of(seed);
    words(to, "<item><ownerId>" ACCOUNT "</ownerId><groupId>sg-0");
    hex(to, seed, 16);
    say(to, "</groupId><groupName>%s-%ld</groupName><groupDescription>%s of %s, %s</groupDescription><vpcId>vpc-0",
        PICK(owners, seed), index, PICK(stages, seed >> 3), PICK(owners, seed), region);
    hex(to, mixed(seed % 7), 16);
    words(to, "</vpcId>");
    permissions(to, seed + (uint64_t)version, "ipPermissions", 2 + (int)((seed >> 12) % 3));
    permissions(to, seed, "ipPermissionsEgress", 1);
    tags(to, seed, index, version);
    say(to, "<securityGroupArn>arn:aws:ec2:%s:" ACCOUNT ":security-group/sg-0", region);
    hex(to, seed, 16);
    words(to, "</securityGroupArn></item>");
}

// MARK: Pages

static long number_after(const char *text, const char *name) {
    const char *found = text ? strstr(text, name) : NULL;
    return found ? atol(found + strlen(name)) : 0;
}

// The range of a page; `token` is what the next one starts with, 0 at the end.
static void range(long start, long size, long total, long *end, long *token) {
    *end = start + size < total ? start + size : total;
    *token = *end < total ? *end : 0;
}

// The account has something in its first regions; the others are enabled and empty.
static int is_used(const char *region) {
    for (int i = 0; i < fleet.regions && i < region_names_count; i++)
        if (!strcmp(region_names[i], region)) return 1;
    return 0;
}

static int ec2(const struct call *call, struct text *to) {
    const char *op = call->operation;
    say(to, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<%sResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">"
            "<requestId>3be1508e-c444-4fef-89cc-0b1223c4f02f</requestId>", op);
    long start = number_after(call->body, "NextToken=p"), end, token;
    if (!strcmp(op, "DescribeRegions")) {
        words(to, "<regionInfo>");
        for (int i = 0; i < region_names_count; i++)
            say(to, "<item><regionName>%s</regionName><regionEndpoint>ec2.%s.amazonaws.com</regionEndpoint><optInStatus>"
                    "opt-in-not-required</optInStatus></item>", region_names[i], region_names[i]);
        words(to, "</regionInfo>");
    } else if (!strcmp(op, "DescribeInstances") || !strcmp(op, "DescribeVolumes") ||
               !strcmp(op, "DescribeSecurityGroups")) {
        int kind = op[8] == 'I' ? 0 : op[8] == 'V' ? 1 : 2;
        static const char *const sets[] = {"reservationSet", "volumeSet", "securityGroupInfo"};
        const long totals[] = {fleet.instances, fleet.volumes, fleet.groups}, sizes_[] = {1000, 500, 1000};
        const long total = is_used(call->region) ? totals[kind] : 0;
        long asked = number_after(call->body, "MaxResults=");
        range(start, asked > 0 && asked < sizes_[kind] ? asked : sizes_[kind], total, &end, &token);
        say(to, "<%s>", sets[kind]);
        for (long i = start; i < end; i++)
            (kind == 0 ? instance : kind == 1 ? volume : group)(to, call->region, i);
        say(to, "</%s>", sets[kind]);
        if (token) say(to, "<nextToken>p%ld</nextToken>", token);
    } else if (!strcmp(op, "GetEbsEncryptionByDefault")) {
        words(to, "<ebsEncryptionByDefault>true</ebsEncryptionByDefault>");
    }
    say(to, "</%sResponse>", op);
    return 200;
}

static const char trust[] =
    "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Principal%22%3A%7B%22"
    "Service%22%3A%22ec2.amazonaws.com%22%7D%2C%22Action%22%3A%22sts%3AAssumeRole%22%7D%5D%7D";

static void role(struct text *to, long index) {
    uint64_t seed = seed_of("role", "", index);
    say(to,
        "<Path>/</Path><RoleName>role-%ld</RoleName><RoleId>AROA%012lX</RoleId><Arn>arn:aws:iam::" ACCOUNT ":role/role-%ld"
        "</Arn><CreateDate>2024-05-06T07:08:09Z</CreateDate><AssumeRolePolicyDocument>%s</AssumeRolePolicyDocument>"
        "<Description>%s, release %d</Description><MaxSessionDuration>3600</MaxSessionDuration>",
        index, (unsigned long)(seed >> 16), index, trust, PICK(owners, seed), version_of(seed));
}

static int query(const struct call *call, struct text *to) {
    const char *op = call->operation;
    long start = number_after(call->body, "Marker=p"), end, token;
    long index = number_after(call->body, "RoleName=role-");
    if (!strcmp(op, "GetAccountPasswordPolicy")) {
        words(to, "<ErrorResponse><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>none</Message></Error>"
                  "<RequestId>1</RequestId></ErrorResponse>");
        return 404;
    }
    say(to, "<%sResponse xmlns=\"https://%s.amazonaws.com/doc/\"><%sResult>", op, call->service, op);
    if (!strcmp(op, "AssumeRole")) {
        char account[13] = ACCOUNT;
        const char *role = strstr(call->body, "iam%3A%3A");
        if (role && strlen(role) > 21) memcpy(account, role + 9, 12);
        say(to, "<Credentials><AccessKeyId>ASIA%s</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>"
                "token</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials><AssumedRoleUser><Arn>"
                "arn:aws:sts::%s:assumed-role/bench/s</Arn><AssumedRoleId>AROA1:s</AssumedRoleId>"
                "</AssumedRoleUser>", account, account);
    } else if (!strcmp(op, "GetCallerIdentity")) {
        const char *account = call->account[0] ? call->account : ACCOUNT;
        say(to, "<Arn>arn:aws:iam::%s:user/parapet</Arn><UserId>AIDA1</UserId><Account>%s</Account>", account, account);
    } else if (!strcmp(op, "ListRoles")) {
        long asked = number_after(call->body, "MaxItems=");
        range(start, asked > 0 && asked < 1000 ? asked : 100, fleet.roles, &end, &token);
        words(to, "<Roles>");
        for (long i = start; i < end; i++) words(to, "<member>"), role(to, i), words(to, "</member>");
        say(to, "</Roles><IsTruncated>%s</IsTruncated>", token ? "true" : "false");
        if (token) say(to, "<Marker>p%ld</Marker>", token);
    } else if (!strcmp(op, "GetRole")) {
        words(to, "<Role>"), role(to, index), words(to, "<Tags><member><Key>team</Key><Value>");
        say(to, "%s</Value></member></Tags></Role>", PICK(owners, seed_of("role", "", index)));
    } else if (!strcmp(op, "ListAttachedRolePolicies")) {
        words(to, "<AttachedPolicies><member><PolicyName>ReadOnlyAccess</PolicyName><PolicyArn>arn:aws:iam::aws:policy/"
                  "ReadOnlyAccess</PolicyArn></member></AttachedPolicies><IsTruncated>false</IsTruncated>");
    } else if (!strcmp(op, "ListRolePolicies")) {
        words(to, "<PolicyNames><member>inline</member></PolicyNames><IsTruncated>false</IsTruncated>");
    } else if (!strcmp(op, "GetRolePolicy")) {
        say(to, "<RoleName>role-%ld</RoleName><PolicyName>inline</PolicyName><PolicyDocument>%s</PolicyDocument>", index,
            trust);
    } else if (!strcmp(op, "GenerateCredentialReport")) {
        words(to, "<State>COMPLETE</State>");
    } else if (!strcmp(op, "GetCredentialReport")) {
        // "user,arn\n<root_account>,arn:aws:iam::111122223333:root\n"
        words(to, "<Content>dXNlcixhcm4KPHJvb3RfYWNjb3VudD4sYXJuOmF3czppYW06OjExMTEyMjIyMzMzMzpyb290Cg==</Content>"
                  "<ReportFormat>text/csv</ReportFormat><GeneratedTime>2025-01-01T00:00:00Z</GeneratedTime>");
    } else if (!strcmp(op, "ListTopics")) {
        start = number_after(call->body, "NextToken=p");
        range(start, 100, fleet.topics, &end, &token);
        words(to, "<Topics>");
        for (long i = start; i < end; i++)
            say(to, "<member><TopicArn>arn:aws:sns:%s:" ACCOUNT ":topic-%ld</TopicArn></member>", call->region, i);
        words(to, "</Topics>");
        if (token) say(to, "<NextToken>p%ld</NextToken>", token);
    } else if (!strcmp(op, "GetTopicAttributes")) {
        const char *arn = strstr(call->body, "topic-");
        long topic = arn ? atol(arn + 6) : 0;
        say(to,
            "<Attributes><entry><key>TopicArn</key><value>arn:aws:sns:%s:" ACCOUNT ":topic-%ld</value></entry><entry><key>"
            "Owner</key><value>" ACCOUNT "</value></entry><entry><key>DisplayName</key><value>r%d</value></entry>"
            "<entry><key>SubscriptionsConfirmed</key><value>%ld</value></entry><entry><key>Policy</key><value>{&quot;"
            "Version&quot;:&quot;2008-10-17&quot;,&quot;Statement&quot;:[]}</value></entry></Attributes>",
            call->region, topic, version_of(seed_of("topic", call->region, topic)), topic % 5);
    } else if (!strcmp(op, "ListTagsForResource")) {
        words(to, "<Tags><member><Key>team</Key><Value>edge</Value></member></Tags>");
    }
    say(to, "</%sResult><ResponseMetadata><RequestId>c1</RequestId></ResponseMetadata></%sResponse>", op, op);
    return 200;
}

static int json(const struct call *call, struct text *to) {
    const char *op = call->operation;
    if (!strcmp(call->service, "organizations")) {
        words(to, "{\"__type\":\"AWSOrganizationsNotInUseException\",\"Message\":\"none\"}");
        return 400;
    }
    if (!strcmp(op, "ListKeys")) {
        long end, token;
        range(number_after(call->body, "\"p"), 1000, fleet.keys, &end, &token);
        words(to, "{\"Keys\":[");
        for (long i = 0; i < end; i++)
            say(to, "%s{\"KeyId\":\"key-%ld\",\"KeyArn\":\"arn:aws:kms:%s:" ACCOUNT ":key/key-%ld\"}", i ? "," : "", i,
                call->region, i);
        words(to, "],\"Truncated\":false}");
        return 200;
    }
    long index = number_after(call->body, "key-");
    if (!strcmp(op, "DescribeKey"))
        say(to,
            "{\"KeyMetadata\":{\"AWSAccountId\":\"" ACCOUNT "\",\"Arn\":\"arn:aws:kms:%s:" ACCOUNT ":key/key-%ld\","
            "\"CreationDate\":1.5E9,\"Description\":\"r%d\",\"Enabled\":true,\"KeyId\":\"key-%ld\",\"KeyManager\":"
            "\"CUSTOMER\",\"KeyState\":\"Enabled\",\"KeyUsage\":\"ENCRYPT_DECRYPT\",\"Origin\":\"AWS_KMS\"}}",
            call->region, index, version_of(seed_of("key", call->region, index)), index);
    else if (!strcmp(op, "GetKeyRotationStatus")) words(to, "{\"KeyRotationEnabled\":true}");
    else if (!strcmp(op, "GetKeyPolicy"))
        words(to, "{\"Policy\":\"{\\\"Version\\\":\\\"2012-10-17\\\",\\\"Statement\\\":[]}\",\"PolicyName\":\"default\"}");
    else if (!strcmp(op, "ListAliases")) words(to, "{\"Aliases\":[],\"Truncated\":false}");
    else if (!strcmp(op, "ListResourceTags")) words(to, "{\"Tags\":[],\"Truncated\":false}");
    else words(to, "{}");
    return 200;
}

static int s3_error(struct text *to, const char *code) {
    say(to, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>%s</Code><Message>There is none</Message><RequestId>1"
            "</RequestId></Error>", code);
    return 404;
}

static int s3(const struct call *call, struct text *to) {
    const char *op = call->operation;
    if (!strcmp(op, "ListBuckets")) {
        long start = number_after(call->query, "continuation-token=p"), end, token;
        range(start, 1000, fleet.buckets, &end, &token);
        words(to, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListAllMyBucketsResult><Owner><ID>1</ID></Owner><Buckets>");
        for (long i = start; i < end; i++)
            say(to, "<Bucket><Name>bucket-%ld</Name><CreationDate>2024-05-06T07:08:09.000Z</CreationDate><BucketRegion>%s"
                    "</BucketRegion></Bucket>", i, region_names[i % fleet.regions]);
        words(to, "</Buckets>");
        if (token) say(to, "<ContinuationToken>p%ld</ContinuationToken>", token);
        words(to, "</ListAllMyBucketsResult>");
        return 200;
    }
    long index = number_after(call->path, "bucket-");
    const char *home = region_names[index % fleet.regions];
    uint64_t seed = seed_of("bucket", "", index);
    if (!strcmp(op, "location"))
        say(to, "<LocationConstraint>%s</LocationConstraint>", strcmp(home, "us-east-1") ? home : "");
    else if (!strcmp(op, "acl"))
        words(to, "<AccessControlPolicy><Owner><ID>75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a</ID>"
                  "</Owner><AccessControlList><Grant><Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
                  "xsi:type=\"CanonicalUser\"><ID>75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a</ID>"
                  "</Grantee><Permission>FULL_CONTROL</Permission></Grant></AccessControlList></AccessControlPolicy>");
    else if (!strcmp(op, "versioning"))
        say(to, "<VersioningConfiguration><Status>%s</Status></VersioningConfiguration>", seed & 1 ? "Enabled" : "Suspended");
    else if (!strcmp(op, "encryption"))
        words(to, "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256"
                  "</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>");
    else if (!strcmp(op, "publicAccessBlock"))
        words(to, "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true"
                  "</IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>true"
                  "</RestrictPublicBuckets></PublicAccessBlockConfiguration>");
    else if (!strcmp(op, "ownershipControls"))
        words(to, "<OwnershipControls><Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule>"
                  "</OwnershipControls>");
    else if (!strcmp(op, "tagging"))
        say(to, "<Tagging><TagSet><Tag><Key>team</Key><Value>%s</Value></Tag><Tag><Key>release</Key><Value>r%d</Value></Tag>"
                "</TagSet></Tagging>", PICK(owners, seed), version_of(seed));
    else if (!strcmp(op, "logging")) words(to, "<BucketLoggingStatus/>");
    else if (!strcmp(op, "notification")) words(to, "<NotificationConfiguration/>");
    else if (!strcmp(op, "policy") || !strcmp(op, "policyStatus")) return s3_error(to, "NoSuchBucketPolicy");
    else if (!strcmp(op, "lifecycle")) return s3_error(to, "NoSuchLifecycleConfiguration");
    else if (!strcmp(op, "replication")) return s3_error(to, "ReplicationConfigurationNotFoundError");
    else if (!strcmp(op, "object-lock")) return s3_error(to, "ObjectLockConfigurationNotFoundError");
    else if (!strcmp(op, "website")) return s3_error(to, "NoSuchWebsiteConfiguration");
    else return s3_error(to, "NoSuchTagSet");
    return 200;
}

int answer(const struct call *call, struct text *to, const char **type) {
    const char *service = call->service;
    *type = "text/xml";
    if (!strcmp(service, "ec2")) return ec2(call, to);
    if (!strcmp(service, "s3")) {
        if (!strstr(call->path, "publicAccessBlock")) return s3(call, to);
        return s3_error(to, "NoSuchPublicAccessBlockConfiguration");
    }
    if (!strcmp(service, "iam") || !strcmp(service, "sts") || !strcmp(service, "sns") || !strcmp(service, "rds"))
        return query(call, to);
    *type = "application/x-amz-json-1.1";
    if (!strcmp(service, "account")) {
        words(to, "{\"__type\":\"ResourceNotFoundException\",\"message\":\"none\"}");
        return 404;
    }
    if (!strcmp(service, "securityhub")) {
        words(to, "{\"__type\":\"InvalidAccessException\",\"Message\":\"not subscribed\"}");
        return 403;
    }
    return json(call, to);
}

// MARK: The least that AWS's API allows

static long pages(long items, long size) { return items == 0 ? 1 : (items + size - 1) / size; }

long asset_count(void) {
    return fleet.buckets + fleet.roles +
           (long)fleet.regions * (fleet.instances + fleet.volumes + fleet.groups + fleet.topics + fleet.keys);
}

long least_calls(void) {
    long regional = pages(fleet.instances, 1000) + pages(fleet.volumes, 500) + pages(fleet.groups, 1000) +
                    pages(fleet.topics, 100) + 2L * fleet.topics + pages(fleet.keys, 1000) +
                    (fleet.keys ? 4L * fleet.keys + 1 : 0);
    // Types of which the account has none: cloudtrail, cloudwatch, logs, config, regional settings, efs, two of rds,
    // securityhub, vpc, flow logs, network ACLs.
    regional += 12;
    // AssumeRole, regions for the plan; account (1 + 5), password policy, summary, credential report (2), policies (2),
    // certificates, users, MFA devices, regions, S3's account settings.
    long global = 2 + 6 + 1 + 1 + 2 + 2 + 1 + 1 + 1 + 1 + 1;
    return global + pages(fleet.buckets, 1000) + 15L * fleet.buckets + pages(fleet.roles, 1000) + 5L * fleet.roles +
           fleet.regions * regional;
}
