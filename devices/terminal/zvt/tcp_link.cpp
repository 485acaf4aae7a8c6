#include "devices/terminal/zvt/tcp_link.hpp"

#include "devices/terminal/zvt/bcd.hpp"

namespace tillrig::terminal::zvt {
namespace {

constexpr std::size_t kHeadBytes = 2;
// Longer than any message with a receipt in it; a length beyond it is no length.
constexpr std::size_t kMostApduBytes = 8192;
constexpr std::size_t kMostNoise = 256;  // told at a time

}  // namespace

void TcpLink::send(const Apdu& apdu, base::Instant /*now*/) {
  if (!loses_out()) out_ += encode(apdu);
}

void TcpLink::feed(base::ByteView bytes, base::Instant now) {
  poll(now);
  if (bytes.empty()) return;
  last_byte_ = now;
  for (const char byte : bytes) {
    pending_ += byte;
    take_messages();
  }
  tell_noise("no message begins there");
}

void TcpLink::take_messages() {
  while (pending_.size() >= kHeadBytes) {
    const Command command{byte_of(pending_[0]), byte_of(pending_[1])};
    const auto size = apdu_size(pending_);
    if (name_of(command).empty() || (size && *size > kMostApduBytes)) {
      noise_ += pending_.front();
      pending_.erase(0, 1);
      if (noise_.size() >= kMostNoise) tell_noise("no message begins there");
      continue;
    }
    if (!size || *size > pending_.size()) return;
    tell_noise("no message begins there");
    auto apdu = decode(base::ByteView(pending_).substr(0, *size));
    pending_.erase(0, *size);
    if (apdu && !loses_in()) events_.emplace_back(Heard{std::move(*apdu)});
  }
}

void TcpLink::tell_noise(std::string why) {
  if (noise_.empty()) return;
  events_.emplace_back(Noise{std::exchange(noise_, {}), std::move(why)});
}

void TcpLink::poll(base::Instant now) {
  if (now < poll_at()) return;
  noise_ = std::exchange(pending_, {});
  tell_noise("the message does not go on");
}

base::Instant TcpLink::poll_at() const {
  return pending_.empty() ? base::Instant::never() : last_byte_ + timers_.t3;
}

void TcpLink::reset() {
  pending_.clear();
  noise_.clear();
  forget();
}

}  // namespace tillrig::terminal::zvt
