#pragma once

#include "pos/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::oms {

using base::Result;

// What counts in the cloud's ledgers is a posting, never a balance: so much more or less under a
// key, because of an event. An event has at most one posting under each key of a ledger.
struct Posting {
  std::uint64_t n = 0;  // in the order in which they were made; given by add()
  std::string event;
  std::string ledger;  // "points"
  std::string key;     // whose: a customer's id
  std::int64_t amount = 0;

  bool operator==(const Posting&) const = default;
};

// So much more or less of an item.
struct Goods {
  std::string_view sku;
  std::int64_t amount = 0;  // thousandths
};
inline constexpr std::size_t kMostGoods = 1'000;  // of one event

// So much of what is under a key that is kept for one till.
struct HoldRow {
  std::string id;
  std::string till;
  std::string ledger;
  std::string key;
  std::int64_t amount = 0;
  std::int64_t expires_ms = 0;  // since 1970; one that is open counts no longer than this
  std::string state;            // "open", "kept", "released", "captured"

  bool operator==(const HoldRow&) const = default;
};

// A hold that is kept for an event of its till.
struct KeptRow {
  std::string id;
  std::string till;
  std::uint32_t epoch = 0;
  std::uint64_t seq = 0;

  bool operator==(const KeptRow&) const = default;
};

// The postings of a Database, in whose transactions they are made. Errors: the database's.
class Postings {
 public:
  virtual ~Postings() = default;

  // Errors also: conflict, the event has one there already.
  virtual Result<void> add(const Posting& posting) = 0;
  // All that an event moves in the ledger of goods, at most kMostGoods, each item once: a posting
  // for each of them. Errors also: conflict, the event has moved some already.
  virtual Result<void> add_goods(std::string_view event, std::span<const Goods> goods) = 0;
  virtual Result<std::int64_t> balance(std::string_view ledger, std::string_view key) = 0;
  virtual Result<std::optional<HoldRow>> hold(std::string_view id) = 0;
  // Takes the place of the one that had the id.
  virtual Result<void> put_hold(const HoldRow& hold) = 0;
  // What is kept of a key, by open holds that expire after this and by those kept for an event.
  virtual Result<std::int64_t> reserved(std::string_view ledger, std::string_view key,
                                        std::int64_t after_ms) = 0;
  // By id, from the first one after `after` on.
  virtual Result<std::vector<HoldRow>> holds(std::string_view after, std::size_t most) = 0;
  // Whether an event has any in a ledger.
  virtual Result<bool> has(std::string_view event, std::string_view ledger) = 0;
  // Whether a key has any.
  virtual Result<bool> any(std::string_view ledger, std::string_view key) = 0;
  // How far below zero a key may go; nothing: as far as there is.
  virtual Result<std::optional<std::int64_t>> limit(std::string_view ledger,
                                                    std::string_view key) = 0;
  virtual Result<void> put_limit(std::string_view ledger, std::string_view key,
                                 std::optional<std::int64_t> limit) = 0;
  // The holds that are kept for events of a till, by id.
  virtual Result<std::vector<KeptRow>> kept(std::string_view till) = 0;
  virtual Result<void> put_kept(const KeptRow& row) = 0;
  virtual Result<void> drop_kept(std::string_view id) = 0;
  // In the order of n, from the first one after `after` on.
  virtual Result<std::vector<Posting>> read(std::uint64_t after, std::size_t most) = 0;
};

}  // namespace tillrig::oms
