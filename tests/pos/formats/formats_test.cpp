// Upgrades with a full outbox: what a till and a cloud of today and of the version before left on
// their disks is opened, and nothing of it is lost. The files in fixtures/formats are made by
// make_formats, and by nothing else:
//
//   TILLRIG_MAKE_FORMATS=fixtures/formats/now build/dev/bin/test_pos_formats
//
// `before` was made by the same source, compiled against the last version of another format: before
// there were business days in the database and kinds that nobody knows in the ledger.
#include "pos/base/json.hpp"
#include "pos/host/disk.hpp"
#include "pos/oms/api.hpp"
#include "pos/oms/sqlite_database.hpp"
#include "pos/store/store.hpp"
#include "tests/pos/formats/made.hpp"
#include "tests/pos/formats/still_ports.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <sstream>

namespace tillrig::formats {
namespace {

namespace fs = std::filesystem;
using base::Bytes;

const fs::path kFixtures = fs::path(TILLRIG_SOURCE_DIR) / "fixtures" / "formats";

Bytes read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}
void write_file(const fs::path& path, const Bytes& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

// A copy of a fixture's folders that a test may change.
class Copy {
 public:
  explicit Copy(const std::string& version) {
    static int made = 0;
    folder_ = fs::temp_directory_path() /
              ("tillrig-formats-" + std::to_string(::getpid()) + "-" + std::to_string(++made));
    fs::copy(kFixtures / version, folder_, fs::copy_options::recursive);
  }
  ~Copy() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;

  [[nodiscard]] fs::path till() const { return folder_ / "till"; }
  [[nodiscard]] fs::path cloud() const { return folder_ / "cloud"; }
  [[nodiscard]] Bytes up() const { return read_file(folder_ / "up.json"); }

 private:
  fs::path folder_;
};

// A till's store in a folder.
struct Till {
  explicit Till(const fs::path& folder) : disk(folder.string()) {
    store::Config config;
    config.till = kTill;
    config.segments.bytes = 16 * 1024;
    auto opened = store::Store::open(disk, clock, recorder, config);
    if (opened) {
      store = std::move(*opened);
    } else {
      why = opened.error().what;
    }
  }
  host::FolderDisk disk;
  StillClock clock;
  Silent recorder;
  std::unique_ptr<store::Store> store;
  std::string why;
};

// The cloud's API in a folder.
struct Cloud {
  explicit Cloud(const fs::path& folder, oms::Rules rules = {}) : disk(folder.string()) {
    fs::create_directories(folder);
    auto opened = oms::open_sqlite(disk, entropy, oms::SqliteOptions{});
    EXPECT_TRUE(opened) << opened.error().what;
    if (!opened) return;
    database = std::move(*opened);
    api = std::make_unique<oms::Api>(*database, clock, recorder, std::move(rules), base::Mutants{},
                                     oms::Secrets{});
    const auto let_in =
        wire::read_login(post("/v1/tills/" + std::string(kTill) + "/login", "{}").body);
    EXPECT_TRUE(let_in);
    if (let_in) login = *let_in;
  }
  base::HttpResponse post(std::string target, Bytes body) {
    base::HttpRequest request;
    request.method = "POST";
    request.target = std::move(target);
    request.fields.add("Content-Type", wire::kContentType);
    request.fields.add("Authorization", "Bearer " + login.token);
    request.body = std::move(body);
    return api->handle(request);
  }
  std::set<std::string> held() {
    std::set<std::string> ids;
    const auto rows = database->audit(0, 1000, false);
    EXPECT_TRUE(rows);
    if (!rows) return ids;
    for (const oms::AuditRow& row : *rows) ids.insert(row.id.text());
    return ids;
  }
  std::map<std::string, std::string> refused() {
    std::map<std::string, std::string> codes;
    const auto rows = database->refusals({}, 1000);
    EXPECT_TRUE(rows);
    if (!rows) return codes;
    for (const oms::Refusal& each : *rows) codes[each.id] = each.code;
    return codes;
  }

  host::FolderDisk disk;
  StillClock clock;
  Silent recorder;
  Counted entropy;
  std::unique_ptr<oms::Database> database;
  std::unique_ptr<oms::Api> api;
  wire::LoggedIn login;
};

// Sends all that waits, batch by batch, as the up lane would.
void send_all(Till& till, Cloud& cloud) {
  for (int batches = 0; batches < 20; ++batches) {
    const auto items = till.store->peek(100, 1U << 20U, {});
    if (items.empty()) return;
    wire::UpBatch batch;
    batch.till = kTill;
    batch.epoch = items.front().event.id.epoch;
    batch.generation = cloud.login.generation;
    batch.batch = static_cast<std::uint64_t>(batches) + 1;
    batch.items = items;
    const auto response = cloud.post("/v1/sync/up", wire::write_json(batch));
    ASSERT_EQ(response.status, 200) << response.body;
    const auto answer = wire::read_answer(response.body);
    ASSERT_TRUE(answer) << response.body;
    std::vector<store::Settled> settled;
    for (const wire::UpResult& each : answer->results) {
      const bool stands =
          each.status == wire::ItemStatus::applied || each.status == wire::ItemStatus::duplicate;
      settled.push_back({*base::parse_event_id(each.id),
                         stands ? store::SyncState::acked : store::SyncState::quarantined,
                         each.code});
    }
    ASSERT_TRUE(till.store->settle(settled));
  }
  FAIL() << "the outbox did not empty";
}

std::set<std::string> waiting(Till& till) {
  std::set<std::string> ids;
  std::vector<base::EventId> seen;
  for (;;) {
    const auto items = till.store->peek(100, 1U << 20U, seen);
    if (items.empty()) return ids;
    for (const wire::UpItem& each : items) {
      ids.insert(each.event.id.text());
      seen.push_back(each.event.id);
    }
  }
}

bool wanted_anew() {
  const char* const folder = std::getenv("TILLRIG_MAKE_FORMATS");
  return folder != nullptr && *folder != '\0';
}

// Only when somebody asks for it; else it looks whether what it would make is of the kept format.
TEST(Formats, AreMadeAnewOnlyWhenSomebodyAsksForIt) {
  if (!wanted_anew()) GTEST_SKIP() << "TILLRIG_MAKE_FORMATS names no folder";
  const std::string folder = std::getenv("TILLRIG_MAKE_FORMATS");
  ASSERT_FALSE(fs::exists(folder)) << "take the old ones away first";
  EXPECT_EQ(make_formats(folder), "");
}

class Upgrade : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (wanted_anew()) GTEST_SKIP() << "the fixtures are being made";
  }
};

