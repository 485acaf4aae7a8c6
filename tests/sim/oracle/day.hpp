#pragma once

#include "sim/oracle/invariant.hpp"
#include "sim/oracle/tapes.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace tillrig::oracle {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

// Writes the tapes of one till's day by hand, tersely: what happens is written down on all tapes
// that would show it. Tests then change an entry, which is a lie that an invariant must find.
class Day {
 public:
  static constexpr const char* kTill = "till-1";

  Tapes tapes;

  Day& at(base::Duration since_start, int line);
  Day& act(ActEntry::Kind kind, const std::string& what = {}, const std::string& till = {});
  CashierEntry& shows(CashierEntry::Kind kind, const std::string& code, const std::string& text);
  Day& prompt(const std::string& id, const std::vector<std::string>& buttons);
  Day& counters();

  // A login that is answered with this generation.
  WireEntry& login(std::uint64_t generation);
  // The till begins an epoch; the event waits to be sent.
  std::string opens(std::uint32_t epoch);
  // A sale (or a refund of one) of one line, paid in cash: acknowledged and printed.
  std::string sells(std::uint64_t seq, std::uint64_t number, std::int64_t total,
                    const std::string& refund_of = {});
  // A batch that is answered with this status for all its items 20 ms later.
  WireEntry& sends(const std::vector<std::string>& ids, const std::string& status = "applied");
  // The last exchange's answer is lost on its way: the till does not know, the cloud does.
  Day& answer_lost();
  // Looks into the cloud and into Register Sales, as both are now.
  Day& looks();

  CloudEntry& cloud_row(const std::string& id);        // of the last look
  RegisterEntry& register_row(const std::string& id);  // of the last look
  void not_in_cloud(const std::string& id);            // taken out of the last look
  CashierEntry& acknowledgement(const std::string& id);
  PaperEntry& paper(const std::string& id);

 private:
  struct Kept {
    CloudEntry row;
    std::string aggregate;
    std::string state = "queued";
    bool in_cloud = false;
  };

  void settle(const std::string& id, const std::string& status);
  [[nodiscard]] std::string body(const std::vector<std::string>& ids) const;
  [[nodiscard]] std::string answer(const std::vector<std::string>& ids,
                                   const std::string& status) const;
  [[nodiscard]] std::uint64_t count(const std::string& state) const;

  Instant now_{0};
  int line_ = 0;
  bool online_ = false;
  std::uint64_t order_ = 0;  // of entries, as they are told
  std::uint32_t epoch_ = 1;
  std::uint64_t exchange_ = 0;
  std::uint64_t generation_ = 0;
  std::uint64_t v_ = 0;
  std::map<std::string, Kept> kept_;
  std::map<std::string, Kept> before_;  // the last batch was sent
};

// A day with an outage on which everything holds: a sale online, a sale and a refund offline, one
// sale that the cloud refuses, an answer that is lost. Sales till-1.1.2 (line 3), till-1.1.3 (line
// 7), refund till-1.1.4 (line 8) and till-1.1.5 (line 9), which is poisoned.
Day good_day();

// The verdict of one invariant over the day's tapes.
Verdict verdict_of(const Day& day, const std::string& invariant);
// It fails, and its first witness is this sale at this line of the scenario.
::testing::AssertionResult is_found(const Day& day, const std::string& invariant,
                                    const std::string& sale, int line);

}  // namespace tillrig::oracle
