#include "pos/oms/api.hpp"

#include "pos/wire/body_sum.hpp"
#include "tests/pos/oms/cloud_bench.hpp"

#include <gtest/gtest.h>

#include <set>

namespace tillrig::oms {
namespace {

// Fails every sync of the database file itself; the write-ahead log beside it is sound.
struct DeadDatabaseFile final : disk::Interference {
  bool judge(const disk::Op& op, std::uint64_t /*used*/, disk::Answer& answer) override {
    if (op.kind != disk::OpKind::sync || op.path != "cloud.db") return false;
    answer.error = base::Code::io;
    return true;
  }
};

class ApiTest : public CloudBench {
 protected:
  void SetUp() override { start(); }

  static std::string code_of(const base::HttpResponse& response) {
    const auto value = base::parse_json(response.body);
    if (!value || !value->is_object() || !value->as_object().contains("error")) return "";
    return std::string(value->at("error").at("code").as_string());
  }
  // Expects an answer of ours with this status and code.
  static void expect(const base::HttpResponse& response, int status, std::string_view code) {
    EXPECT_EQ(response.status, status) << response.body;
    EXPECT_EQ(code_of(response), code);
    EXPECT_EQ(response.fields.get("Content-Type"), wire::kContentType);
  }
};

TEST_F(ApiTest, EchoesTheNonceOfAPing) {
  const auto response = get("/v1/ping?nonce=n-42");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.fields.get("Content-Type"), wire::kContentType);
  const auto pong = wire::read_pong(response.body);
  ASSERT_TRUE(pong);
  EXPECT_EQ(pong->nonce, "n-42");
  EXPECT_EQ(pong->server_ms, clock_.wall().ms);
  EXPECT_EQ(pong->server_epoch, database_->identity().server_epoch);
  expect(get("/v1/ping"), 400, "bad_nonce");
  expect(get("/v1/ping?nonce=<b>"), 400, "bad_nonce");
}

TEST_F(ApiTest, GivesEachLoginANewGeneration) {
  EXPECT_EQ(login("till-1").generation, 1U);
  EXPECT_EQ(login("till-1").generation, 2U);
  EXPECT_EQ(login("till-2").generation, 1U);
  stop();
  start();
  EXPECT_EQ(login("till-1").generation, 3U);
}

TEST_F(ApiTest, FencesTheOlderLoginAndStoresNothingOfIts) {
  const auto old = login();
  const auto now = login();
  wire::UpBatch batch = samples::batch({samples::sale(1)});
  batch.generation = old.generation;
  expect(send(batch, old.token), 409, "fenced");
  EXPECT_TRUE(held().empty());
  EXPECT_EQ(recorder_.marks.back(), "cloud.fenced ");
  batch.generation = now.generation;
  EXPECT_EQ(send(batch, now.token).status, 200);
}

TEST_F(ApiTest, AsksForATokenOfItsOwnThatFitsTheBatch) {
  const auto mine = login("till-1");
  const auto other = login("till-2");
  const wire::UpBatch batch = samples::batch({samples::sale(1)});
  std::string forged = mine.token;
  forged.back() = forged.back() == '0' ? '1' : '0';
  for (const std::string& token :
       {std::string(), std::string("x"), std::string("till-1.1."), forged, other.token}) {
    expect(send(batch, token), 401, "bad_token");
  }
  wire::UpBatch ahead = batch;
  ahead.generation = 2;
  expect(send(ahead, mine.token), 401, "bad_token");
  EXPECT_TRUE(held().empty());
  EXPECT_EQ(send(batch, mine.token).status, 200);
}

TEST_F(ApiTest, AsksForWhatCameDamagedAgainAndStoresNothingOfIt) {
  base::HttpRequest request;
  request.method = "POST";
  request.target = "/v1/tills/till-1/login";
  request.fields.add("Content-Type", wire::kContentType);
  request.body = "{}";
  wire::add_sum(request.fields, request.body);
  request.body = "{!";
  const auto response = api_->handle(request);
  EXPECT_EQ(response.status, 400);
  const auto problem = wire::read_problem(response.body);
  ASSERT_TRUE(problem);
  EXPECT_EQ(problem->code, wire::kDamaged);
}

TEST_F(ApiTest, AnswersTheWrongPathMethodAndTypeByStatus) {
  const auto token = login().token;
  expect(get("/v1/nothing"), 404, "not_found");
  expect(get("/"), 404, "not_found");
  expect(get(""), 404, "not_found");
  const auto wrong = get("/v1/sync/up");
  expect(wrong, 405, "bad_method");
  EXPECT_EQ(wrong.fields.get("Allow"), "POST");
  expect(post("/v1/ping?nonce=1", "{}"), 405, "bad_method");
  expect(post("/v1/tills/TILL/login", "{}"), 400, "bad_till");
  expect(post("/v1/tills//login", "{}"), 404, "not_found");
  expect(post("/v1/tills/till-1/more/login", "{}"), 404, "not_found");
  expect(post("/v1/tills/till-9/login", "[]"), 400, "bad_json");
  base::HttpRequest form;
  form.method = "POST";
  form.target = "/v1/sync/up";
  form.fields.add("Authorization", "Bearer " + token);
  form.body = "a=b";
  expect(api_->handle(form), 415, "bad_content_type");
  form.fields.add("Content-Type", "application/x-www-form-urlencoded");
  expect(api_->handle(form), 415, "bad_content_type");
}

TEST_F(ApiTest, RefusesEveryHostileBodyWithACodeAndStoresNothing) {
  login_ = login();
  const std::string good = wire::write_json(samples::batch({samples::sale(1)}));
  const auto with = [&](std::string_view what, std::string_view by) {
    std::string changed = good;
    return changed.replace(changed.find(what), what.size(), by);
  };
  const std::string bodies[] = {"",
                                "null",
                                "[]",
                                "7",
                                "{}",
                                "\"",
                                "{",
                                std::string(1'000, '['),
                                "<html></html>",
                                std::string("\0\0", 2),
                                "{\"till\":\"till-1\"}",
                                good + "x",
                                good.substr(0, good.size() - 1),
                                with(R"("epoch":3)", R"("epoch":1e9)"),
                                with(R"("epoch":3)", R"("epoch":-3)"),
                                with(R"("epoch":3)", R"("epoch":99999999999)"),
                                with(R"("epoch":3)", R"("epoch":3.0)"),
                                with(R"("epoch":3)", R"("epoch":NaN)"),
                                with(R"("generation":1)", R"("generation":18446744073709551616)"),
                                with(R"("generation":1)", R"("generation":1e999)"),
                                with(R"("seq":2)", R"("seq":-2)"),
                                with(R"("items":[)", R"("items":[[],)"),
                                with(R"("items":[)", R"("items":{},"x":[)")};
  for (const std::string& body : bodies) {
    const auto response = post("/v1/sync/up", body, login_.token);
    EXPECT_GE(response.status, 400) << body;
    EXPECT_LT(response.status, 500) << body;
    EXPECT_NE(code_of(response), "") << body;
  }
  const std::string items[] = {with(R"("number":1)", R"("number":1e2)"),
                               with(R"("unit_price":129)", R"("unit_price":9e99)"),
                               with(R"("unit_price":129)", R"("unit_price":-99999999999999999)")};
  for (const std::string& body : items) {
    const auto response = post("/v1/sync/up", body, login_.token);
    EXPECT_EQ(response.status, 200) << "the batch is readable, the item is rejected";
    EXPECT_EQ(statuses(wire::read_answer(response.body).value()), Statuses{"rejected bad_item"});
  }
  EXPECT_TRUE(held().empty());
  EXPECT_EQ(statuses(up({samples::sale(1)})), Statuses{"applied"});
}

TEST_F(ApiTest, SurvivesABatchCutOrChangedAtEveryByte) {
  login_ = login();
  const std::string good = wire::write_json(samples::batch({samples::sale(1)}));
  for (std::size_t at = 0; at < good.size(); ++at) {
    EXPECT_EQ(post("/v1/sync/up", good.substr(0, at), login_.token).status, 400);
    std::string changed = good;
    changed[at] = static_cast<char>(changed[at] ^ 0x11);
    EXPECT_LT(post("/v1/sync/up", changed, login_.token).status, 500) << changed;
  }
  // A changed byte in what nobody reads leaves the event as it was; nothing else may be held.
  for (const AuditRow& row : held()) {
    EXPECT_EQ(row.hash, wire::payload_hash(samples::sale(1)));
  }
}

TEST_F(ApiTest, RefusesWhatIsTooLargePackedOrNot) {
  login_ = login();
  expect(post("/v1/sync/up", std::string(wire::kBodyLimit + 1, ' '), login_.token), 413,
         "too_large");
  std::vector<wire::Event> many;
  for (std::uint64_t seq = 1; seq <= wire::kBatchItems + 1; ++seq) {
    many.push_back(samples::sale(seq));
  }
  expect(send(samples::batch(many), login_.token), 413, "too_large");
  base::HttpRequest bomb;
  bomb.method = "POST";
  bomb.target = "/v1/sync/up";
  bomb.fields.add("Content-Type", wire::kContentType);
  bomb.fields.add("Content-Encoding", "zstd");
  bomb.fields.add("Authorization", "Bearer " + login_.token);
  bomb.body = wire::pack(std::string(wire::kBodyLimit + 1, ' '));
  expect(api_->handle(bomb), 413, "too_large");
  bomb.body = "not zstd";
  expect(api_->handle(bomb), 400, "bad_body");
  bomb.body = wire::pack(wire::write_json(samples::batch({samples::sale(1)})));
  EXPECT_EQ(api_->handle(bomb).status, 200);
  bomb.fields.all[1].second = "br";
  expect(api_->handle(bomb), 415, "bad_content_encoding");
  EXPECT_EQ(held().size(), 1U);
}

TEST_F(ApiTest, AnswersNothingMoreWhenACheckpointFailedAndLosesNothingItTook) {
  constexpr std::uint64_t kMostBatches = 200;
  login_ = login();
  volume_.interfere(1, std::make_unique<DeadDatabaseFile>());
  std::uint64_t taken = 0;
  base::HttpResponse last;
  for (std::uint64_t at = 0; at < kMostBatches; ++at) {
    std::vector<wire::Event> events;
    for (std::uint64_t n = 1; n <= wire::kBatchItems; ++n) {
      events.push_back(samples::sale(at * wire::kBatchItems + n));
    }
    wire::UpBatch batch = samples::batch(std::move(events));
    batch.generation = login_.generation;
    last = send(batch, login_.token);
    if (last.status != 200) break;
    taken += wire::kBatchItems;
  }
  expect(last, 503, "dead_file");
  EXPECT_NE(last.body.find("checkpoint"), std::string::npos) << last.body;
  EXPECT_NE(last.body.find("restart"), std::string::npos) << last.body;
  expect(post("/v1/tills/till-2/login", "{}"), 503, "dead_file");
  expect(get("/v1/ping?nonce=a"), 503, "dead_file");
  expect(get("/v1/audit/events"), 503, "dead_file");
  volume_.relent(1);
  expect(get("/v1/ping?nonce=a"), 503, "dead_file");
  volume_.power_cut(disk::Cut{});
  stop();
  start();
  EXPECT_EQ(held().size(), taken);
  EXPECT_EQ(get("/v1/ping?nonce=a").status, 200);
}

TEST_F(ApiTest, AnswersNothingMoreWhenACommitFailedToSync) {
  login_ = login();
  struct DeadLog final : disk::Interference {
    bool judge(const disk::Op& op, std::uint64_t /*used*/, disk::Answer& answer) override {
      if (op.kind != disk::OpKind::sync) return false;
      answer.error = base::Code::io;
      return true;
    }
  };
  volume_.interfere(1, std::make_unique<DeadLog>());
  wire::UpBatch batch = samples::batch({samples::sale(1)});
  batch.generation = login_.generation;
  expect(send(batch, login_.token), 503, "dead_file");
  volume_.relent(1);
  expect(send(batch, login_.token), 503, "dead_file");
}

TEST_F(ApiTest, ListsWhatItHoldsForAuditorsPageByPage) {
  up({samples::sale(1), samples::sale(2), samples::sale(3)});
  const auto first = get("/v1/audit/events?after=0&limit=2");
  EXPECT_EQ(first.status, 200);
  EXPECT_NE(first.body.find(R"("next":2})"), std::string::npos) << first.body;
  const auto second = get("/v1/audit/events?after=2&limit=2");
  EXPECT_NE(second.body.find("till-1.3.3"), std::string::npos);
  EXPECT_EQ(get("/v1/audit/events?after=4").body, R"({"events":[],"next":4})");
  for (const char* page :
       {"after=-1", "after=x", "limit=0", "limit=1001", "after=9223372036854775808", "after=1e3"}) {
    expect(get("/v1/audit/events?" + std::string(page)), 400, "bad_page");
  }
}

TEST_F(ApiTest, ListsAllThatWasRefusedPageByPage) {
  constexpr std::uint64_t kRefused = 1'205;  // more than a page holds
  Rules rules;
  rules.reject_skus.insert("4006381333931");
  stop();
  start({}, rules);
  for (std::uint64_t seq = 1; seq <= kRefused; seq += wire::kBatchItems) {
    std::vector<wire::Event> events;
    for (std::uint64_t n = seq; n < seq + wire::kBatchItems && n <= kRefused; ++n) {
      events.push_back(samples::sale(n));
    }
    up(std::move(events));
  }
  std::set<std::string> seen;
  std::string after;
  for (;;) {
    const auto page = get("/v1/audit/refused?limit=500&after=" + after);
    ASSERT_EQ(page.status, 200) << page.body;
    const auto value = base::parse_json(page.body);
    ASSERT_TRUE(value) << page.body;
    const auto& refused = value->as_object().at("refused").as_array();
    if (refused.empty()) break;
    ASSERT_LE(refused.size(), 500U);
    for (const auto& each : refused) {
      seen.insert(std::string(each.as_object().at("uuid").as_string()));
    }
    after = std::string(value->as_object().at("next").as_string());
  }
  EXPECT_EQ(seen.size(), kRefused);
  for (const char* page : {"after=x", "limit=0", "limit=1001", "limit=-1"}) {
    expect(get("/v1/audit/refused?" + std::string(page)), 400, "bad_page");
  }
}

}  // namespace
}  // namespace tillrig::oms