TEST_P(Upgrade, LosesNothingOfAFullOutbox) {
  Copy copy(GetParam());
  Till till(copy.till());
  ASSERT_TRUE(till.store) << till.why;
  const store::Counters counters = till.store->counters();
  EXPECT_EQ(counters.uploaded, kUploaded);
  EXPECT_EQ(counters.quarantined, kQuarantined);
  EXPECT_EQ(counters.pending, events_of(GetParam()) - kUploaded - kQuarantined);
  EXPECT_EQ(waiting(till).size(), counters.pending);
  EXPECT_TRUE(till.store->opened().new_epoch_due) << "it was killed";
  EXPECT_NE(till.store->opened().verdict, store::Verdict::fresh);
  // What it read of the cloud's tables, and what it noted, stands too.
  const auto goods = till.store->records("items");
  ASSERT_TRUE(goods) << goods.error().what;
  EXPECT_EQ(goods->size(), 2U);
  EXPECT_EQ(till.store->noted("in_step"), "1 2 3");
}

TEST_P(Upgrade, SendsAllOfItAndTheCloudKnowsWhatItHad) {
  Copy copy(GetParam());
  Till till(copy.till());
  ASSERT_TRUE(till.store) << till.why;
  Cloud cloud(copy.cloud());
  ASSERT_TRUE(cloud.database);
  EXPECT_EQ(cloud.held().size(), kUploaded);
  send_all(till, cloud);
  EXPECT_EQ(till.store->pending(), 0U);
  EXPECT_EQ(cloud.held().size(), events_of(GetParam()) - kQuarantined);
  EXPECT_TRUE(cloud.refused().empty());
  for (const store::SaleRow& row : till.store->sales(100)) {
    if (row.sync == store::SyncState::acked) continue;
    EXPECT_EQ(row.sync, store::SyncState::quarantined) << row.id.text();
    EXPECT_EQ(row.why, kQuarantinedWhy) << row.id.text();
  }
}

