#pragma once

#include "pos/till/parts.hpp"

#include <cstdint>
#include <deque>
#include <set>
#include <string>
#include <string_view>

namespace tillrig::till {

// Every acknowledged document has its receipt, or a copy of it, or the cashier is asked. Which ones
// the printer has proved is kept in a small file beside the store: it outlives the app, and is
// synced now and then only, so that after a power cut the till asks once too often and never too
// seldom. Without a printer nothing is asked.
class MissingReceipts {
 public:
  explicit MissingReceipts(const Parts& parts);

  // Reads the file of the last run and asks for what it left open. After the store was opened.
  void open();
  // The printer says that it stands on paper.
  void printed(std::string_view document);
  // The connection was lost in the middle of it.
  void in_doubt(std::string_view document);

 private:
  struct Known {
    bool found = false;     // there is a file; else all was before it
    base::EventId through;  // all documents up to this one are done with
    std::set<base::EventId> open;
    std::set<base::EventId> printed;
  };
  [[nodiscard]] Known read() const;
  void write_anew(const base::EventId& through);
  void append(std::string_view what, std::string_view document);
  void ask();
  base::Awaitable<void> print_copy(base::EventId id);
  base::Awaitable<void> not_needed(base::EventId id);

  const Parts& parts_;
  std::unique_ptr<ports::File> file_;
  std::uint64_t end_ = 0;  // of the file
  std::uint64_t appended_ = 0;
  std::deque<base::EventId> open_;  // to be asked about, oldest first
};

}  // namespace tillrig::till
