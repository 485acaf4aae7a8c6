#pragma once

#include "pos/base/json.hpp"
#include "pos/oms/api.hpp"
#include "pos/oms/mutants.hpp"
#include "pos/oms/sqlite_database.hpp"
#include "sim/disk/volume.hpp"
#include "sim/disk/volume_disk.hpp"
#include "sim/kernel/ports.hpp"
#include "tests/pos/wire/samples.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tillrig::oms {

// Documents as a till numbers them: the first of an epoch, number 1, is its second event.
namespace samples {
using namespace wire::samples;  // NOLINT(google-build-using-namespace)

inline wire::Event numbered(wire::Event event) {
  ++event.id.seq;
  if (event.kind == wire::EventKind::sale) event.aggregate = event.id.text();
  return event;
}
inline wire::Event sale(std::uint64_t number, std::string till = "till-1",
                        std::uint32_t epoch = 3) {
  return numbered(wire::samples::sale(number, std::move(till), epoch));
}
// A half of the sale's first line: the first half takes 9 of its 17 cents of tax, the second 8.
inline wire::Event refund(std::uint64_t number, const base::EventId& of, std::int64_t tax = 9) {
  wire::Event event = numbered(wire::samples::refund(number, of));
  auto& document = std::get<wire::Document>(event.body);
  document.lines[0].tax = base::Money{-tax};
  add_up(document);
  return event;
}
}  // namespace samples

class FixedClock final : public ports::Clock {
 public:
  [[nodiscard]] base::Instant now() const override { return {}; }
  [[nodiscard]] base::WallTime wall() const override { return {1'772'438'500'000}; }
  [[nodiscard]] ports::Uptime uptime() const override { return {}; }
};

// Keeps the marks that were noted, each with its sale: "cloud.applied till-1.3.42".
class MarkList final : public ports::Recorder {
 public:
  using Recorder::note;
  std::uint64_t note(const ports::Note& note, std::span<const ports::Arg> /*args*/) override {
    marks.push_back(std::string(note.mark) + " " + std::string(note.sale));
    return marks.size();
  }
  std::vector<std::string> marks;
};

// A cloud's API over SQLite on a simulated disk.
class CloudBench : public ::testing::Test {
 protected:
  void start(base::Mutants mutants = {}, Rules rules = {}, Secrets secrets = {}) {
    disk_ = std::make_unique<disk::VolumeDisk>(volume_);
    SqliteOptions options;
    options.unique_ids = !kNoDedupe.on(mutants);
    auto opened = open_sqlite(*disk_, entropy_, options);
    ASSERT_TRUE(opened) << opened.error().what;
    database_ = *std::move(opened);
    api_ = std::make_unique<Api>(*database_, clock_, recorder_, std::move(rules), mutants,
                                 std::move(secrets));
  }
  void stop() {
    api_.reset();
    database_.reset();
    disk_.reset();
  }

  base::HttpResponse get(std::string target, std::string_view token = {}) {
    base::HttpRequest request;
    if (!token.empty()) request.fields.add("Authorization", "Bearer " + std::string(token));
    request.target = std::move(target);
    return api_->handle(request);
  }
  base::HttpResponse post(std::string target, std::string body, std::string_view token = {}) {
    base::HttpRequest request;
    request.method = "POST";
    request.target = std::move(target);
    request.fields.add("Content-Type", wire::kContentType);
    if (!token.empty()) request.fields.add("Authorization", "Bearer " + std::string(token));
    request.body = std::move(body);
    return api_->handle(request);
  }
  wire::LoggedIn login(const std::string& till = "till-1") {
    const auto response = post("/v1/tills/" + till + "/login", "{}");
    auto read = wire::read_login(response.body);
    EXPECT_TRUE(read) << response.body;
    return read.value_or(wire::LoggedIn{});
  }
  base::HttpResponse send(const wire::UpBatch& batch, std::string_view token) {
    return post("/v1/sync/up", wire::write_json(batch), token);
  }
  // Sends events under the newest login and gives the answer.
  wire::UpAnswer up(std::vector<wire::Event> events) {
    return up(samples::batch(std::move(events)));
  }
  wire::UpAnswer up(wire::UpBatch batch) {
    if (login_.token.empty()) login_ = login();
    announce(batch.till, batch.epoch);
    batch.generation = login_.generation;
    const auto response = send(batch, login_.token);
    EXPECT_EQ(response.status, 200) << response.body;
    auto read = wire::read_answer(response.body);
    EXPECT_TRUE(read) << response.body;
    return read.value_or(wire::UpAnswer{});
  }
  // The event that opens an epoch is there, as after the till's own first batch.
  void announce(const std::string& till, std::uint32_t epoch) {
    if (!announced_.insert({till, epoch}).second) return;
    wire::UpBatch first = samples::batch({samples::epoch_opened(epoch, till)});
    first.generation = login_.generation;
    const std::size_t marks = recorder_.marks.size();
    EXPECT_EQ(send(first, login_.token).status, 200);
    recorder_.marks.resize(marks);
  }
  // "applied", "rejected unknown_item", ... one for each result.
  static std::vector<std::string> statuses(const wire::UpAnswer& answer) {
    std::vector<std::string> list;
    for (const auto& result : answer.results) {
      list.push_back(std::string(wire::name(result.status)) +
                     (result.code.empty() ? "" : " " + result.code));
    }
    return list;
  }
  // The documents that are held.
  std::vector<AuditRow> held() {
    auto rows = database_->audit(0, 100'000, false).value();
    std::erase_if(rows,
                  [](const AuditRow& row) { return row.kind == wire::EventKind::epoch_opened; });
    return rows;
  }
  std::string audit_text() { return get("/v1/audit/events").body; }

  disk::Volume volume_{"cloud"};
  FixedClock clock_;
  MarkList recorder_;
  kernel::NamedStreams entropy_{7, "cloud"};
  std::unique_ptr<disk::VolumeDisk> disk_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<Api> api_;
  wire::LoggedIn login_;
  std::set<std::pair<std::string, std::uint32_t>> announced_;
};

using Statuses = std::vector<std::string>;

}  // namespace tillrig::oms
