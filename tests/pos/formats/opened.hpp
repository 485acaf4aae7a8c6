#pragma once

#include "pos/host/disk.hpp"
#include "pos/oms/api.hpp"
#include "pos/oms/sqlite_database.hpp"
#include "pos/store/store.hpp"
#include "tests/pos/formats/made.hpp"
#include "tests/pos/formats/still_ports.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

namespace tillrig::formats {

namespace fs = std::filesystem;
using base::Bytes;

inline const fs::path kFixtures = fs::path(TILLRIG_SOURCE_DIR) / "fixtures" / "formats";

inline Bytes read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}
inline void write_file(const fs::path& path, const Bytes& bytes) {
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
inline void send_all(Till& till, Cloud& cloud) {
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

inline std::set<std::string> waiting(Till& till) {
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

inline bool wanted_anew() {
  const char* const folder = std::getenv("TILLRIG_MAKE_FORMATS");
  return folder != nullptr && *folder != '\0';
}

// By version: "now", "before".
class Upgrade : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (wanted_anew()) GTEST_SKIP() << "the fixtures are being made";
  }
};

}  // namespace tillrig::formats
