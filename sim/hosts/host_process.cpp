#include "sim/hosts/host_process.hpp"

#include "pos/base/json_fields.hpp"

#include <signal.h>

#include <charconv>
#include <cstdio>

namespace tillrig::hosts {
namespace {

std::string_view name(ports::Severity severity) {
  switch (severity) {
    case ports::Severity::debug:
      return "debug";
    case ports::Severity::info:
      return "info";
    case ports::Severity::warn:
      return "warn";
    case ports::Severity::error:
      return "error";
  }
  return "info";
}

}  // namespace

HostProcess::HostProcess(const std::string& folder)
    : signals_(io_),
      timer_(io_.get_executor()),
      network_(io_.get_executor()),
      disk_(folder),
      ports_{io_.get_executor(),
             clock_,
             timer_,
             entropy_,
             network_,
             disk_,
             recorder_,
             [this] { return host::make_alarm(io_.get_executor()); }} {}

void HostProcess::say(std::string_view line) {
  std::string text(line);
  text += '\n';
  static_cast<void>(std::fwrite(text.data(), 1, text.size(), stdout));
  static_cast<void>(std::fflush(stdout));
}

void HostProcess::run(std::function<void()> end) {
  ::signal(SIGPIPE, SIG_IGN);  // whoever read our lines may have gone
  signals_.add(SIGINT);
  signals_.add(SIGTERM);
  signals_.async_wait([end = std::move(end)](const boost::system::error_code& error, int) {
    if (!error) end();
  });
  io_.run();
}

std::uint64_t HostProcess::Lines::note(const ports::Note& what, std::span<const ports::Arg> args) {
  std::string line;
  base::JsonWriter fields(line);
  fields("ev", std::string_view("note"))("mark", what.mark).maybe("sale", what.sale);
  fields("n", ++last_)("cause", what.cause)("severity", name(what.severity));
  base::JsonWriter details(fields.lead("args"));
  for (const ports::Arg& arg : args) {
    std::visit([&](const auto& value) { details(arg.key, value); }, arg.value);
  }
  details.close();
  fields.close();
  say(line);
  return last_;
}

base::Result<ports::Endpoint> read_endpoint(std::string_view option, std::string_view text) {
  const std::size_t colon = text.rfind(':');
  ports::Endpoint endpoint;
  if (colon != std::string_view::npos && colon != 0) {
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data() + colon + 1, end, endpoint.port);
    if (error == std::errc() && rest == end) {
      endpoint.host = std::string(text.substr(0, colon));
      return endpoint;
    }
  }
  return base::fail(base::Code::bad_input, "{} is \"{}\"; expected HOST:PORT, as in 127.0.0.1:8080",
                    option, text);
}

base::Result<ports::Endpoint> read_peer(std::string_view option, std::string_view text) {
  constexpr std::string_view kTls = "tls://";
  const bool tls = text.starts_with(kTls);
  auto endpoint = read_endpoint(option, text.substr(tls ? kTls.size() : 0));
  if (endpoint) endpoint->tls = tls;
  return endpoint;
}

}  // namespace tillrig::hosts
