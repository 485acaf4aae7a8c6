#include "devices/terminal/zvt/wire.hpp"

#include "devices/terminal/zvt/bcd.hpp"

#include <algorithm>

namespace tillrig::terminal::zvt {
namespace {

using base::Instant;

constexpr unsigned kGarbling = 0x5a;

}  // namespace

void Wire::feed(base::ByteView bytes, Instant now) {
  if (mute_) hindered_ += bytes.size();
  if (mute_ || deaf_) return;
  if (late_until_ != Instant::never() && now < late_until_) {
    late_in_ += bytes;
  } else {
    link_->feed(bytes, now);
  }
}

void Wire::poll(Instant now) {
  if (late_until_ != Instant::never() && now >= late_until_) {
    late_until_ = Instant::never();
    late_out_ = false;
    link_->feed(std::exchange(late_in_, {}), now);
  }
  link_->poll(now);
}

Instant Wire::poll_at() const {
  return std::min(link_->poll_at(), late_until_);
}

void Wire::collect() {
  base::Bytes bytes = link_->take_bytes();
  if (mute_ || garbage_) hindered_ += bytes.size();
  if (mute_ || deaf_) return;
  if (garbage_) {
    for (char& byte : bytes) byte = char_of(byte_of(byte) ^ kGarbling);
  }
  out_ += bytes;
}

base::Bytes Wire::give() {
  collect();
  if (late_out_) return {};
  return std::exchange(out_, {});
}

void Wire::reset() {
  link_->reset();
  late_until_ = Instant::never();
  late_out_ = false;
  late_in_.clear();
  out_.clear();
}

bool Wire::cut(const Cut& cut, Instant now) {
  collect();  // what was said before it is not cut
  switch (cut.how) {
    case CutHow::reset:
    case CutHow::close: {
      base::Bytes said = std::exchange(out_, {});
      reset();
      out_ = std::move(said);
      deaf_ = true;
      hang_up_ = cut.how == CutHow::reset ? devices::HangUp::reset : devices::HangUp::in_order;
      return true;
    }
    case CutHow::silent:
      deaf_ = true;
      return false;
    case CutHow::lose:
      link_->lose_next_out();
      return false;
    case CutHow::twice:
      return false;
    case CutHow::late:
      late_until_ = now + cut.late_by;
      late_out_ = true;
      return false;
  }
  return false;
}

bool Wire::cut_next_in(const Cut& cut, Instant now) {
  if (cut.how == CutHow::lose) {
    link_->lose_next_in();
  } else if (cut.how == CutHow::late) {
    late_until_ = now + cut.late_by;
  } else {
    return false;
  }
  return true;
}

}  // namespace tillrig::terminal::zvt
