// Any bytes may come down a line, serial or TCP, in any pieces: what is heard does not depend on
// how they are cut, and what comes after them is heard.
#include "devices/terminal/zvt/serial_link.hpp"
#include "devices/terminal/zvt/tcp_link.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace tillrig::fuzz {
namespace {

using namespace terminal::zvt;  // NOLINT(google-build-using-namespace)

struct Taken {
  base::Bytes heard;
  base::Bytes noise;
  base::Bytes answers;

  bool operator==(const Taken&) const = default;
};

void take(Link& link, Taken& taken) {
  for (const LinkEvent& event : link.take_events()) {
    if (const auto* heard = std::get_if<Heard>(&event)) taken.heard += encode(heard->apdu);
    if (const auto* noise = std::get_if<Noise>(&event)) {
      must(!noise->why.empty(), "noise is told with its reason");
      taken.noise += noise->bytes;
    }
  }
  taken.answers += link.take_bytes();
}

Taken run(Framing framing, base::ByteView bytes, std::size_t step) {
  const auto link = make_link(framing, Timers{});
  Taken taken;
  base::Instant now{};
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    link->feed(bytes.substr(at, step), now);
    take(*link, taken);
  }
  for (int i = 0; i < 3 && link->poll_at() != base::Instant::never(); ++i) {
    now = link->poll_at();
    link->poll(now);
    take(*link, taken);
  }
  must(link->poll_at() == base::Instant::never(), "after the time-outs nothing is pending");

  const Apdu apdu{kCompletion, {}};
  const base::Bytes message = encode(apdu);
  Taken last;
  link->feed(framing == Framing::serial ? frame(message) : message, now);
  take(*link, last);
  must(last.heard == message, "a good message behind any rubbish is heard");
  return taken;
}

}  // namespace

void one(base::ByteView input) {
  const Pieces pieces(input);
  for (const Framing framing : {Framing::tcp, Framing::serial}) {
    must(run(framing, pieces.bytes, pieces.step) ==
             run(framing, pieces.bytes, pieces.bytes.size() + 1),
         "what is heard does not depend on how the bytes are cut");
  }
}

}  // namespace tillrig::fuzz
