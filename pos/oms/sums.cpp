#include "pos/oms/sums.hpp"

#include "pos/base/assert.hpp"

#include <limits>
#include <utility>

namespace tillrig::oms {
namespace {

// Written at once; as many are read at a start, and some bytes of memory stand for each.
constexpr std::size_t kMostInTail = 50'000;

constexpr const char* kSumTables = R"sql(
CREATE TABLE IF NOT EXISTS sums(
  ledger TEXT NOT NULL, key TEXT NOT NULL, amount INTEGER NOT NULL,
  PRIMARY KEY(ledger, key)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS summed(
  one INTEGER PRIMARY KEY CHECK(one = 1), through INTEGER NOT NULL) STRICT;
INSERT OR IGNORE INTO summed VALUES(1, 0);
)sql";

// A hostile till may send the largest amounts for as long as it likes.
std::int64_t plus(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  if (!__builtin_add_overflow(a, b, &sum)) return sum;
  return b < 0 ? std::numeric_limits<std::int64_t>::min()
               : std::numeric_limits<std::int64_t>::max();
}

void join(std::string& name, std::string_view ledger, std::string_view key) {
  name.assign(ledger);
  name += '\0';
  name += key;
}

}  // namespace

Result<std::unique_ptr<Sums>> Sums::open(sqlite::Connection& connection) {
  std::unique_ptr<Sums> sums(new Sums(connection));
  if (auto ready = sums->prepare(); !ready) return base::Failure(ready.error());
  return sums;
}

Result<void> Sums::prepare() {
  if (auto made = connection_.run(kSumTables); !made) return made;
  const std::pair<sqlite::Statement*, std::string_view> all[] = {
      {&find_, "SELECT amount FROM sums WHERE ledger = ? AND key = ?"},
      {&put_, "INSERT OR REPLACE INTO sums VALUES(?, ?, ?)"},
      {&through_, "SELECT through FROM summed"},
      {&set_through_, "UPDATE summed SET through = ?"},
  };
  for (const auto& [statement, sql] : all) {
    auto prepared = connection_.prepare(sql);
    if (!prepared) return base::Failure(prepared.error());
    *statement = *std::move(prepared);
  }
  return {};
}

Result<std::uint64_t> Sums::through() {
  std::uint64_t row = 0;
  auto read = through_.each([&](const sqlite::Statement& found) { row = found.count(0); });
  if (!read) return base::Failure(read.error());
  return row;
}

void Sums::add(std::string_view ledger, std::string_view key, std::int64_t amount,
               std::uint64_t row) {
  join(name_, ledger, key);
  Sum& sum = tail_[name_];
  added_.push_back({&sum, sum.amount, row});
  sum.amount = plus(sum.amount, amount);
  ++sum.postings;
  ++postings_;
}

Result<std::optional<std::int64_t>> Sums::in_table(std::string_view ledger, std::string_view key) {
  std::optional<std::int64_t> found;
  auto read =
      find_.bind(ledger, key).each([&](const sqlite::Statement& row) { found = row.whole(0); });
  if (!read) return base::Failure(read.error());
  return found;
}

Result<std::optional<std::int64_t>> Sums::of(std::string_view ledger, std::string_view key) {
  auto sum = in_table(ledger, key);
  if (!sum) return sum;
  join(name_, ledger, key);
  const auto at = tail_.find(name_);
  if (at == tail_.end() || at->second.postings == 0) return sum;
  return std::optional(plus(sum->value_or(0), at->second.amount));
}

Result<void> Sums::settle() {
  if (postings_ < kMostInTail || added_.empty()) return {};
  for (const auto& [name, sum] : tail_) {
    if (sum.postings == 0) continue;
    const std::size_t end = name.find('\0');
    const std::string_view ledger = std::string_view(name).substr(0, end);
    const std::string_view key = std::string_view(name).substr(end + 1);
    const auto before = in_table(ledger, key);
    if (!before) return base::Failure(before.error());
    const std::int64_t now = plus(before->value_or(0), sum.amount);
    if (auto put = put_.bind(ledger, key, now).run(); !put) return put;
  }
  written_ = true;
  return set_through_.bind(added_.back().row).run();
}

void Sums::settled() {
  added_.clear();
  if (!std::exchange(written_, false)) return;
  tail_.clear();
  postings_ = 0;
}

void Sums::undo(std::size_t kept) {
  TILLRIG_ASSERT(kept <= added_.size(), "what is kept was added");
  for (; added_.size() > kept; added_.pop_back()) {
    const Added& last = added_.back();
    last.to->amount = last.before;
    --last.to->postings;
    --postings_;
  }
  written_ = false;
}

}  // namespace tillrig::oms
