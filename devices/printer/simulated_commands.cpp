// What the simulated printer does for each command.
#include "devices/printer/simulated.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace tillrig::printer {
namespace {

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
