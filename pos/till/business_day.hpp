#pragma once

#include "pos/ports/clock.hpp"
#include "pos/store/store.hpp"
#include "pos/sync/service.hpp"
#include "pos/till/config.hpp"

#include <string>

namespace tillrig::till {

// The day of the calendar that a moment is of, where a day goes on until `turns` after midnight:
// "2026-03-02" for four in the morning of the third, when it turns at ten.
std::string business_day(base::WallTime at, base::Duration turns);

// The business day in hand: fixed when it is opened, by hand or by its first document, and the same
// until it is closed, whatever the clock does and however often the till is started meanwhile
// . The store is open.
class BusinessDay {
 public:
  BusinessDay(const ports::Clock& clock, const Config& config, store::Store& store,
              const sync::Service& service)
      : clock_(clock), config_(config), store_(store), service_(service) {
    resume();
  }

  [[nodiscard]] bool is_open() const { return !day_.empty(); }
  // Empty: none is open.
  [[nodiscard]] const std::string& in_hand() const { return day_; }
  // The day in hand; else the one that would be opened now.
  [[nodiscard]] std::string for_next() const;
  // What closed the day before the one in hand; of epoch 0 when there was none.
  [[nodiscard]] const base::EventId& closed() const { return closed_; }

  // Something of a day was committed: it opens that day, or closes it.
  void took(const wire::Event& event);
  // Before documents are deleted from the store: what is in hand is noted beside them.
  void remember();

 private:
  // Reads from the store which day is in hand.
  void resume();
  [[nodiscard]] std::string by_clock() const;
  [[nodiscard]] std::string read_day(const base::EventId& id) const;
  [[nodiscard]] std::string read_newest() const;

  const ports::Clock& clock_;
  const Config& config_;
  store::Store& store_;
  const sync::Service& service_;
  std::string day_;
  std::string last_day_;  // that was closed
  base::EventId closed_;
};

}  // namespace tillrig::till
