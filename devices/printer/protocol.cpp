#include "devices/printer/protocol.hpp"

#include <utility>

namespace tillrig::printer {
namespace {

constexpr std::string_view kJobDigits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

char byte(unsigned value) {
  return static_cast<char>(static_cast<unsigned char>(value));
}

}  // namespace

JobId job_id(std::uint32_t serial) {
  JobId id;
  for (std::size_t i = id.text.size(); i-- > 0;) {
    id.text[i] = kJobDigits[serial % kJobDigits.size()];
    serial /= static_cast<std::uint32_t>(kJobDigits.size());
  }
  return id;
}

EscPos& EscPos::init() {
  bytes_ += {kEsc, '@', kEsc, 't', byte(static_cast<unsigned>(page_))};
  return *this;
}

EscPos& EscPos::text(std::string_view utf8) {
  Encoded encoded = encode_text(page_, utf8);
  bytes_ += encoded.bytes;
  lost_ += encoded.lost;
  return *this;
}

EscPos& EscPos::line(std::string_view utf8) {
  text(utf8);
  bytes_ += '\n';
  return *this;
}

EscPos& EscPos::bold(bool on) {
  bytes_ += {kEsc, 'E', byte(on ? 1 : 0)};
  return *this;
}

EscPos& EscPos::double_size(bool on) {
  bytes_ += {kGs, '!', byte(on ? 0x11 : 0x00)};
  return *this;
}

EscPos& EscPos::align(Align side) {
  bytes_ += {kEsc, 'a', byte(static_cast<unsigned>(side))};
  return *this;
}

EscPos& EscPos::feed(std::uint8_t lines) {
  bytes_ += {kEsc, 'd', byte(lines)};
  return *this;
}

EscPos& EscPos::cut() {
  bytes_ += {kGs, 'V', 'B', '\0'};
  return *this;
}

EscPos& EscPos::kick_drawer() {
  constexpr unsigned kOn = 50;    // x 2 ms
  constexpr unsigned kOff = 250;  // x 2 ms
  bytes_ += {kEsc, 'p', '\0', byte(kOn), byte(kOff)};
  return *this;
}

EscPos& EscPos::ask_paper() {
  bytes_ += {kGs, 'r', '\x01'};
  return *this;
}

EscPos& EscPos::ask_done(const JobId& id) {
  bytes_ += {kGs, '(', 'H', '\x06', '\0', '0', '0'};
  bytes_ += id.view();
  return *this;
}

EscPos& EscPos::raw(base::ByteView bytes) {
  bytes_ += bytes;
  return *this;
}

base::Bytes EscPos::take() {
  return std::exchange(bytes_, {});
}

base::Bytes ask_status(int n) {
  return {kDle, kEot, static_cast<char>(n)};
}

base::Bytes done_answer(const JobId& id) {
  base::Bytes out = {'\x37', '\x22'};
  out += id.view();
  out += '\0';
  return out;
}

}  // namespace tillrig::printer
