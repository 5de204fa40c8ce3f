// The peer of echo-client in gRPC C++. One call at a time goes by the synchronous API, many by a completion queue that
// one thread serves: the cheapest that gRPC C++ has for each.
//   echo_client HOST:PORT [--calls N] [--concurrency C] [--size BYTES] [--messages N] [--ca_file F]
#include <grpcpp/grpcpp.h>

#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "bench.grpc.pb.h"

namespace {

int64_t Now(clockid_t clock) {
  timespec time;
  clock_gettime(clock, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

[[noreturn]] void Fail(const std::string& what) {
  std::fprintf(stderr, "echo_client: %s\n", what.c_str());
  std::exit(1);
}

void Check(const grpc::Status& status) {
  if (!status.ok()) Fail(status.error_message());
}

void CheckAnswer(const bench::Payload& request, const bench::Payload& answer) {
  if (answer.data() != request.data() || answer.id() != request.id() || answer.name() != request.name())
    Fail("the answer is not the request");
}

std::vector<int64_t> OneByOne(bench::Echo::Stub* stub, const bench::Payload& request, int64_t calls) {
  std::vector<int64_t> times;
  times.reserve(calls);
  bench::Payload answer;
  for (int64_t i = 0; i < calls; i++) {
    grpc::ClientContext context;
    const int64_t begin = Now(CLOCK_MONOTONIC);
    Check(stub->Unary(&context, request, &answer));
    times.push_back(Now(CLOCK_MONOTONIC) - begin);
    CheckAnswer(request, answer);
  }
  return times;
}

struct Call {
  std::unique_ptr<grpc::ClientContext> context;
  std::unique_ptr<grpc::ClientAsyncResponseReader<bench::Payload>> reader;
  bench::Payload answer;
  grpc::Status status;
  int64_t begin = 0;
};

std::vector<int64_t> AtOnce(bench::Echo::Stub* stub, const bench::Payload& request, int64_t calls,
                            int64_t concurrency) {
  std::vector<int64_t> times;
  times.reserve(calls);
  grpc::CompletionQueue queue;
  std::vector<Call> slots(std::min(calls, concurrency));
  int64_t begun = 0;
  auto start = [&](Call* call) {
    begun++;
    call->context = std::make_unique<grpc::ClientContext>();
    call->begin = Now(CLOCK_MONOTONIC);
    call->reader = stub->AsyncUnary(call->context.get(), request, &queue);
    call->reader->Finish(&call->answer, &call->status, call);
  };
  for (auto& call : slots) start(&call);
  void* tag = nullptr;
  bool ok = false;
  while (static_cast<int64_t>(times.size()) < calls && queue.Next(&tag, &ok)) {
    auto* call = static_cast<Call*>(tag);
    Check(call->status);
    times.push_back(Now(CLOCK_MONOTONIC) - call->begin);
    CheckAnswer(request, call->answer);
    if (begun < calls) start(call);
  }
  queue.Shutdown();
  while (queue.Next(&tag, &ok)) {
  }
  return times;
}

std::vector<int64_t> Stream(bench::Echo::Stub* stub, int64_t messages, int32_t size) {
  std::vector<int64_t> times;
  times.reserve(messages);
  grpc::ClientContext context;
  bench::StreamRequest request;
  request.set_count(messages);
  request.set_size(size);
  auto reader = stub->ServerStream(&context, request);
  bench::Payload message;
  int64_t last = Now(CLOCK_MONOTONIC);
  while (reader->Read(&message)) {
    if (message.id() != static_cast<int64_t>(times.size()) || message.data().size() != static_cast<size_t>(size))
      Fail("a message of the stream is not what was asked for");
    const int64_t now = Now(CLOCK_MONOTONIC);
    times.push_back(now - last);
    last = now;
  }
  Check(reader->Finish());
  if (static_cast<int64_t>(times.size()) != messages) Fail("messages are missing");
  return times;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) Fail("HOST:PORT is missing");
  std::map<std::string, std::string> options = {
      {"--calls", "10000"}, {"--concurrency", "1"}, {"--size", "100"}, {"--messages", "0"}};
  for (int i = 2; i + 1 < argc; i += 2) options[argv[i]] = argv[i + 1];
  const int64_t calls = std::atoll(options["--calls"].c_str());
  const int64_t concurrency = std::atoll(options["--concurrency"].c_str());
  const int64_t messages = std::atoll(options["--messages"].c_str());

  auto credentials = grpc::InsecureChannelCredentials();
  if (options.count("--ca_file")) {
    std::ifstream file(options["--ca_file"]);
    std::stringstream text;
    text << file.rdbuf();
    grpc::SslCredentialsOptions tls;
    tls.pem_root_certs = text.str();
    credentials = grpc::SslCredentials(tls);
  }
  auto stub = bench::Echo::NewStub(grpc::CreateChannel(argv[1], credentials));
  bench::Payload request;
  request.set_data(std::string(std::atoll(options["--size"].c_str()), 'x'));
  request.set_id(42);
  request.set_name("echo");
  OneByOne(stub.get(), request, 1);  // connects

  const int64_t begin = Now(CLOCK_MONOTONIC);
  const int64_t cpu = Now(CLOCK_PROCESS_CPUTIME_ID);
  auto times = messages > 0        ? Stream(stub.get(), messages, static_cast<int32_t>(request.data().size()))
               : concurrency == 1 ? OneByOne(stub.get(), request, calls)
                                  : AtOnce(stub.get(), request, calls, concurrency);
  const double seconds = static_cast<double>(Now(CLOCK_MONOTONIC) - begin) / 1e9;
  const double spent = static_cast<double>(Now(CLOCK_PROCESS_CPUTIME_ID) - cpu) / 1e3;
  std::sort(times.begin(), times.end());
  const double count = static_cast<double>(times.size());
  std::printf("per_s=%.0f cpu_us_each=%.2f p50_us=%.2f p99_us=%.2f\n", count / seconds, spent / count,
              static_cast<double>(times[(times.size() - 1) / 2]) / 1e3,
              static_cast<double>(times[static_cast<size_t>(count * 0.99)]) / 1e3);
}
