#pragma once

#include "pos/store/store.hpp"
#include "pos/wire/event.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::till {

using base::Money;
using base::Result;

// The payments by card as the till's store has them, each with the sale that it is for. An attempt
// is stored each time that it changes; the sale that it pays comes right after its approval, so
// that a till that was stopped in between sees that it has not.
class CardBook {
 public:
  explicit CardBook(store::Store& store) : store_(store) {}

  struct Entry {
    wire::Attempt attempt;  // as it was stored last
    wire::Document sale;    // not numbered
    wire::Tail tail;
    base::EventId last;  // the event that stored it last
    base::EventId first;
    std::int64_t wall_ms = 0;     // when it was rung up
    std::int64_t checked_ms = 0;  // in this run: when it was asked about last
  };

  // Reads all of them. Errors: the store's.
  Result<void> read();
  // Makes it durable as it is now. `sale` and `tail`: with the first of an attempt. Errors: the
  // store's.
  Result<void> keep(const wire::Attempt& attempt, std::string_view day);
  // With which sale it begins.
  void begin(const std::string& id, wire::Document sale, wire::Tail tail);
  [[nodiscard]] std::vector<wire::Attempt> attempts() const;
  // Approved ones whose sales were not committed.
  [[nodiscard]] std::vector<std::string> incomplete() const;
  Entry* find(std::string_view id);
  // Right before its sale is committed: the approval is the event before it. Errors: the store's.
  Result<void> put_last(const std::string& id, std::string_view day);

 private:
  [[nodiscard]] bool has_sale(const Entry& entry) const;
  void keep_from();

  store::Store& store_;
  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace tillrig::till
