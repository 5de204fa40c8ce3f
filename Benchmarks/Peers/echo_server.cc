// The peer of echo-server in gRPC C++: its callback API, which its authors recommend for asynchronous servers.
//   echo_server --port N [--tls_cert_file F --tls_key_file F]
#include <grpcpp/grpcpp.h>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <thread>

#include "bench.grpc.pb.h"

namespace {

class Stream final : public grpc::ServerWriteReactor<bench::Payload> {
 public:
  explicit Stream(const bench::StreamRequest& request) : count_(request.count()) {
    message_.set_data(std::string(static_cast<size_t>(request.size()), 'x'));
    Next();
  }
  void OnWriteDone(bool ok) override {
    if (!ok) return Finish(grpc::Status(grpc::StatusCode::CANCELLED, "the client is gone"));
    Next();
  }
  void OnDone() override { delete this; }

 private:
  void Next() {
    if (sent_ == count_) return Finish(grpc::Status::OK);
    message_.set_id(sent_++);
    StartWrite(&message_);
  }
  bench::Payload message_;
  const int64_t count_;
  int64_t sent_ = 0;
};

class Echo final : public bench::Echo::CallbackService {
  grpc::ServerUnaryReactor* Unary(grpc::CallbackServerContext* context, const bench::Payload* request,
                                  bench::Payload* response) override {
    *response = *request;
    auto* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
  grpc::ServerWriteReactor<bench::Payload>* ServerStream(grpc::CallbackServerContext*,
                                                         const bench::StreamRequest* request) override {
    return new Stream(*request);
  }
};

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

int main(int argc, char** argv) {
  std::map<std::string, std::string> options;
  for (int i = 1; i + 1 < argc; i += 2) options[argv[i]] = argv[i + 1];
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  std::shared_ptr<grpc::ServerCredentials> credentials = grpc::InsecureServerCredentials();
  if (options.count("--tls_cert_file")) {
    grpc::SslServerCredentialsOptions tls;
    tls.pem_key_cert_pairs.push_back({ReadFile(options["--tls_key_file"]), ReadFile(options["--tls_cert_file"])});
    credentials = grpc::SslServerCredentials(tls);
  }
  Echo service;
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:" + options["--port"], credentials, &port);
  builder.RegisterService(&service);
  auto server = builder.BuildAndStart();
  if (!server) return 1;
  std::printf("listening on 127.0.0.1:%d\n", port);
  std::fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
  server->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(5));
}
