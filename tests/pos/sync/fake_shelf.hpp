#pragma once

#include "pos/store/shelf.hpp"

#include <map>
#include <optional>
#include <string>
#include <utility>

namespace tillrig::sync {

// A table in memory that keeps pages as the store does.
class FakeShelf final : public store::Shelf {
 public:
  std::map<std::string, std::string> rows;  // id -> body; removed ones are gone
  store::Reading kept;
  std::optional<store::Reading> beside;
  bool dead = false;
  bool failing = false;
  int pages = 0;

  std::optional<store::Reading> reading(std::string_view /*table*/) override {
    if (dead) return std::nullopt;
    return beside ? *beside : kept;
  }
  base::Result<bool> keep(std::string_view /*table*/, const store::Reading& asked,
                          const wire::FeedPage& page) override {
    if (failing) return base::fail(base::Code::no_space, "the disk is full");
    ++pages;
    if (asked.anew && asked.epoch.empty()) coming_.clear();
    auto& into = asked.anew ? coming_ : rows;
    for (const wire::FeedRow& row : page.rows) {
      if (row.deleted) {
        into.erase(row.id);
      } else {
        into[row.id] = row.body;
      }
    }
    const bool last = page.next >= page.head;
    if (asked.anew && !last) {
      const std::uint64_t horizon = asked.epoch.empty() ? page.horizon : asked.horizon;
      beside = {page.epoch, page.next, true, horizon};
      return false;
    }
    if (asked.anew) rows = std::exchange(coming_, {});
    beside.reset();
    kept = {page.epoch, page.next, false, 0};
    return asked.anew || !page.rows.empty();
  }

  base::Result<wire::TableSum> sum(std::string_view /*table*/) override {
    if (failing) return base::fail(base::Code::io, "the disk cannot be read");
    wire::TableSum sum;
    for (const auto& [id, body] : rows) sum.add(id, false, body);
    return sum;
  }

 private:
  std::map<std::string, std::string> coming_;
};

}  // namespace tillrig::sync
