// A nexo terminal and a till's driver that get anything at all, in pieces: neither crashes, what is
// no message is told as such, what a message says is written and read again to the same, and the
// next good request is answered on a new connection.
#include "devices/terminal/device.hpp"
#include "devices/terminal/nexo/driver.hpp"
#include "devices/terminal/nexo/seal.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace tillrig::fuzz {
namespace {

using terminal::nexo::Message;

constexpr base::Instant kNow{1'000'000'000};

std::string posted(std::string_view body) {
  base::HttpRequest request;
  request.method = "POST";
  request.target = "/nexo";
  request.body = body;
  return base::write_http(request);
}

std::string answered(std::string_view body) {
  base::HttpResponse response;
  response.body = body;
  return base::write_http(response);
}

void read_and_write(std::string_view text) {
  const auto message = terminal::nexo::read(text);
  if (!message) return must(!message.error().what.empty(), "an error without a sentence");
  const std::string written = terminal::nexo::write(*message);
  const auto again = terminal::nexo::read(written);
  must(again.has_value(), "what it writes it does not read");
  must(terminal::nexo::write(*again) == written, "what it writes it reads as something else");
}

void serve(std::string_view bytes) {
  terminal::TerminalSetup how;
  how.protocol = terminal::ProtocolKind::nexo;
  terminal::TerminalDevice device(how);
  devices::ManyLines& lines = *device.many_lines();
  std::uint64_t seen = 0;
  device.watch([&](const std::string& line) { seen += line.size(); });
  lines.line_up(1, kNow);
  const std::size_t half = bytes.size() / 2;
  lines.feed(1, bytes.substr(0, half), kNow);
  lines.feed(1, bytes.substr(half), kNow);
  static_cast<void>(lines.take_said());
  lines.line_up(2, kNow);
  lines.feed(2,
             posted(R"({"SaleToPOIRequest":{"MessageHeader":{"MessageCategory":"Login",)"
                    R"("MessageType":"Request","ServiceID":"1"},"LoginRequest":{}}})"),
             kNow);
  bool good = false;
  for (const devices::Said& said : lines.take_said()) {
    good = good || (said.line == 2 && said.bytes.find("Success") != std::string::npos);
  }
  must(good, "a good request on another connection is not answered");
}

void drive(std::string_view bytes) {
  terminal::nexo::NexoDriver driver{{}};
  driver.line_up(kNow);
  const std::size_t half = bytes.size() / 2;
  driver.feed(bytes.substr(0, half), kNow);
  driver.feed(bytes.substr(half), kNow);
  if (driver.ready()) {
    static_cast<void>(driver.pay({"a", base::Money{100}, "EUR", {}}, kNow));
    driver.feed(bytes, kNow);
  }
  driver.line_down(kNow);
  std::size_t answers = 0;
  for (const terminal::TerminalEvent& event : driver.take_events()) {
    if (std::holds_alternative<terminal::Answered>(event)) ++answers;
  }
  must(answers <= 1, "one question has two answers");
}

}  // namespace

void one(base::ByteView input) {
  static const terminal::nexo::Seal kSeal({"shop", 1, "a passphrase"});
  read_and_write(input);
  static_cast<void>(kSeal.open(input));
  serve(input);
  serve(posted(input));
  drive(input);
  drive(answered(input));
}

}  // namespace tillrig::fuzz
