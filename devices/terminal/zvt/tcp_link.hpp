#pragma once

#include "devices/terminal/zvt/link.hpp"

namespace tillrig::terminal::zvt {

// Bare APDUs, in pieces of any size. TCP loses nothing within a connection, so there are no
// acknowledgements and no repeats. Bytes at which no message of the protocol begins are passed over
// until one does; a message whose end does not come within T3 is dropped.
class TcpLink final : public Link {
 public:
  explicit TcpLink(const Timers& timers) : timers_(timers) {}

  void send(const Apdu& apdu, base::Instant now) override;
  void feed(base::ByteView bytes, base::Instant now) override;
  void poll(base::Instant now) override;
  [[nodiscard]] base::Instant poll_at() const override;
  void reset() override;
  [[nodiscard]] base::Duration answer_time() const override { return timers_.t3; }

 private:
  void take_messages();

  Timers timers_;
  base::Bytes pending_;
  base::Instant last_byte_;
};

}  // namespace tillrig::terminal::zvt
