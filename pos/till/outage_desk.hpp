#pragma once

#include "pos/till/checkout.hpp"
#include "pos/till/parts.hpp"

#include <set>
#include <string>
#include <string_view>

namespace tillrig::till {

// Closes an outage that is over: an event of the ledger, then its null receipt on paper, and where
// it lasted too long a prompt that it has to be reported. Paper that the printer has not proved
// when the app ends comes out as a copy at the next start; the prompt stands until it is answered.
class OutageDesk {
 public:
  OutageDesk(const Parts& parts, Checkout& checkout) : parts_(parts), checkout_(checkout) {}

  // What the last run left open. After the devices were attached.
  void open();
  // Nothing to do: it succeeds. No document may be under way. Errors: as DayDesk, and nobody was
  // told.
  base::Awaitable<Result<void>> close();

  // As MissingReceipts; of what is no null receipt nothing is done.
  void printed(std::string_view document);
  void in_doubt(std::string_view document);

 private:
  [[nodiscard]] Result<wire::Event> record(const wire::OutageClosed& over, bool& again);
  void print(const wire::Event& event, bool copy);
  void print_copy(const std::string& id);
  void report(const wire::Event& event);
  base::Awaitable<void> reported();
  void keep_papers();

  const Parts& parts_;
  Checkout& checkout_;
  std::set<std::string, std::less<>> papers_;  // that the printer has not proved
  std::set<std::string, std::less<>> copied_;  // in this run
};

}  // namespace tillrig::till
