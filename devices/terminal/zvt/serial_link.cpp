#include "devices/terminal/zvt/serial_link.hpp"

#include <algorithm>

namespace tillrig::terminal::zvt {
namespace {

constexpr int kMostTries = 3;

}  // namespace

base::Duration SerialLink::answer_time() const {
  return timers_.t3 + kMostTries * timers_.t2;
}

void SerialLink::send(const Apdu& apdu, base::Instant now) {
  queue_.push_back(apdu);
  if (queue_.size() == 1) transmit(now);
}

void SerialLink::transmit(base::Instant now) {
  tries_ = 0;
  acked_by_ = base::Instant::never();
  if (!queue_.empty()) repeat(now);
}

void SerialLink::repeat(base::Instant now) {
  if (tries_ == kMostTries) {
    events_.emplace_back(Undelivered{std::move(queue_.front())});
    queue_.pop_front();
    transmit(now);
    return;
  }
  ++tries_;
  acked_by_ = now + timers_.t2;
  if (!loses_out()) out_ += frame(encode(queue_.front()));
}

void SerialLink::feed(base::ByteView bytes, base::Instant now) {
  poll(now);
  for (const char byte : bytes) {
    take(reader_.take(byte), now);
    last_byte_ = now;
  }
}

void SerialLink::take(FrameReader::Step step, base::Instant now) {
  if (auto* whole = std::get_if<FrameReader::Whole>(&step)) {
    heard(std::move(whole->message));
  } else if (auto* broken = std::get_if<FrameReader::Broken>(&step)) {
    if (broken->was_frame) out_ += kNakByte;
    tell_noise(std::move(broken->bytes), broken->why);
  } else if (queue_.empty()) {
    return;  // nothing of ours waits for an ACK or NAK: a late one
  } else if (std::holds_alternative<FrameReader::Ack>(step)) {
    queue_.pop_front();
    transmit(now);
  } else if (std::holds_alternative<FrameReader::Nak>(step)) {
    repeat(now);
  }
}

void SerialLink::heard(base::Bytes message) {
  if (loses_in()) return;
  auto apdu = decode(message);
  if (!apdu) {
    out_ += kNakByte;
    tell_noise(std::move(message), "its length is not what it says");
    return;
  }
  out_ += kAckByte;
  events_.emplace_back(Heard{std::move(*apdu)});
}

void SerialLink::poll(base::Instant now) {
  if (reader_.waiting() && now >= last_byte_ + timers_.t1) take(reader_.give_up(), now);
  if (!queue_.empty() && now >= acked_by_) repeat(now);
}

base::Instant SerialLink::poll_at() const {
  base::Instant at = queue_.empty() ? base::Instant::never() : acked_by_;
  if (reader_.waiting()) at = std::min(at, last_byte_ + timers_.t1);
  return at;
}

void SerialLink::reset() {
  reader_.reset();
  queue_.clear();
  tries_ = 0;
  acked_by_ = base::Instant::never();
  forget();
}

}  // namespace tillrig::terminal::zvt
