#pragma once

#include "pos/store/ledger.hpp"
#include "pos/store/sale_book.hpp"

#include <cstdint>
#include <map>
#include <memory>

namespace tillrig::store {

// The two copies of every event, and what is known of their state.
struct Copies {
  std::unique_ptr<Ledger> ledger;
  bool ledger_hurt = false;            // an append to it failed, or a catching up
  std::map<Key, Money> not_in_ledger;  // what the book alone has since then, with its total

  std::unique_ptr<SaleBook> book;  // null: it is dead
  std::uint32_t book_number = 0;   // of its file

  std::map<std::uint32_t, std::uint64_t> cleaned;  // by epoch: up to where events may be gone from
                                                   // both because they were cleaned up
};

}  // namespace tillrig::store