TEST_P(Upgrade, WhatANewCheckRefusesIsVisibleWithItsReasonOnBothSides) {
  Copy copy(GetParam());
  Till till(copy.till());
  ASSERT_TRUE(till.store) << till.why;
  oms::Rules rules;
  rules.reject_skus.insert(kOldGoods);
  Cloud cloud(copy.cloud(), rules);
  ASSERT_TRUE(cloud.database);
  send_all(till, cloud);
  EXPECT_EQ(till.store->pending(), 0U);
  EXPECT_EQ(till.store->counters().quarantined, kQuarantined + 1);
  const auto refused = cloud.refused();
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_EQ(refused.begin()->second, "unknown_item");
  const auto rows = till.store->sales(100);
  const bool told = std::any_of(rows.begin(), rows.end(), [&](const store::SaleRow& row) {
    return row.id.text() == refused.begin()->first && row.sync == store::SyncState::quarantined &&
           row.why == "unknown_item";
  });
  EXPECT_TRUE(told);
  EXPECT_EQ(cloud.held().size(), events_of(GetParam()) - kQuarantined - 1) << "the rest flows";
}

TEST_P(Upgrade, GoesOnWithNumbersAboveAllThatWereGiven) {
  Copy copy(GetParam());
  Till till(copy.till());
  ASSERT_TRUE(till.store) << till.why;
  const std::uint32_t before = till.store->epoch();
  ASSERT_TRUE(till.store->open_epoch("unclean_stop"));
  EXPECT_GT(till.store->epoch(), before);
  EXPECT_EQ(waiting(till).size(), events_of(GetParam()) - kUploaded - kQuarantined + 1);
}

TEST_P(Upgrade, KeepsTailFieldsThatNobodyKnows) {
  Copy copy(GetParam());
  Till till(copy.till());
  ASSERT_TRUE(till.store) << till.why;
  int with_tail = 0;
  for (const wire::UpItem& each : till.store->peek(1, 1, {})) {
    EXPECT_EQ(each.event.tail.get(wire::kMember), "ana");
    EXPECT_EQ(each.event.tail.get(wire::kPoints), 12);
    Bytes json;
    wire::append_items(json, std::span(&each, 1), SIZE_MAX);
    EXPECT_NE(json.find("\"#99\""), Bytes::npos) << json;
    ++with_tail;
  }
  EXPECT_EQ(with_tail, 1);
}

// An upload as that till would send it.
TEST_P(Upgrade, ItsUploadsAreTaken) {
  Copy copy(GetParam());
  Cloud cloud(copy.cloud());
  ASSERT_TRUE(cloud.database);
  const auto batch = wire::read_batch(copy.up());
  ASSERT_TRUE(batch) << batch.error().what;
  for (const wire::ReadItem& each : batch->items) {
    ASSERT_TRUE(each.item) << each.item.error().what;
    EXPECT_EQ(base::blake2b(wire::encode(each.item->event)), each.item->hash) << each.id;
  }
  auto body = base::parse_json(copy.up());
  ASSERT_TRUE(body);
  body->as_object()["generation"] = cloud.login.generation;
  const auto response = cloud.post("/v1/sync/up", boost::json::serialize(*body));
  ASSERT_EQ(response.status, 200) << response.body;
  const auto answer = wire::read_answer(response.body);
  ASSERT_TRUE(answer);
  for (const wire::UpResult& each : answer->results) {
    EXPECT_EQ(each.status, wire::ItemStatus::applied) << each.id << " " << each.code;
  }
}

// Each member of an upload left out, or with one beside it that nobody knows: the cloud takes an
// item whole, or says which one it does not take and why. It never stores another document than
// the one that was made, and never fails.
class Payload {
 public:
  explicit Payload(const Bytes& text) : text_(text) {}

