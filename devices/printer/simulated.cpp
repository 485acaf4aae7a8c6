#include "devices/printer/simulated.hpp"

#include <utility>

namespace tillrig::printer {
namespace {

constexpr std::size_t kXoffFree = 128;
constexpr std::size_t kXonFree = 256;

char status_byte(unsigned bits) {
  return static_cast<char>(static_cast<unsigned char>(kStatusFixed | bits));
}

}  // namespace

SimulatedPrinter::SimulatedPrinter(SimulatedPrinterOptions options) : options_(options) {}

base::Bytes SimulatedPrinter::feed(base::ByteView bytes, base::Instant now) {
  if (!power_) return {};
  now_ = now;
  for (char byte : bytes) {
    if (prints_at_once(byte)) {
      print_character(static_cast<unsigned char>(byte));
    } else {
      receive(byte);
    }
  }
  return std::exchange(reply_, {});
}

// Most of what comes is text that meets an empty buffer: it need not go through it. What fills the
// line goes the long way, because it may end the roll.
bool SimulatedPrinter::prints_at_once(char byte) const {
  const auto value = static_cast<unsigned char>(byte);
  return value >= 0x20 && value != 0x7f && real_time_.empty() && buffer_.empty() && !held_ &&
         parser_.between_units() && online() &&
         column_ + static_cast<std::size_t>(modes_.width) <= options_.columns;
}

base::Bytes SimulatedPrinter::settle(base::Instant now) {
  now_ = now;
  if (online()) held_up_ = 0;
  drain();
  if (power_) flow();
  return std::exchange(reply_, {});
}

base::Bytes SimulatedPrinter::load_paper(std::size_t lines, base::Instant now) {
  lines_left_ = lines;
  return settle(now);
}

base::Bytes SimulatedPrinter::set_paper_out(bool out, base::Instant now) {
  return load_paper(out ? 0 : kEndlessRoll, now);
}

base::Bytes SimulatedPrinter::set_cover_open(bool open, base::Instant now) {
  cover_open_ = open;
  return settle(now);
}

base::Bytes SimulatedPrinter::set_offline(bool offline, base::Instant now) {
  offline_ = offline;
  return settle(now);
}

void SimulatedPrinter::clear_input() {
  buffer_.clear();
  read_ = 0;
  parser_.reset();
  line_ = Line{};
  column_ = 0;
}

void SimulatedPrinter::power_cut() {
  power_ = false;
  clear_input();
  real_time_.clear();
  held_ = false;
  modes_ = Modes{};
}

base::Bytes SimulatedPrinter::power_on(base::Instant now) {
  if (power_) return {};
  power_ = true;
  if (options_.flow_control) reply_ += kXon;
  return settle(now);
}

void SimulatedPrinter::tear_off() {
  piece_open_ = false;
}

Receipt& SimulatedPrinter::piece() {
  if (!piece_open_) paper_.emplace_back();
  piece_open_ = true;
  return paper_.back();
}

void SimulatedPrinter::receive(char byte) {
  if (real_time(byte)) return;
  accept(byte);
  drain();
  flow();
}

// Takes the byte if it is, or may become, part of a real-time command; bytes that turn out not to
// be one go to the buffer after all.
bool SimulatedPrinter::real_time(char byte) {
  if (real_time_.empty() && byte != kDle) return false;
  real_time_ += byte;
  const base::Bytes& seen = real_time_;
  const std::size_t size = seen.size();
  bool whole = false;
  bool possible = seen[0] == kDle;
  if (possible && size >= 2) possible = seen[1] == kEot || seen[1] == kEnq || seen[1] == kDc4;
  if (possible && size >= 3) {
    const char n = seen[2];
    if (seen[1] == kEot) {
      possible = n >= 1 && n <= 4;
      whole = possible;
    } else if (seen[1] == kEnq) {
      possible = n == 1 || n == 2;
      whole = possible;
    } else {
      possible = n == 1;
      whole = possible && size == 5;
    }
  }
  if (whole) {
    const base::Bytes command = std::exchange(real_time_, {});
    if (command[1] == kEot) answer_status(command[2]);
    if (command[1] == kEnq && command[2] == 2) {
      clear_input();
      flow();
    }
    if (command[1] == kDc4) kick(static_cast<unsigned char>(command[3]), command);
    return true;
  }
  if (possible) return true;
  const base::Bytes ordinary = std::exchange(real_time_, {});
  for (char each : ordinary.substr(0, size - 1)) {
    accept(each);
    drain();
  }
  // The last byte may itself begin a real-time command.
  if (size > 1 && byte == kDle) {
    real_time_ = byte;
    return true;
  }
  return false;
}

void SimulatedPrinter::answer_status(int n) {
  if (!online()) ++held_up_;
  unsigned bits = 0;
  if (n == 1) bits = (drawer_open_ ? kDrawerPinHigh : 0U) | (online() ? 0U : kOffline);
  if (n == 2) bits = (cover_open_ ? kCoverOpen : 0U) | (paper_out() ? kStoppedByPaper : 0U);
  if (n == 4) {
    if (paper_out()) {
      bits = kPaperEnd;
    } else if (lines_left_ <= options_.near_end_lines) {
      bits = kPaperNearEnd;
    }
  }
  reply_ += status_byte(bits);
}

void SimulatedPrinter::accept(char byte) {
  if (!online()) ++held_up_;
  if (buffered() >= options_.buffer_bytes) {
    ++dropped_;
    return;
  }
  buffer_ += byte;
}

void SimulatedPrinter::flow() {
  if (!options_.flow_control) return;
  const std::size_t free = options_.buffer_bytes - buffered();
  if (!held_ && free <= kXoffFree) {
    held_ = true;
    reply_ += kXoff;
  } else if (held_ && free >= kXonFree) {
    held_ = false;
    reply_ += kXon;
  }
}

void SimulatedPrinter::drain() {
  while (online() && read_ < buffer_.size()) {
    if (auto unit = parser_.take(static_cast<unsigned char>(buffer_[read_++]))) perform(*unit);
  }
  if (read_ == buffer_.size()) {
    buffer_.clear();
    read_ = 0;
  } else if (read_ >= options_.buffer_bytes) {
    buffer_.erase(0, read_);
    read_ = 0;
  }
}

}  // namespace tillrig::printer
