#pragma once

#include "devices/terminal/zvt/apdu.hpp"
#include "pos/base/names.hpp"
#include "pos/base/time.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace tillrig::terminal::zvt {

enum class Framing { tcp, serial };

constexpr auto names_of(Framing) {
  return base::named<Framing>({{Framing::tcp, "tcp"}, {Framing::serial, "serial"}});
}
using base::name;

// A message came.
struct Heard {
  Apdu apdu;
};
// Bytes came that are none.
struct Noise {
  base::Bytes bytes;
  std::string why;
};
// A message was not acknowledged by the other end, whatever was tried: it may have been heard.
struct Undelivered {
  Apdu apdu;
};

using LinkEvent = std::variant<Heard, Noise, Undelivered>;

// How long one waits for what.
struct Timers {
  base::Duration t1 = std::chrono::milliseconds(200);  // between two bytes of a frame
  base::Duration t2 = std::chrono::seconds(5);         // for the ACK of a frame
  base::Duration t3 = std::chrono::seconds(5);         // for the answer to a message
  base::Duration t4 = std::chrono::seconds(180);       // for a sign of life while the other works
};

// One end of a ZVT line, the same for till and terminal: messages in and out, bytes in and out.
class Link {
 public:
  virtual ~Link() = default;

  virtual void send(const Apdu& apdu, base::Instant now) = 0;
  virtual void feed(base::ByteView bytes, base::Instant now) = 0;
  virtual void poll(base::Instant now) = 0;
  [[nodiscard]] virtual base::Instant poll_at() const = 0;
  // The line was lost: forgets what was on its way.
  virtual void reset() = 0;
  // How long the answer to a message may take: T3, and what the line's own repeats cost.
  [[nodiscard]] virtual base::Duration answer_time() const = 0;

  [[nodiscard]] base::Bytes take_bytes();
  [[nodiscard]] std::vector<LinkEvent> take_events();

  // The next message sent, or the next one that comes, is lost on the wire.
  void lose_next_out() { lose_out_ = true; }
  void lose_next_in() { lose_in_ = true; }

 protected:
  [[nodiscard]] bool loses_out() { return std::exchange(lose_out_, false); }
  [[nodiscard]] bool loses_in() { return std::exchange(lose_in_, false); }
  // Noise that goes on is told as one.
  void tell_noise(base::Bytes bytes, std::string_view why);
  void forget() {
    out_.clear();
    lose_out_ = lose_in_ = false;
  }

  base::Bytes out_;
  std::vector<LinkEvent> events_;

 private:
  bool lose_out_ = false;
  bool lose_in_ = false;
};

std::unique_ptr<Link> make_link(Framing framing, const Timers& timers);

}  // namespace tillrig::terminal::zvt
