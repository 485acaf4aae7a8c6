#include "pos/wire/body_sum.hpp"
#include "sim/net/link.hpp"
#include "sim/world/faults/upload.hpp"
#include "tests/pos/wire/samples.hpp"

#include <gtest/gtest.h>

#include <string>

// A cloud that lies or turns uploads away, and somebody who changes them: what becomes of them.
namespace tillrig::world {
namespace {

namespace samples = wire::samples;

class Stopped final : public ports::Clock {
 public:
  [[nodiscard]] base::Instant now() const override { return {}; }
  [[nodiscard]] base::WallTime wall() const override { return {}; }
  [[nodiscard]] ports::Uptime uptime() const override { return {}; }
};

class Lies : public testing::Test {
 protected:
  void start(std::string_view fault, words::Args args = {}) {
    words::Table<words::Fault>::find(fault)->start(link_, 1, args);
  }

  // An upload of these, as a till sends it.
  static base::HttpRequest upload(std::vector<wire::Event> events, const std::string& token = "t") {
    base::HttpRequest request;
    request.method = "POST";
    request.target = "/v1/sync/up";
    request.fields.add("Authorization", "Bearer " + token);
    request.fields.add("Content-Encoding", "zstd");
    request.body = wire::pack(wire::write_json(samples::batch(std::move(events))));
    wire::add_sum(request.fields, request.body);
    return request;
  }

  // What the till hears of a batch of an epoch's beginning and two sales that were applied.
  wire::UpAnswer told() {
    const std::vector<wire::Event> events = {samples::epoch_opened(3), samples::sale(2),
                                             samples::sale(3)};
    net::Verdict verdict = link_.judge(upload(events));
    wire::UpAnswer answer;
    for (const wire::Event& event : events) {
      wire::UpResult result;
      result.id = event.id.text();
      result.hash = wire::payload_hash(event).hex();
      answer.results.push_back(result);
    }
    base::HttpResponse response;
    response.body = wire::write_json(answer);
    wire::add_sum(response.fields, response.body);
    if (verdict.lie) verdict.lie(response);
    EXPECT_FALSE(wire::damaged(response.fields, response.body));
    EXPECT_NE(response.fields.get(wire::kSumField), "");
    return wire::read_answer(response.body).value();
  }

  Stopped clock_;
  net::Link link_{"till-1", clock_};
  const std::string hash_ = wire::payload_hash(samples::sale(2)).hex();
};

TEST_F(Lies, TellTheTruthOfAllButTheFirstDocument) {
  start("cloud.other_hash");
  const auto answer = told();
  ASSERT_EQ(answer.results.size(), 3U);
  EXPECT_EQ(answer.results[0].hash, wire::payload_hash(samples::epoch_opened(3)).hex());
  EXPECT_EQ(answer.results[1].status, wire::ItemStatus::applied);
  EXPECT_NE(answer.results[1].hash, hash_);
  EXPECT_EQ(answer.results[2].hash, wire::payload_hash(samples::sale(3)).hex());
}

TEST_F(Lies, CallADocumentAConflict) {
  start("cloud.conflict");
  const auto answer = told();
  EXPECT_EQ(answer.results[1].status, wire::ItemStatus::conflict);
  EXPECT_EQ(answer.results[2].status, wire::ItemStatus::applied);
}

TEST_F(Lies, PassADocumentOverAndEndWithTheirCount) {
  words::Args once;
  once.set("count", std::int64_t{1});
  start("cloud.omits", once);
  const auto answer = told();
  ASSERT_EQ(answer.results.size(), 2U);
  EXPECT_EQ(answer.results[1].id, "till-1.3.3");
  EXPECT_EQ(told().results.size(), 3U);
  EXPECT_EQ(link_.hits(1), 1U);
}

TEST_F(Lies, ABatchThatIsTooLargeIsTurnedAwayInTheCloudsOwnWords) {
  words::Args two;
  two.set("items", std::int64_t{2});
  start("cloud.413", two);
  EXPECT_FALSE(link_.judge(upload({samples::sale(2), samples::sale(3)})).answer);
  const auto verdict = link_.judge(upload({samples::sale(2), samples::sale(3), samples::sale(4)}));
  ASSERT_TRUE(verdict.answer);
  EXPECT_TRUE(verdict.as_cloud);
  EXPECT_EQ(verdict.answer->status, 413);
  EXPECT_EQ(verdict.answer->fields.get("Content-Type"), wire::kContentType);
  EXPECT_FALSE(wire::damaged(verdict.answer->fields, verdict.answer->body));
  EXPECT_EQ(wire::read_problem(verdict.answer->body).value().code, "too_large");
}

TEST_F(Lies, ABatchIsTurnedAwayForOneItemInIt) {
  words::Args item;
  item.set("item", std::string("umbrella"));
  start("cloud.400", item);
  wire::Event guilty = samples::sale(3);
  std::get<wire::Document>(guilty.body).lines[0].sku = "umbrella";
  EXPECT_FALSE(link_.judge(upload({samples::sale(2)})).answer);
  const auto verdict = link_.judge(upload({samples::sale(2), guilty}));
  ASSERT_TRUE(verdict.answer);
  EXPECT_EQ(verdict.answer->status, 400);
}

TEST_F(Lies, OnlyTheLoginThatWasThereFirstIsTurnedAway) {
  start("cloud.login_lost");
  EXPECT_EQ(link_.judge(upload({samples::sale(2)}, "old")).answer.value().status, 409);
  EXPECT_EQ(link_.judge(upload({samples::sale(2)}, "old")).answer.value().status, 409);
  EXPECT_FALSE(link_.judge(upload({samples::sale(2)}, "new")).answer);
}

TEST_F(Lies, WhatIsSentAgainIsAnotherDocumentWhoseHashAndSumFit) {
  start("wan.forged");
  const auto lost = link_.judge(upload({samples::epoch_opened(3), samples::sale(2)}));
  EXPECT_TRUE(lost.lose_answer);
  EXPECT_FALSE(lost.forge);
  base::HttpRequest again = upload({samples::sale(2), samples::sale(3)});
  const auto verdict = link_.judge(again);
  ASSERT_TRUE(verdict.forge);
  verdict.forge(again);
  const auto batch = read_upload(again);
  ASSERT_TRUE(batch) << "its sum fits";
  ASSERT_EQ(batch->items.size(), 2U);
  const wire::UpItem& forged = *batch->items[0].item;
  EXPECT_NE(forged.hash.hex(), hash_);
  EXPECT_EQ(forged.hash, wire::payload_hash(forged.event));
  EXPECT_EQ(batch->items[1].item->hash, wire::payload_hash(samples::sale(3)));
}

}  // namespace
}  // namespace tillrig::world
