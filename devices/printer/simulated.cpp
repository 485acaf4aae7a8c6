#include "devices/printer/simulated.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace tillrig::printer {
namespace {

constexpr std::size_t kXoffFree = 128;
constexpr std::size_t kXonFree = 256;

char status_byte(unsigned bits) {
  return static_cast<char>(static_cast<unsigned char>(kStatusFixed | bits));
}

constexpr std::size_t kTab = 8;

// Commands that change how characters look, and neither which ones stand on the paper nor where.
constexpr std::string_view kEscOfLooks = "-23GMRTUV{ e=";
constexpr std::string_view kGsOfLooks = "BHfhwLWPbT";

bool is_one_of(char byte, std::string_view set) {
  return set.find(byte) != std::string_view::npos;
}

unsigned char argument(const base::Bytes& command, std::size_t index = 2) {
  return static_cast<unsigned char>(command[index]);
}

// ESC/POS takes 0, 1, 2 and '0', '1', '2' alike.
unsigned char plain(unsigned char value) {
  return value >= '0' && value <= '9' ? static_cast<unsigned char>(value - '0') : value;
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

// What it does for each command.
void SimulatedPrinter::perform(const Unit& unit) {
  switch (unit.kind) {
    case Unit::Kind::character:
      print_character(static_cast<unsigned char>(unit.bytes[0]));
      return;
    case Unit::Kind::unknown:
      report(unit.bytes);
      return;
    case Unit::Kind::command:
      break;
  }
  if (unit.bytes.size() == 1) {
    perform_control(unit.bytes[0]);
  } else if (unit.bytes[0] == kEsc) {
    perform_esc(unit.bytes);
  } else if (unit.bytes[0] == kGs) {
    perform_gs(unit.bytes);
  } else {
    report(unit.bytes);
  }
}

void SimulatedPrinter::perform_control(char control) {
  if (control == '\n') end_line();
  if (control == '\t') {
    const std::size_t stop = (column_ / kTab + 1) * kTab;
    if (stop >= options_.columns) return;
    line_.text.append(stop - column_, ' ');
    column_ = stop;
  }
}

void SimulatedPrinter::perform_esc(const base::Bytes& command) {
  switch (command[1]) {
    case '@':
      modes_ = Modes{};
      line_ = Line{};
      column_ = 0;
      return;
    case '!':
      print_mode(argument(command));
      return;
    case 'E':
      modes_.bold = (argument(command) & 1U) != 0;
      return;
    case 'a':
      // Within a line the side is settled already.
      if (column_ == 0 && plain(argument(command)) <= 2) {
        modes_.align = static_cast<Align>(plain(argument(command)));
      }
      return;
    case 'd':
      feed_lines(argument(command));
      return;
    case 'J':
      if (column_ > 0) end_line();
      return;
    case 't':
      select_page(argument(command), command);
      return;
    case 'p':
      kick(argument(command), command);
      return;
    case 'i':
    case 'm':
      cut(command);
      return;
    default:
      if (!is_one_of(command[1], kEscOfLooks)) report(command);
  }
}

void SimulatedPrinter::perform_gs(const base::Bytes& command) {
  switch (command[1]) {
    case '!':
      modes_.width = (argument(command) >> 4U & 7U) + 1;
      modes_.height = (argument(command) & 7U) + 1;
      return;
    case 'V':
      cut(command);
      return;
    case 'r': {
      const unsigned char what = plain(argument(command));
      if (what == 1) reply_ += static_cast<char>(lines_left_ <= options_.near_end_lines ? 3 : 0);
      if (what == 2) reply_ += static_cast<char>(drawer_open_ ? 1 : 0);
      if (what != 1 && what != 2) report(command);
      return;
    }
    case '(':
      if (command[2] == 'H') {
        answer_done(command);
      } else {
        report(command);
      }
      return;
    default:
      if (!is_one_of(command[1], kGsOfLooks)) report(command);
  }
}

void SimulatedPrinter::print_mode(unsigned char mode) {
  modes_.bold = (mode & 0x08U) != 0;
  modes_.height = (mode & 0x10U) != 0 ? 2 : 1;
  modes_.width = (mode & 0x20U) != 0 ? 2 : 1;
}

void SimulatedPrinter::select_page(unsigned char number, const base::Bytes& command) {
  for (CodePage page : {CodePage::cp437, CodePage::cp858}) {
    if (static_cast<unsigned char>(page) == number) {
      modes_.page = page;
      return;
    }
  }
  report(command);
}

void SimulatedPrinter::print_character(unsigned char byte) {
  const auto wide = static_cast<std::size_t>(modes_.width);
  if (column_ > 0 && column_ + wide > options_.columns) {
    end_line();
    if (!online()) {
      // The roll ended with the line before: this character is still to be printed.
      --read_;
      return;
    }
  }
  append_decoded(modes_.page, byte, line_.text);
  column_ += wide;
  line_.bold = line_.bold || modes_.bold;
  line_.width = std::max(line_.width, modes_.width);
  line_.height = std::max(line_.height, modes_.height);
}

void SimulatedPrinter::end_line() {
  line_.align = modes_.align;
  Receipt& receipt = piece();
  receipt.lines.push_back(std::exchange(line_, Line{}));
  receipt.printed_at = now_;
  column_ = 0;
  if (lines_left_ != kEndlessRoll && lines_left_ > 0) --lines_left_;
}

void SimulatedPrinter::feed_lines(unsigned lines) {
  if (lines == 0 && column_ > 0) end_line();
  for (unsigned i = 0; i < lines && !paper_out(); ++i) end_line();
}

void SimulatedPrinter::cut(const base::Bytes& command) {
  if (column_ > 0) {
    report(command);  // a printer cuts only at the beginning of a line
    return;
  }
  if (!piece_open_) return;
  paper_.back().complete = true;
  paper_.back().printed_at = now_;
  piece_open_ = false;
}

void SimulatedPrinter::kick(unsigned char pin, const base::Bytes& command) {
  if (plain(pin) > 1) {
    report(command);
    return;
  }
  kicks_.push_back(now_);
  drawer_open_ = true;
}

void SimulatedPrinter::answer_done(const base::Bytes& command) {
  const bool asks_done = command.size() == 11 && command[5] == '0' && command[6] == '0';
  if (!asks_done) {
    report(command);
    return;
  }
  JobId id;
  std::copy_n(command.begin() + 7, id.text.size(), id.text.begin());
  reply_ += done_answer(id);
}

void SimulatedPrinter::report(const base::Bytes& command) {
  ++unknown_count_;
  if (unknown_.size() < kMostUnknown) unknown_.push_back(command);
}

}  // namespace tillrig::printer