  // Changes the n-th place; false: there are fewer.
  bool change(std::size_t n, bool leave_out) {
    auto parsed = base::parse_json(text_);
    if (!parsed) return false;
    value = *std::move(parsed);
    left_ = n;
    return walk(value, leave_out);
  }
  boost::json::value value;

 private:
  bool walk(boost::json::value& at, bool leave_out) {
    if (auto* const object = at.if_object()) {
      if (!leave_out && left_-- == 0) {
        (*object)["of_tomorrow"] = "unknown";
        return true;
      }
      for (auto member = object->begin(); member != object->end(); ++member) {
        if (leave_out && left_-- == 0) {
          object->erase(member);
          return true;
        }
        if (walk(member->value(), leave_out)) return true;
      }
    } else if (auto* const array = at.if_array()) {
      for (auto& each : *array) {
        if (walk(each, leave_out)) return true;
      }
    }
    return false;
  }
  Bytes text_;
  std::size_t left_ = 0;
};

TEST_P(Upgrade, AnUploadWithLessOrMoreIsTakenOrVisiblyRefused) {
  Copy copy(GetParam());
  Cloud cloud(copy.cloud());
  ASSERT_TRUE(cloud.database);
  auto body = base::parse_json(copy.up());
  ASSERT_TRUE(body);
  body->as_object()["generation"] = cloud.login.generation;
  const Bytes text = boost::json::serialize(*body);
  const auto sent = wire::read_batch(text);
  ASSERT_TRUE(sent);
  std::map<std::string, std::string> hashes;
  for (const wire::ReadItem& each : sent->items) hashes[each.id] = each.item->hash.hex();
  std::size_t tried = 0;
  for (const bool leave_out : {true, false}) {
    for (std::size_t n = 0;; ++n) {
      Payload payload(text);
      if (!payload.change(n, leave_out)) break;
      ++tried;
      const auto response = cloud.post("/v1/sync/up", boost::json::serialize(payload.value));
      if (response.status != 200) {
        const auto problem = wire::read_problem(response.body);
        ASSERT_TRUE(response.status == 400 || response.status == 401) << response.body;
        ASSERT_TRUE(problem && !problem->code.empty() && !problem->what.empty()) << response.body;
        continue;
      }
      const auto answer = wire::read_answer(response.body);
      ASSERT_TRUE(answer) << response.body;
      const auto refused = cloud.refused();
      for (const wire::UpResult& each : answer->results) {
        if (each.status == wire::ItemStatus::rejected) {
          EXPECT_FALSE(each.code.empty());
          EXPECT_TRUE(refused.contains(each.id)) << each.id << " is refused and nobody sees it";
        } else if (each.status != wire::ItemStatus::deferred) {
          EXPECT_EQ(each.hash, hashes[each.id]) << "another document was taken";
        }
      }
    }
  }
  EXPECT_GT(tried, 100U);
  const auto rows = cloud.database->audit(0, 1000, false);
  ASSERT_TRUE(rows);
  for (const oms::AuditRow& row : *rows) {
    if (const auto at = hashes.find(row.id.text()); at != hashes.end()) {
      EXPECT_EQ(row.hash.hex(), at->second) << row.id.text();
    }
  }
}

// Damages a till's files at places that a seed picks; gives what it did. Where something is
// written, more often than in the zeros behind it.
std::string damage(const std::vector<fs::path>& files, std::mt19937& random) {
  std::string told;
  const unsigned hits = 1 + static_cast<unsigned>(random() % 3);
  for (unsigned i = 0; i < hits; ++i) {
    const fs::path& file = files[random() % files.size()];
    Bytes bytes = read_file(file);
    if (bytes.empty()) continue;
    const std::size_t used = bytes.find_last_not_of('\0') + 1;
    const std::size_t at = random() % std::max<std::size_t>(used, 1);
    const std::size_t sector = std::min<std::size_t>(512, bytes.size() - at);
    constexpr std::string_view kHow[] = {"a bit", "cut off", "zeros", "emptied"};
    const std::size_t how = random() % std::size(kHow);
    if (how == 0) bytes[at] = static_cast<char>(bytes[at] ^ (1 << (random() % 8)));
    if (how == 1) bytes.resize(at);
    if (how == 2) bytes.replace(at, sector, sector, '\0');
    if (how == 3) bytes.clear();
    write_file(file, bytes);
    told += fmt::format("{} at {}: {}; ", file.filename().string(), at, kHow[how]);
  }
  return told;
}

