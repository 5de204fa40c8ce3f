// The peer of codec-benchmark: the same messages through C++ protobuf, a new message each time.
#include <time.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <string>

#include "codec.pb.h"
#include "parapet/assessment/v1/assessment.pb.h"

namespace {

int64_t Now() {
  timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

template <typename Message>
void Measure(const char* name, const Message& sample) {
  const std::string bytes = sample.SerializeAsString();
  std::string output;
  int64_t best = INT64_MAX;
  constexpr int kBatch = 5000;
  for (int round = 0; round < 40; round++) {
    const int64_t begin = Now();
    for (int i = 0; i < kBatch; i++) {
      Message message;
      if (!message.ParseFromString(bytes)) return;
      message.SerializeToString(&output);
    }
    best = std::min(best, Now() - begin);
  }
  if (output != bytes) return;
  std::printf("%s %lld\n", name, static_cast<long long>(best / kBatch));
}

void Set(bench::codec::Origin* origin, int64_t number) {
  origin->set_name("origin-name");
  origin->set_number(1000 + number);
  origin->set_token(std::string(16, 9));
}

}  // namespace

int main() {
  bench::codec::Record record;
  record.set_id("rec-0123456789abcde");
  record.set_version(1234567890);
  record.set_enabled(true);
  record.set_score(0.75);
  record.set_digest(std::string(100, 7));
  for (int count : {1, 2, 3, 200, 300, 400, 50000, 60000}) record.add_counts(count);
  Set(record.mutable_origin(), 0);
  for (int i = 1; i <= 3; i++) Set(record.add_related(), i);
  record.set_note("seen twice");
  record.set_kind(3);
  Measure("decode + encode, ten fields with submessages", record);

  parapet::assessment::v1::Finding finding;
  finding.set_account_id("acc_01j9zq3x5v");
  finding.set_control_id("s3-bucket-public-access-block");
  finding.set_arn("arn:aws:s3:::an-example-bucket-of-ours");
  finding.set_resource_type("aws.s3.bucket");
  finding.set_region("eu-central-1");
  finding.set_status(parapet::assessment::v1::FINDING_STATUS_FAIL);
  finding.set_severity(parapet::assessment::v1::SEVERITY_HIGH);
  finding.set_reason("BlockPublicPolicy is false, wanted true");
  finding.mutable_since_time()->set_seconds(1790000000);
  finding.mutable_since_time()->set_nanos(123000000);
  finding.set_assessment_id("asm_01j9zq3x5w");
  Measure("decode + encode, Finding", finding);
}
