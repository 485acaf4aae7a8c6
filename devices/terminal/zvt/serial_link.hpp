#pragma once

#include "devices/terminal/zvt/link.hpp"
#include "devices/terminal/zvt/serial_frame.hpp"

#include <deque>

namespace tillrig::terminal::zvt {

// Frames that the receiver acknowledges with a single byte. One that is not acknowledged within T2,
// or is answered with NAK, is sent again, twice at most.
class SerialLink final : public Link {
 public:
  explicit SerialLink(const Timers& timers) : timers_(timers) {}

  void send(const Apdu& apdu, base::Instant now) override;
  void feed(base::ByteView bytes, base::Instant now) override;
  void poll(base::Instant now) override;
  [[nodiscard]] base::Instant poll_at() const override;
  void reset() override;
  [[nodiscard]] base::Duration answer_time() const override;

 private:
  void transmit(base::Instant now);
  void repeat(base::Instant now);
  void take(FrameReader::Step step, base::Instant now);
  void heard(base::Bytes message);

  Timers timers_;
  FrameReader reader_;
  std::deque<Apdu> queue_;  // the first one is on its way
  int tries_ = 0;           // of the first one
  base::Instant acked_by_ = base::Instant::never();
  base::Instant last_byte_;
};

}  // namespace tillrig::terminal::zvt