std::vector<fs::path> files_below(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& each : fs::recursive_directory_iterator(folder)) {
    if (each.is_regular_file() && each.file_size() > 0) files.push_back(each.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

unsigned first_seed() {
  const char* const said = std::getenv("TILLRIG_SEED");
  return said != nullptr ? static_cast<unsigned>(std::strtoul(said, nullptr, 10)) : 1;
}

std::set<std::string> all_that_waits(const char* version) {
  Copy copy(version);
  Till till(copy.till());
  EXPECT_TRUE(till.store) << till.why;
  return till.store ? waiting(till) : std::set<std::string>();
}

bool says_so(const store::Opened& opened) {
  const bool damaged =
      opened.verdict == store::Verdict::degraded || opened.verdict == store::Verdict::critical;
  return damaged && !opened.what.empty();
}

// With one copy whole all that waited is there still, unless the till says that it is not.
TEST_P(Upgrade, ADamagedQueueIsFilledFromTheOtherCopy) {
  const std::set<std::string> all = all_that_waits(GetParam());
  for (unsigned seed = first_seed(); seed < first_seed() + 30; ++seed) {
    SCOPED_TRACE(fmt::format("again: TILLRIG_SEED={}", seed));
    Copy copy(GetParam());
    std::mt19937 random(seed);
    const std::string done =
        damage(files_below(copy.till() / (seed % 2 == 0 ? "ledger" : "db")), random);
    Till till(copy.till());
    if (!till.store) {
      EXPECT_FALSE(till.why.empty());
      continue;
    }
    const store::Opened& opened = till.store->opened();
    const std::set<std::string> there = waiting(till);
    const bool whole = std::includes(there.begin(), there.end(), all.begin(), all.end());
    EXPECT_NE(opened.verdict, store::Verdict::fresh) << done;
    EXPECT_TRUE(whole || opened.verdict == store::Verdict::critical)
        << done << name(opened.verdict) << ": " << opened.what << ", " << there.size() << " of "
        << all.size() << " wait";
  }
}

// With both damaged at once it may not have all; but it is no new store, and an empty one says why.
TEST_P(Upgrade, ADamagedQueueIsNeverReadAsEmpty) {
  for (unsigned seed = first_seed(); seed < first_seed() + 20; ++seed) {
    SCOPED_TRACE(fmt::format("again: TILLRIG_SEED={}", seed));
    Copy copy(GetParam());
    std::mt19937 random(seed);
    const std::string done = damage(files_below(copy.till() / "ledger"), random) +
                             damage(files_below(copy.till() / "db"), random);
    Till till(copy.till());
    if (!till.store) {
      EXPECT_FALSE(till.why.empty());
      continue;
    }
    const store::Opened& opened = till.store->opened();
    EXPECT_NE(opened.verdict, store::Verdict::fresh) << done;
    EXPECT_TRUE(!waiting(till).empty() || says_so(opened))
        << done << name(opened.verdict) << ": " << opened.what;
  }
}

TEST_P(Upgrade, AQueueOfWhichNothingIsLeftIsNoNewStore) {
  Copy copy(GetParam());
  for (const fs::path& file : files_below(copy.till())) write_file(file, "");
  Till till(copy.till());
  ASSERT_TRUE(till.store) << till.why;
  EXPECT_TRUE(says_so(till.store->opened())) << till.store->opened().what;
  EXPECT_TRUE(till.store->opened().copy_lost);
}

INSTANTIATE_TEST_SUITE_P(Formats, Upgrade, ::testing::Values("now", "before"),
                         [](const auto& each) { return std::string(each.param); });

}  // namespace
}  // namespace tillrig::formats
