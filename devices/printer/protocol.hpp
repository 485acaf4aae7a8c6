#pragma once

#include "devices/printer/code_page.hpp"
#include "pos/base/bytes.hpp"

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tillrig::printer {

// ESC/POS as Epson's command reference has it; only what a receipt needs.

inline constexpr char kDle = '\x10';
inline constexpr char kEot = '\x04';
inline constexpr char kEnq = '\x05';
inline constexpr char kDc4 = '\x14';
inline constexpr char kEsc = '\x1b';
inline constexpr char kGs = '\x1d';
inline constexpr char kXon = '\x11';
inline constexpr char kXoff = '\x13';

// Answers to DLE EOT n. Every one has kStatusFixed; `answer & kStatusMask == kStatusFixed` tells it
// from anything else that a printer sends.
inline constexpr unsigned kStatusMask = 0x93;
inline constexpr unsigned kStatusFixed = 0x12;
inline constexpr unsigned kDrawerPinHigh = 0x04;   // n = 1
inline constexpr unsigned kOffline = 0x08;         // n = 1
inline constexpr unsigned kCoverOpen = 0x04;       // n = 2
inline constexpr unsigned kFeeding = 0x08;         // n = 2, by the button
inline constexpr unsigned kStoppedByPaper = 0x20;  // n = 2
inline constexpr unsigned kError = 0x40;           // n = 2
inline constexpr unsigned kPaperNearEnd = 0x0c;    // n = 4, two bits
inline constexpr unsigned kPaperEnd = 0x60;        // n = 4, two bits

// Names a print job to the printer: four characters from '0'-'9' and 'A'-'Z', as GS ( H takes them.
struct JobId {
  std::array<char, 4> text = {'0', '0', '0', '0'};

  auto operator<=>(const JobId&) const = default;
  std::string_view view() const { return {text.data(), text.size()}; }
};

// The id of a serial number; ids come round after so many.
inline constexpr std::uint32_t kJobIds = 36 * 36 * 36 * 36;
JobId job_id(std::uint32_t serial);

enum class Align : std::uint8_t { left = 0, center = 1, right = 2 };

// Writes a job as ESC/POS bytes. Text is UTF-8. The commands come in the order of the calls; take()
// hands the bytes out and leaves the builder empty with its code page.
class EscPos {
 public:
  explicit EscPos(CodePage page = CodePage::cp858) : page_(page) {}

  EscPos& init();                       // ESC @, then ESC t for the page
  EscPos& text(std::string_view utf8);  // control characters become '?', see encode_text
  EscPos& line(std::string_view utf8);  // text and LF
  EscPos& bold(bool on);                // ESC E
  EscPos& double_size(bool on);         // GS !, twice as wide and high
  EscPos& align(Align side);            // ESC a, at the beginning of a line
  EscPos& feed(std::uint8_t lines);     // ESC d
  EscPos& cut();                        // GS V B 0: feed to the knife and cut
  EscPos& kick_drawer();                // ESC p, pin 2, 100 ms on, 500 ms off
  EscPos& ask_paper();                  // GS r 1, answered once all before it is printed
  EscPos& ask_done(const JobId& id);    // GS ( H, answered once all before it is printed
  EscPos& raw(base::ByteView bytes);

  base::Bytes take();
  std::size_t lost() const { return lost_; }  // characters that the page does not have

 private:
  CodePage page_;
  base::Bytes bytes_;
  std::size_t lost_ = 0;
};

// DLE EOT n: answered at once, whatever stands in the buffer. n is 1 (printer), 2 (why offline),
// 3 (error) or 4 (paper).
base::Bytes ask_status(int n);

// What a printer answers to ask_done: 37 22 d1 d2 d3 d4 00.
base::Bytes done_answer(const JobId& id);

}  // namespace tillrig::printer
