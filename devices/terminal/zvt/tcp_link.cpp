#include "devices/terminal/zvt/tcp_link.hpp"

#include "devices/terminal/zvt/bcd.hpp"

namespace tillrig::terminal::zvt {
namespace {

constexpr std::size_t kHeadBytes = 2;
// Longer than any message with a receipt in it; a length beyond it is no length.
constexpr std::size_t kMostApduBytes = 8192;
constexpr std::string_view kNoMessage = "no message begins there";

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
}

void TcpLink::take_messages() {
  while (pending_.size() >= kHeadBytes) {
    const Command command{byte_of(pending_[0]), byte_of(pending_[1])};
    const auto size = apdu_size(pending_);
    if (name_of(command).empty() || (size && *size > kMostApduBytes)) {
      tell_noise(pending_.substr(0, 1), kNoMessage);
      pending_.erase(0, 1);
      continue;
    }
    if (!size || *size > pending_.size()) return;
    auto apdu = decode(base::ByteView(pending_).substr(0, *size));
    pending_.erase(0, *size);
    if (apdu && !loses_in()) events_.emplace_back(Heard{std::move(*apdu)});
  }
}

void TcpLink::poll(base::Instant now) {
  if (now < poll_at()) return;
  tell_noise(std::exchange(pending_, {}), "the message does not go on");
}

base::Instant TcpLink::poll_at() const {
  return pending_.empty() ? base::Instant::never() : last_byte_ + timers_.t3;
}

void TcpLink::reset() {
  pending_.clear();
  forget();
}

}  // namespace tillrig::terminal::zvt
