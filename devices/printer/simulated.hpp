#pragma once

#include "devices/printer/command_parser.hpp"
#include "devices/printer/paper.hpp"
#include "devices/printer/protocol.hpp"
#include "pos/base/bytes.hpp"
#include "pos/base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace tillrig::printer {

struct SimulatedPrinterOptions {
  std::size_t columns = 42;          // characters of normal width in a line
  std::size_t buffer_bytes = 4096;   // receive buffer (TM-T88III)
  std::size_t near_end_lines = 100;  // the roll reports "near end" when so much is left
  bool flow_control = true;          // XOFF when 128 bytes are free, XON when 256 are
};

// A receipt printer with its roll, cover, drawer and receive buffer. It prints as fast as bytes
// come. Offline (paper out, cover open, switched offline) it prints nothing and keeps what it has
// accepted; bytes that find the buffer full are gone. DLE EOT, DLE ENQ and DLE DC4 are carried out
// as they arrive, before anything in the buffer, and do not take room in it; as with real serial
// models that is so even where their bytes stand inside another command's data.
//
// Whatever can make it answer gives the bytes that it puts on the line.
class SimulatedPrinter {
 public:
  static constexpr std::size_t kEndlessRoll = SIZE_MAX;

  explicit SimulatedPrinter(SimulatedPrinterOptions options = {});

  [[nodiscard]] base::Bytes feed(base::ByteView bytes, base::Instant now);

  // A roll that is good for so many lines; 0 takes the roll out.
  [[nodiscard]] base::Bytes load_paper(std::size_t lines, base::Instant now);
  [[nodiscard]] base::Bytes set_paper_out(bool out, base::Instant now);
  [[nodiscard]] base::Bytes set_cover_open(bool open, base::Instant now);
  [[nodiscard]] base::Bytes set_offline(bool offline, base::Instant now);

  // Power goes: the buffer, the unfinished line and the modes are lost; paper and drawer stay.
  void power_cut();
  [[nodiscard]] base::Bytes power_on(base::Instant now);
  bool power() const { return power_; }

  void close_drawer() { drawer_open_ = false; }
  void tear_off();  // the cashier tears the paper: the piece ends, uncut

  // Every piece of paper in order; the last one is not complete while it still hangs there.
  const std::vector<Receipt>& paper() const { return paper_; }
  const std::vector<base::Instant>& drawer_kicks() const { return kicks_; }
  bool drawer_open() const { return drawer_open_; }
  bool paper_out() const { return lines_left_ == 0; }
  bool online() const { return power_ && !cover_open_ && !offline_ && !paper_out(); }
  std::size_t buffered() const { return buffer_.size() - read_; }
  std::uint64_t dropped() const { return dropped_; }  // bytes that found the buffer full
  // What came since it went offline and was not printed at once: bytes for the paper, and questions
  // after its state that it answered with "offline".
  std::uint64_t held_up() const { return held_up_; }

  // What it was sent and did not carry out, the first kMostUnknown of it, and how often in all.
  static constexpr std::size_t kMostUnknown = 64;
  const std::vector<base::Bytes>& unknown() const { return unknown_; }
  std::uint64_t unknown_count() const { return unknown_count_; }

  const SimulatedPrinterOptions& options() const { return options_; }

 private:
  struct Modes {
    bool bold = false;
    int width = 1;
    int height = 1;
    Align align = Align::left;
    CodePage page = CodePage::cp437;
  };

  bool prints_at_once(char byte) const;
  void receive(char byte);
  bool real_time(char byte);
  void answer_status(int n);
  void accept(char byte);
  void flow();
  void drain();
  void clear_input();

  void perform(const Unit& unit);
  void perform_control(char control);
  void perform_esc(const base::Bytes& command);
  void perform_gs(const base::Bytes& command);
  void select_page(unsigned char number, const base::Bytes& command);
  void print_mode(unsigned char mode);
  void print_character(unsigned char byte);
  void end_line();
  void feed_lines(unsigned lines);
  void cut(const base::Bytes& command);
  void kick(unsigned char pin, const base::Bytes& command);
  void answer_done(const base::Bytes& command);
  void report(const base::Bytes& command);
  base::Bytes settle(base::Instant now);
  Receipt& piece();

  SimulatedPrinterOptions options_;
  bool power_ = true;
  bool cover_open_ = false;
  bool offline_ = false;
  bool drawer_open_ = false;
  std::size_t lines_left_ = kEndlessRoll;

  base::Bytes buffer_;  // accepted, not yet printed; what is before read_ is done with
  std::size_t read_ = 0;
  base::Bytes real_time_;  // the beginning of what may be a real-time command
  bool held_ = false;      // XOFF was sent and XON was not
  CommandParser parser_;
  Modes modes_;
  Line line_;
  std::size_t column_ = 0;  // columns of line_ that are taken

  std::vector<Receipt> paper_;
  bool piece_open_ = false;  // paper_.back() still hangs in the printer
  std::vector<base::Instant> kicks_;
  std::vector<base::Bytes> unknown_;
  std::uint64_t unknown_count_ = 0;
  std::uint64_t dropped_ = 0;
  std::uint64_t held_up_ = 0;
  base::Bytes reply_;
  base::Instant now_;
};

}  // namespace tillrig::printer
