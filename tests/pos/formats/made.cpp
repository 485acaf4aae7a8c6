#include "tests/pos/formats/made.hpp"

#include "pos/host/disk.hpp"
#include "pos/oms/api.hpp"
#include "pos/oms/sqlite_database.hpp"
#include "pos/store/store.hpp"
#include "tests/pos/formats/still_ports.hpp"

#include <filesystem>
#include <fstream>
#include <memory>
#include <utility>
#include <vector>

namespace tillrig::formats {
namespace {

namespace fs = std::filesystem;
using base::Money;
using base::Result;

constexpr std::uint32_t kSegmentBytes = 16 * 1024;

wire::Document sale_of(std::string sku, std::int64_t total) {
  wire::Document document;
  document.day = "2026-03-02";
  document.currency = "EUR";
  wire::Line line;
  line.sku = std::move(sku);
  line.name = "Vollmilch 3,5 % \xe2\x82\xac";
  line.unit_price = Money{total};
  line.total = Money{total};
  line.tax_rate = base::Rate{1900};
  line.tax = base::tax_inside(line.total, line.tax_rate);
  document.lines.push_back(line);
  document.payments.push_back({"cash", Money{total + 100}, Money{100}, Money{total}});
  document.total = line.total;
  document.tax = line.tax;
  return document;
}

wire::Document refund_of(const base::EventId& sale, std::int64_t total) {
  wire::Document document = sale_of("milk", total);
  wire::Line& line = document.lines.front();
  line.quantity = base::Quantity{-1000};
  line.total = -line.total;
  line.tax = -line.tax;
  line.of_line = 1;
  document.payments = {{"cash", Money{-total}, Money{0}, Money{-total}}};
  document.total = -document.total;
  document.tax = -document.tax;
  document.of = sale.text();
  return document;
}

// What came with newer software, and what no software knows yet.
wire::Tail tail() {
  wire::Tail tail;
  tail.set(wire::kMember, "ana");
  tail.set(wire::kPoints, 12);
  tail.set(wire::kReason, "a good customer");
  static_cast<void>(tail.add(99, "\x01\x02of tomorrow"));
  return tail;
}

struct Maker {
  explicit Maker(const std::string& folder)
      : root(folder), till_disk(folder + "-work/till"), cloud_disk(folder + "-work/cloud") {
    fs::create_directories(folder + "-work/till");
    fs::create_directories(folder + "-work/cloud");
  }

  Result<void> open() {
    store::Config config;
    config.till = kTill;
    config.segments.bytes = kSegmentBytes;
    store.reset();
    auto opened = store::Store::open(till_disk, clock, recorder, config);
    if (!opened) return base::Failure(opened.error());
    store = std::move(*opened);
    if (!store->opened().new_epoch_due) return {};
    return store->open_epoch("unclean_stop");
  }
  Result<void> sell(std::string sku, std::int64_t total, wire::Tail with = {}) {
    auto sold = store->commit(wire::EventKind::sale, sale_of(std::move(sku), total), with);
    if (!sold) return base::Failure(sold.error());
    last = sold->id;
    return {};
  }
  // All that waits is in the cloud, and one more is refused for good.
  Result<void> upload() {
    oms::SqliteOptions options;
    auto opened = oms::open_sqlite(cloud_disk, entropy, options);
    if (!opened) return base::Failure(opened.error());
    database = std::move(*opened);
    oms::Api api(*database, clock, recorder, {}, {}, {});
    base::HttpRequest login;
    login.method = "POST";
    login.target = std::string("/v1/tills/") + kTill + "/login";
    login.fields.add("Content-Type", wire::kContentType);
    login.body = "{}";
    const auto let_in = wire::read_login(api.handle(login).body);
    if (!let_in) return base::Failure(let_in.error());
    base::HttpRequest up;
    up.method = "POST";
    up.target = "/v1/sync/up";
    up.fields.add("Content-Type", wire::kContentType);
    up.fields.add("Authorization", "Bearer " + let_in->token);
    up.body = body(let_in->generation, store->peek(100, 1U << 20U, {}));
    const auto answer = wire::read_answer(api.handle(up).body);
    if (!answer) return base::Failure(answer.error());
    std::vector<store::Settled> settled;
    for (const wire::UpResult& each : answer->results) {
      settled.push_back({*base::parse_event_id(each.id), store::SyncState::acked, ""});
    }
    return store->settle(settled);
  }
  static base::Bytes body(std::uint64_t generation, std::vector<wire::UpItem> items) {
    wire::UpBatch batch;
    batch.till = kTill;
    batch.epoch = items.front().event.id.epoch;
    batch.generation = generation;
    batch.batch = 1;
    batch.items = std::move(items);
    return wire::write_json(batch);
  }

#if __has_include("pos/wire/day.hpp")
  // What is of a business day and no document.
  Result<void> record_day() {
    wire::DayOpened opened;
    opened.day = "2026-03-02";
    opened.cash_float = Money{10000};
    wire::CashMoved moved;
    moved.day = opened.day;
    moved.amount = Money{-500};
    moved.reason = "stamps";
    auto done = store->record(wire::EventKind::day_opened, opened);
    if (done) done = store->record(wire::EventKind::cash_moved, moved);
    return done ? Result<void>() : base::Failure(done.error());
  }
#endif

