#include "pos/oms/feed.hpp"

#include <algorithm>
#include <utility>

namespace tillrig::oms {

using base::Code;
using base::fail;

namespace {

const base::Mutant kFeedBySequence{
    "feed_by_sequence", "INV-21", "measured with PostgreSQL: domain 2.3; event-driven.io, Sequin",
    "a change is numbered when it comes and committed later, so that one with a higher number is "
    "seen before it and readers pass it by"};
const base::Mutant kOtherEpochRead{
    "cursor_of_another_cloud", "INV-21", "a fault planted by a reviewer",
    "a cloud that was put back goes on from where its tills had read "
    "the one before"};
const base::Mutant kSentBack{
    "feed_sent_back_for_ever", "INV-21", "a fault planted by a reviewer",
    "a reading from the start is sent back to the start when it is behind the horizon"};

void add_removed(std::vector<wire::FeedRow>& rows, const std::vector<std::string>& ids) {
  for (const std::string& id : ids) rows.push_back({0, id, 0, true, ""});
}

}  // namespace

// Of the row the number is made here, unless it has one.
Result<void> Feed::put(FeedHead& head, std::string_view table, wire::FeedRow row) {
  const auto before = database_.feed_row(table, row.id);
  if (!before) return base::Failure(before.error());
  if (!*before && ++head.ids > wire::kFeedIds) {
    return fail(Code::too_large, "the cloud's tables have {} rows already: no room for {}",
                wire::kFeedIds, row.id.substr(0, 64));
  }
  if (row.v == 0) row.v = head.v + 1;
  head.v = std::max(head.v, row.v);
  row.rev = *before ? (*before)->rev + 1 : 1;
  return database_.put_feed_row(table, row);
}

Result<std::uint64_t> Feed::commit(std::string_view table, const std::vector<wire::FeedRow>& rows) {
  Transaction transaction(database_);
  if (auto begun = transaction.begin(); !begun) return base::Failure(begun.error());
  auto head = database_.feed_head();
  if (!head) return base::Failure(head.error());
  for (const wire::FeedRow& row : rows) {
    if (auto done = put(*head, table, row); !done) return base::Failure(done.error());
  }
  auto done = database_.set_feed_head(*head);
  if (done) done = transaction.commit();
  if (!done) return base::Failure(done.error());
  return head->v;
}

Result<std::uint64_t> Feed::change(const wire::ItemChanges& changes) {
  std::vector<wire::FeedRow> rows;
  for (const wire::Item& item : changes.items) {
    rows.push_back({0, item.sku, 0, false, wire::write_item(item)});
  }
  add_removed(rows, changes.removed);
  return change(wire::kItems, std::move(rows));
}

Result<std::uint64_t> Feed::change(const wire::CustomerChanges& changes) {
  std::vector<wire::FeedRow> rows;
  for (const wire::Customer& customer : changes.customers) {
    rows.push_back({0, customer.id, 0, false, wire::write_customer(customer)});
  }
  add_removed(rows, changes.removed);
  return change(wire::kCustomers, std::move(rows));
}

Result<std::uint64_t> Feed::change(std::string_view table, std::vector<wire::FeedRow> rows) {
  if (kFeedBySequence.on(mutants_)) {
    auto head = database_.feed_head();
    if (!head) return base::Failure(head.error());
    for (const wire::FeedRow& row : late_) head->v = std::max(head->v, row.v);
    for (wire::FeedRow& row : rows) row.v = ++head->v;
    if (late_.empty()) {
      late_ = std::move(rows);
      late_table_ = table;
      return head->v;
    }
    overtaken_ = true;
  }
  auto v = commit(table, rows);
  if (!v) return v;
  recorder_.note({"cloud.changed"}, {{"table", table},
                                     {"rows", static_cast<std::int64_t>(rows.size())},
                                     {"v", static_cast<std::int64_t>(*v)}});
  return v;
}

Result<void> Feed::commit_late() {
  overtaken_ = false;
  const std::vector<wire::FeedRow> late = std::exchange(late_, {});
  if (late.empty()) return {};
  const auto done = commit(late_table_, late);
  if (!done) return base::Failure(done.error());
  return {};
}

Result<std::uint64_t> Feed::head() {
  if (!overtaken_) {
    if (auto done = commit_late(); !done) return base::Failure(done.error());
  }
  const auto head = database_.feed_head();
  if (!head) return base::Failure(head.error());
  return head->v;
}

std::optional<StartAgain> Feed::why_again(const FeedReader& reader, const FeedHead& head) const {
  const bool first = reader.cursor == 0 && reader.epoch.empty();
  if (first) return std::nullopt;
  const std::string& own = database_.identity().server_epoch;
  if (reader.epoch != own && !kOtherEpochRead.on(mutants_)) {
    return StartAgain{wire::kOtherEpoch,
                      fmt::format("the cursor is of epoch '{}', this cloud's is {}: read the table "
                                  "from the start",
                                  reader.epoch.substr(0, wire::kFeedEpoch), own)};
  }
  // A reading from the start knows all since its beginning.
  const std::uint64_t knows =
      reader.begun && !kSentBack.on(mutants_) ? *reader.begun : reader.cursor;
  if (knows >= head.horizon && reader.cursor <= head.v) return std::nullopt;
  return StartAgain{wire::kBehindHorizon,
                    fmt::format("the cursor is {}, and this cloud can tell what changed from {} to "
                                "{}: read the table from the start",
                                reader.cursor, head.horizon, head.v)};
}

Result<wire::FeedPage> Feed::page(std::string_view collection, const FeedReader& reader,
                                  std::size_t most, std::optional<StartAgain>& again) {
  const auto head = database_.feed_head();
  if (!head) return base::Failure(head.error());
  wire::FeedPage page;
  again = why_again(reader, *head);
  if (again) return page;
  auto rows = database_.feed(collection, reader.cursor, most);
  if (!rows) return base::Failure(rows.error());
  page.epoch = database_.identity().server_epoch;
  page.rows = *std::move(rows);
  // Fewer than asked for: there is no more, whatever other tables have.
  page.next = page.rows.size() < most ? head->v : page.rows.back().v;
  page.head = head->v;
  page.horizon = head->horizon;
  if (reader.compares && page.next == page.head) {
    const auto all = sum(collection);
    if (!all) return base::Failure(all.error());
    page.sum = all->text();
  }
  if (overtaken_ && collection == late_table_) {
    if (auto done = commit_late(); !done) return base::Failure(done.error());
  }
  return page;
}

Result<wire::TableSum> Feed::sum(std::string_view collection) {
  constexpr std::size_t kAtOnce = 1000;
  wire::TableSum sum;
  std::uint64_t after = 0;
  for (;;) {
    const auto rows = database_.feed(collection, after, kAtOnce);
    if (!rows) return base::Failure(rows.error());
    for (const wire::FeedRow& row : *rows) {
      sum.add(row.id, row.deleted, row.deleted ? std::string() : wire::as_read(row.body));
      after = row.v;
    }
    if (rows->size() < kAtOnce) return sum;
  }
}

Result<std::uint64_t> Feed::move_horizon() {
  Transaction transaction(database_);
  if (auto begun = transaction.begin(); !begun) return base::Failure(begun.error());
  auto head = database_.feed_head();
  if (!head) return base::Failure(head.error());
  head->horizon = head->v;
  auto done = database_.set_feed_head(*head);
  if (done) done = transaction.commit();
  if (!done) return base::Failure(done.error());
  recorder_.note({"cloud.horizon"}, {{"v", static_cast<std::int64_t>(head->horizon)}});
  return head->horizon;
}

}  // namespace tillrig::oms
