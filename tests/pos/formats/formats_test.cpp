// Upgrades with a full outbox: what a till and a cloud of today and of the version before left on
// their disks is opened, and nothing of it is lost. The files in fixtures/formats are made by
// make_formats, and by nothing else:
//
//   TILLRIG_MAKE_FORMATS=fixtures/formats/now build/dev/bin/test_pos_formats
//
// `before` was made by the same source, compiled against the last version of another format: before
// there were business days in the database and kinds that nobody knows in the ledger.
#include "pos/base/json.hpp"
#include "tests/pos/formats/opened.hpp"

#include <boost/json/serialize.hpp>

namespace tillrig::formats {
namespace {

// Only when somebody asks for it; else it looks whether what it would make is of the kept format.
TEST(Formats, AreMadeAnewOnlyWhenSomebodyAsksForIt) {
  if (!wanted_anew()) GTEST_SKIP() << "TILLRIG_MAKE_FORMATS names no folder";
  const std::string folder = std::getenv("TILLRIG_MAKE_FORMATS");
  ASSERT_FALSE(fs::exists(folder)) << "take the old ones away first";
  EXPECT_EQ(make_formats(folder), "");
}

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

INSTANTIATE_TEST_SUITE_P(Formats, Upgrade, ::testing::Values("now", "before"),
                         [](const auto& each) { return std::string(each.param); });

}  // namespace
}  // namespace tillrig::formats