  Result<void> make() {
    auto done = open();
    if (done) done = sell("milk", 129);
    const base::EventId first = last;
    if (done) done = sell("bread", 279, tail());
    if (done) done = upload();  // with the event that opens the epoch
    if (done) done = sell("poison", 100);
    const store::Settled refused{last, store::SyncState::quarantined, kQuarantinedWhy};
    if (done) done = store->settle(std::span(&refused, 1));
    if (done) done = sell("milk", 258, tail());
    wire::FeedPage page;
    page.epoch = "cloud-1";
    page.rows = {{1, "milk", 1, false, R"({"sku":"milk"})"}, {2, "bread", 1, true, ""}};
    page.next = page.head = 2;
    if (done) {
      auto kept = store->keep("items", {"", 0, true, 0}, page);
      if (!kept) done = base::Failure(kept.error());
    }
    if (done) done = store->keep_note("in_step", "1 2 3");
    if (!done) return done;
    store.reset();  // it stops without a word: the next epoch is due
    if (done = open(); !done) return done;
#if __has_include("pos/wire/day.hpp")  // the version before knows no days
    done = record_day();
    if (!done) return done;
#endif
    done = sell("milk", 387);
    const base::EventId given = last;
    if (done) done = sell(kOldGoods, 500);
    if (done) done = sell("coffee", 649, tail());
    if (done) {
      auto back = store->commit(wire::EventKind::refund, refund_of(given, 387));
      if (!back) done = base::Failure(back.error());
    }
    if (done) done = sell("butter", 299);
    if (!done) return done;
    std::vector<base::EventId> older;  // an upload is of one epoch: the newest
    for (const wire::UpItem& each : store->peek(100, 1U << 20U, {})) older.push_back(each.event.id);
    const auto waiting = store->peek(100, 1U << 20U, older);
    if (waiting.empty()) return base::fail(base::Code::internal, "nothing waits of the new epoch");
    // As a force kill leaves them: nothing is closed.
    fs::copy(root + "-work", root, fs::copy_options::recursive);
    std::ofstream(root + "/up.json", std::ios::binary) << body(1, waiting);
    return {};
  }

  std::string root;
  host::FolderDisk till_disk;
  host::FolderDisk cloud_disk;
  StillClock clock;
  Counted entropy;
  Silent recorder;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<oms::Database> database;
  base::EventId last;
};

}  // namespace

std::string make_formats(const std::string& folder) {
  std::string failed;
  {
    Maker maker(folder);
    const auto made = maker.make();
    if (!made) failed = made.error().what;
  }
  std::error_code ignored;
  fs::remove_all(folder + "-work", ignored);
  return failed;
}

}  // namespace tillrig::formats
