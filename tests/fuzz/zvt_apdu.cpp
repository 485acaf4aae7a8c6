// Any message may come to a till or to a terminal: what can be read is written back as the same
// message, and every question that a driver takes has exactly one answer.
#include "devices/terminal/device.hpp"
#include "devices/terminal/zvt/driver.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>

namespace tillrig::fuzz {
namespace {

using namespace terminal;  // NOLINT(google-build-using-namespace)

void read_and_write(base::ByteView bytes) {
  const auto apdu = zvt::decode(bytes);
  if (!apdu) return;
  must(zvt::encode(*apdu).size() <= bytes.size(), "an APDU grows no longer by being read");
  const auto message = zvt::read(*apdu);
  if (!message) {
    must(!message.error().what.empty(), "what cannot be read is told in a sentence");
    return;
  }
  // A completion does not say whether it begins with a state or with fields.
  if (apdu->command == zvt::kCompletion && message->code) return;
  const auto again = zvt::read(zvt::write(*message));
  must(again && *again == *message, "what was read is written as the same message");
  if (apdu->command == zvt::kStatusInfo) {
    const Charge charge{"a", base::Money{1000}, "EUR", "zvt 52500006 1 1 "};
    must(!describe(zvt::compare(charge, message->body)).empty(), "every outcome has a sentence");
  }
}

std::size_t answers(zvt::Driver& driver) {
  std::size_t count = 0;
  for (const TerminalEvent& event : driver.take_events()) {
    count += std::holds_alternative<Answered>(event) ? 1 : 0;
  }
  return count;
}

void to_driver(const Pieces& pieces, zvt::Framing framing) {
  zvt::DriverOptions options;
  options.framing = framing;
  zvt::Driver driver(options);
  TerminalSetup setup;
  setup.zvt.framing = framing;
  TerminalDevice terminal(setup);
  base::Instant now{};
  driver.line_up(now);
  terminal.line_up(now);
  for (int i = 0; i < 8 && !driver.ready(); ++i) {
    driver.feed(terminal.feed(driver.take_bytes(), now), now);
  }
  must(driver.ready(), "a driver and a terminal come to terms");
  static_cast<void>(driver.take_events());
  must(driver.pay({"a", base::Money{1000}, "EUR", driver.bookmark()}, now).has_value(),
       "a ready driver takes a charge");
  std::size_t answered = 0;
  pieces.each([&](base::ByteView piece) {
    driver.feed(piece, now);
    answered += answers(driver);
    must(answered <= 1, "a question has one answer");
    now = now + std::chrono::milliseconds(50);
    driver.poll(now);
  });
  driver.line_down(now);
  must(answered + answers(driver) == 1, "a question has an answer, whatever comes");
}

void to_terminal(const Pieces& pieces, zvt::Framing framing) {
  TerminalSetup setup;
  setup.zvt.framing = framing;
  TerminalDevice terminal(setup);
  base::Instant now{};
  terminal.line_up(now);
  pieces.each([&](base::ByteView piece) {
    static_cast<void>(terminal.feed(piece, now));
    now = now + std::chrono::milliseconds(50);
  });
  int at_once = 0;  // one thing leads to the next, but not for ever
  for (int i = 0; i < 200 && terminal.poll_at() != base::Instant::never(); ++i) {
    at_once = terminal.poll_at() > now ? 0 : at_once + 1;
    must(at_once < 8, "time goes on");
    now = std::max(now, terminal.poll_at());
    static_cast<void>(terminal.poll(now));
  }
  must(terminal.local_host().standing().size() <= 1 + pieces.bytes.size() / 9,
       "no charge without a command");
}

}  // namespace

void one(base::ByteView input) {
  const Pieces pieces(input);
  read_and_write(pieces.bytes);
  const zvt::Framing framing = pieces.step % 2 == 0 ? zvt::Framing::serial : zvt::Framing::tcp;
  to_driver(pieces, framing);
  to_terminal(pieces, framing);
}

}  // namespace tillrig::fuzz
