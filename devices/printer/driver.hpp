#pragma once

#include "devices/printer/command_parser.hpp"
#include "devices/printer/protocol.hpp"
#include "pos/base/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace tillrig::printer {

// What DLE EOT 1, 2 and 4 say, in words.
struct PrinterStatus {
  bool known = false;  // all three were answered since the last reset
  bool online = false;
  bool cover_open = false;
  bool paper_end = false;
  bool paper_near_end = false;
  bool feeding = false;  // by its button
  bool error = false;
  bool drawer_open = false;

  bool operator==(const PrinterStatus&) const = default;
};

// One sentence for the cashier: what is wrong and what to do, or that all is well.
std::string describe(const PrinterStatus& status);

// It has said that it prints what it is sent.
bool is_ready(const PrinterStatus& status);

// Everything of the job stands on the paper.
struct JobDone {
  JobId id;
};

// A whole set of answers to ask() came.
struct StatusAnswered {
  PrinterStatus status;
  bool changed = false;
};

// The answer to EscPos::ask_paper().
struct PaperAnswered {
  bool near_end = false;
};

// Bytes that no printer sends, or an answer that nobody asked for.
struct Noise {
  base::Bytes bytes;
};

using PrinterEvent = std::variant<JobDone, StatusAnswered, PaperAnswered, Noise>;

struct DriverOptions {
  std::size_t chunk_bytes = 256;
  std::uint32_t first_job = 1;        // serial of the first job; another one at each start
  bool drawer_open_when_high = true;  // how the drawer's switch is wired to pin 3
};

// The till's side of a receipt printer. That bytes were written proves nothing: a job is done when
// the printer answers its id, which print() puts behind the job, and never before. One job is on
// its way at a time, so a printer that stops holds at most one.
//
// The caller writes what next() gives, hands in what it reads, sends ask() now and then while a job
// is under way (a printer found offline is sent nothing until an answer says online again), and
// decides itself how long it waits before reset().
class PrinterDriver {
 public:
  explicit PrinterDriver(DriverOptions options = {});

  // Queues a job, such as EscPos::take() gives it.
  JobId print(base::Bytes job);

  // The bytes to write now, at most chunk_bytes and never the beginning of a command without its
  // end, so that a status request cannot land inside one (but for data longer than a chunk). Empty:
  // nothing to write, or the printer must not be sent more yet.
  base::Bytes next();

  // DLE EOT 1, 2 and 4. May be written at any time between two chunks.
  base::Bytes ask();

  std::vector<PrinterEvent> feed(base::ByteView bytes);

  // The connection was lost or the printer is given up: forgets half-received answers and what is
  // known of it. Gives the job of which bytes were sent and no proof came: it may stand on the
  // paper wholly, partly or not at all, and is not sent again. Jobs not begun stay queued.
  std::optional<JobId> reset();

  const PrinterStatus& status() const { return status_; }
  bool idle() const { return jobs_.empty(); }          // every job is done
  std::size_t queued() const { return jobs_.size(); }  // the one under way included
  std::optional<JobId> under_way() const;              // begun and not done

 private:
  struct Job {
    JobId id;
    base::Bytes bytes;
    std::size_t sent = 0;
    CommandParser parser;  // has taken what was sent
  };

  void take(char byte, std::vector<PrinterEvent>& out);
  void take_answer(unsigned char byte, std::vector<PrinterEvent>& out);
  void take_block(char byte, std::vector<PrinterEvent>& out);
  void apply(int n, unsigned char answer);

  DriverOptions options_;
  std::uint32_t serial_;
  std::deque<Job> jobs_;
  bool held_ = false;            // XOFF
  base::Bytes block_;            // the beginning of an answer of several bytes
  std::deque<int> asked_;        // the n of every DLE EOT not yet answered
  std::size_t paper_asked_ = 0;  // GS r 1 sent and not yet answered
  PrinterStatus coming_;         // the set of answers under way
  PrinterStatus status_;
};

}  // namespace tillrig::printer
