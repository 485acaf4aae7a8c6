#include "devices/scanner/driver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace tillrig::scanner {
namespace {

constexpr char kGroupSeparator = '\x1d';  // GS1 element strings are cut with it
constexpr std::array<std::size_t, 2> kMergedLengths = {13, 12};

bool can_stand_in_a_code(char byte) {
  return (byte >= 0x20 && byte < 0x7f) || byte == kGroupSeparator;
}

// True if the text is two or more valid codes in a row. Pairs of EAN-8 are left out: a loyalty card
// of 16 digits would look like one in a hundredth of all cases.
bool is_merged(std::string_view text) {
  for (std::size_t length : kMergedLengths) {
    if (text.size() <= length || !is_valid(text.substr(0, length))) continue;
    const std::string_view rest = text.substr(length);
    if (is_valid(rest) || is_merged(rest)) return true;
  }
  return text.size() > 8 && is_valid(text.substr(0, 8)) && text.size() != 16 &&
         (is_valid(text.substr(8)) || is_merged(text.substr(8)));
}

std::string without(std::string_view text, std::string_view part) {
  std::string out(text);
  if (part.empty()) return out;
  for (std::size_t at = out.find(part); at != std::string::npos; at = out.find(part, at)) {
    out.erase(at, part.size());
  }
  return out;
}

std::string shown(base::ByteView bytes) {
  std::string out;
  for (char byte : bytes) {
    if (byte >= 0x20 && byte < 0x7f) {
      out += byte;
    } else {
      out += fmt::format("\\x{:02x}", static_cast<unsigned>(static_cast<unsigned char>(byte)));
    }
  }
  return out;
}

std::string_view why(Reason reason) {
  switch (reason) {
    case Reason::bad_check_digit:
      return "its check digit is wrong";
    case Reason::merged:
      return "it is several codes with no suffix between them";
    case Reason::too_long:
      return "it is longer than any code the till takes";
    case Reason::too_short:
      return "it is shorter than any code the till takes";
    case Reason::garbage:
      return "it holds bytes that no code has";
    case Reason::no_prefix:
      return "the prefix that the scanner is set to send is missing";
    case Reason::incomplete:
      return "its end did not arrive";
  }
  return "it cannot be read";
}

}  // namespace

std::string describe(const Reject& reject) {
  return fmt::format("the scanner sent \"{}\", which is no scan: {}; scan the item again",
                     shown(reject.bytes), why(reject.reason));
}

ScannerDriver::ScannerDriver(DriverOptions options) : options_(std::move(options)) {}

Reading ScannerDriver::feed(base::ByteView bytes, base::Instant now) {
  Reading out = poll(now);
  for (char byte : bytes) take(byte, out);
  if (!bytes.empty()) last_byte_ = now;
  return out;
}

Reading ScannerDriver::poll(base::Instant now) {
  Reading out;
  if (now >= poll_at()) finish(false, out);
  return out;
}

base::Instant ScannerDriver::poll_at() const {
  const bool waiting = !pending_.empty() || inside_;
  return waiting ? last_byte_ + options_.gap : base::Instant::never();
}

void ScannerDriver::reset() {
  pending_.clear();
  inside_ = false;
  overflowed_ = false;
}

bool ScannerDriver::ends_here(char byte) const {
  if (options_.frame.stx_etx) return inside_ && byte == kEtx;
  return byte == '\r' || byte == '\n' || byte == '\t';
}

void ScannerDriver::take(char byte, Reading& out) {
  if (ends_here(byte)) {
    finish(true, out);
    return;
  }
  if (options_.frame.stx_etx && byte == kStx) {
    if (!pending_.empty() || inside_) finish(false, out);
    inside_ = true;
    return;
  }
  if (pending_.size() == options_.max_length + options_.frame.prefix.size()) {
    overflowed_ = true;
    return;
  }
  pending_ += byte;
}

void ScannerDriver::reject(Reason reason, Reading& out) {
  out.rejects.push_back(Reject{reason, pending_.substr(0, options_.max_length)});
}

void ScannerDriver::finish(bool whole_frame, Reading& out) {
  const Frame& frame = options_.frame;
  std::string_view code = pending_;
  const bool prefixed = code.starts_with(frame.prefix);
  if (prefixed) code.remove_prefix(frame.prefix.size());
  const bool clean = std::all_of(code.begin(), code.end(), can_stand_in_a_code);
  const bool stray = frame.stx_etx && !inside_;
  const bool numbered = guess(code) != Symbology::other;
  const bool valid = is_valid(code);
  const bool whole_by_itself = valid && guess(code) == Symbology::ean13;
  const bool end_expected = frame.stx_etx || frame.suffix != Suffix::none;

  if (pending_.empty()) {
    if (inside_) reject(Reason::incomplete, out);
  } else if (stray || !clean) {
    reject(Reason::garbage, out);
  } else if (overflowed_) {
    reject(Reason::too_long, out);
  } else if (!prefixed) {
    reject(Reason::no_prefix, out);
  } else if (is_merged(without(code, frame.prefix))) {
    reject(Reason::merged, out);
  } else if (!whole_frame && end_expected && !whole_by_itself) {
    reject(Reason::incomplete, out);
  } else if (code.size() < options_.min_length) {
    reject(Reason::too_short, out);
  } else if (numbered && !valid) {
    reject(Reason::bad_check_digit, out);
  } else {
    out.scans.push_back(Scan{std::string(code), guess(code), valid, whole_frame || !end_expected});
  }
  reset();
}

}  // namespace tillrig::scanner
