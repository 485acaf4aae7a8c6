#include "pos/oms/ingest.hpp"

#include "tests/pos/oms/cloud_bench.hpp"
#include "tests/pos/oms/projections.hpp"

#include <gtest/gtest.h>

namespace tillrig::oms {
namespace {

class IngestTest : public CloudBench {
 protected:
  void SetUp() override { start({}, Rules{{"poison"}}); }

  static wire::Event poison(std::uint64_t seq) {
    wire::Event event = samples::sale(seq);
    std::get<wire::Document>(event.body).lines[0].sku = "poison";
    return event;
  }
};

TEST_F(IngestTest, StoresASaleOnceHoweverOftenItComes) {
  const wire::Event sale = samples::sale(1);
  const auto first = up({sale});
  EXPECT_EQ(statuses(first), Statuses{"applied"});
  EXPECT_EQ(first.results[0].v, 2U);
  EXPECT_EQ(first.results[0].hash, wire::payload_hash(sale).hex());
  const auto again = up({sale, sale});
  EXPECT_EQ(statuses(again), (Statuses{"duplicate", "duplicate"}));
  EXPECT_EQ(again.results[0].v, 2U);
  EXPECT_EQ(held().size(), 1U);
  EXPECT_EQ(recorder_.marks,
            (Statuses{"cloud.login ", "cloud.applied till-1.3.2", "cloud.duplicate till-1.3.2",
                      "cloud.duplicate till-1.3.2"}));
}

TEST_F(IngestTest, HandsOnWhatAnEventSaysBesideItsDocument) {
  wire::Event sale = samples::sale(1);
  sale.tail.set(wire::kMember, "ana");
  ASSERT_TRUE(sale.tail.add(77, "of later software"));
  const auto answer = up({sale});
  EXPECT_EQ(statuses(answer), Statuses{"applied"});
  EXPECT_EQ(answer.results[0].hash, wire::payload_hash(sale).hex());
  ASSERT_EQ(held().size(), 1U);
  EXPECT_NE(audit_text().find(wire::payload_hash(sale).hex()), std::string::npos);
}

TEST_F(IngestTest, KeepsTheFirstContentWhenAnIdComesWithAnother) {
  up({samples::sale(1)});
  const std::string before = audit_text();
  wire::Event other = samples::sale(1);
  std::get<wire::Document>(other.body).lines[0].name = "Something else";
  const auto answer = up({other});
  EXPECT_EQ(statuses(answer), Statuses{"conflict other_content"});
  EXPECT_EQ(answer.results[0].hash, wire::payload_hash(samples::sale(1)).hex());
  EXPECT_EQ(audit_text(), before);
  EXPECT_NE(get("/v1/audit/refused").body.find("other_content"), std::string::npos);
}

TEST_F(IngestTest, TakesTheNeighboursOfABadItem) {
  wire::Event uneven = samples::sale(3);
  std::get<wire::Document>(uneven.body).total += base::Money{1};
  wire::Event foreign = samples::sale(4);
  std::get<wire::Document>(foreign.body).currency = "XXY";
  wire::Event dateless = samples::sale(5);
  std::get<wire::Document>(dateless.body).day = "2026-13-02";
  wire::UpBatch batch = samples::batch(
      {samples::sale(1), poison(2), uneven, foreign, dateless, samples::sale(6), samples::sale(7)});
  batch.items[5].hash = wire::payload_hash(samples::sale(1));
  EXPECT_EQ(statuses(up(batch)),
            (Statuses{"applied", "rejected unknown_item", "rejected arithmetic",
                      "rejected unknown_currency", "rejected bad_day", "rejected hash_mismatch",
                      "applied"}));
  EXPECT_EQ(held().size(), 2U);
}

TEST_F(IngestTest, TakesOnlyDaysThatTheCalendarHas) {
  std::vector<wire::Event> sales;
  for (const char* day : {"2026-02-28", "2026-02-29", "2028-02-29", "2026-02-31", "2026-04-31",
                          "1900-02-29", "2000-02-29"}) {
    sales.push_back(samples::sale(sales.size() + 1));
    std::get<wire::Document>(sales.back().body).day = day;
  }
  EXPECT_EQ(statuses(up(sales)),
            (Statuses{"applied", "rejected bad_day", "applied", "rejected bad_day",
                      "rejected bad_day", "rejected bad_day", "applied"}));
}

TEST_F(IngestTest, RefundsASaleThoughOtherContentCameUnderItsId) {
  up({samples::sale(1)});
  wire::Event other = samples::sale(1);
  std::get<wire::Document>(other.body).lines[0].name = "Something else";
  wire::UpBatch garbled = samples::batch({samples::sale(1)});
  garbled.items[0].hash = wire::payload_hash(other);
  EXPECT_EQ(statuses(up(garbled)), Statuses{"rejected hash_mismatch"});
  EXPECT_EQ(statuses(up({other, samples::refund(2, samples::sale(1).id)})),
            (Statuses{"conflict other_content", "applied"}));
  EXPECT_EQ(statuses(up({samples::refund(3, samples::sale(1).id, 8)})), Statuses{"applied"});
}

TEST_F(IngestTest, RejectsAnUnreadableItemAlone) {
  wire::UpBatch batch = samples::batch({samples::sale(1), samples::sale(2)});
  login_ = login();
  announce("till-1", 3);
  std::string body = wire::write_json(batch);
  body.replace(body.find(R"("number":1)"), 10, R"("number":"1")");
  const auto response = post("/v1/sync/up", body, login_.token);
  EXPECT_EQ(statuses(wire::read_answer(response.body).value()),
            (Statuses{"rejected bad_item", "applied"}));
}

TEST_F(IngestTest, DefersARefundUntilItsSaleIsThere) {
  const wire::Event refund = samples::refund(2, samples::sale(1).id);
  EXPECT_EQ(statuses(up({refund})), Statuses{"deferred aggregate_missing"});
  EXPECT_EQ(statuses(up({samples::sale(1), refund})), (Statuses{"applied", "applied"}));
  EXPECT_EQ(held()[1].of, "till-1.3.2");
  EXPECT_LT(held()[1].total.minor, 0);
}

TEST_F(IngestTest, DelaysOnlyThePoisonedSalesOwnRefund) {
  const auto answer = up({poison(1), samples::refund(2, samples::sale(1).id), samples::sale(3),
                          samples::refund(4, samples::sale(3).id)});
  EXPECT_EQ(statuses(answer), (Statuses{"rejected unknown_item", "deferred aggregate_blocked",
                                        "applied", "applied"}));
  EXPECT_EQ(statuses(up({samples::refund(2, samples::sale(1).id)})),
            Statuses{"deferred aggregate_missing"});
}

TEST_F(IngestTest, ARefusedRefundHoldsNoOtherBack) {
  up({samples::sale(1)});
  wire::Event bad = samples::refund(2, samples::sale(1).id);
  std::get<wire::Document>(bad.body).total -= base::Money{1};
  up({bad});
  EXPECT_EQ(statuses(up({samples::refund(3, samples::sale(1).id)})), Statuses{"applied"});
  // Mended under the same id, it no longer stands in the way.
  EXPECT_EQ(statuses(up({samples::refund(2, samples::sale(1).id, 8),
                         samples::refund(3, samples::sale(1).id)})),
            (Statuses{"applied", "duplicate"}));
}

TEST_F(IngestTest, RefusesARefundOfARefundAndAWrongAggregate) {
  up({samples::sale(1), samples::refund(2, samples::sale(1).id)});
  wire::Event nested = samples::refund(3, samples::refund(2, samples::sale(1).id).id);
  wire::Event astray = samples::sale(4);
  astray.aggregate = "till-1.3.2";
  EXPECT_EQ(statuses(up({nested, astray})),
            (Statuses{"rejected not_a_sale", "rejected bad_aggregate"}));
}

TEST_F(IngestTest, AnswersHowFarItHoldsEverythingWithoutAGap) {
  EXPECT_EQ(up({samples::sale(1), samples::sale(3), samples::sale(4)}).contiguous_through, 2U);
  EXPECT_EQ(up({samples::sale(6)}).contiguous_through, 2U);
  EXPECT_EQ(up({samples::sale(2)}).contiguous_through, 5U);
  EXPECT_EQ(up({samples::sale(5)}).contiguous_through, 7U);
  // Another epoch begins anew; the login tells of both.
  EXPECT_EQ(up({samples::sale(2, "till-1", 4)}).contiguous_through, 1U);
  const auto highs = login().highs;
  ASSERT_EQ(highs.size(), 2U);
  EXPECT_EQ(highs[0].epoch, 3U);
  EXPECT_EQ(highs[0].number, 6U);
  EXPECT_EQ(highs[0].contiguous_through, 7U);
  EXPECT_EQ(highs[1].epoch, 4U);
  EXPECT_EQ(highs[1].contiguous_through, 1U);
}

TEST_F(IngestTest, KeepsEverythingOverARestartAndAPowerCut) {
  up({samples::sale(1), samples::sale(2), poison(3)});
  const std::string before = audit_text();
  const std::string refused = get("/v1/audit/refused").body;
  const std::string server_epoch = database_->identity().server_epoch;
  disk_->cut_off();
  volume_.power_cut(disk::Survivors{});
  stop();
  start();
  EXPECT_EQ(audit_text(), before);
  EXPECT_EQ(get("/v1/audit/refused").body, refused);
  EXPECT_EQ(database_->identity().server_epoch, server_epoch);
  EXPECT_EQ(statuses(up({samples::sale(1), samples::sale(2)})),
            (Statuses{"duplicate", "duplicate"}))
      << "the token of before the restart is still good";
}

TEST_F(IngestTest, RebuildsTheSameProjectionsFromTheEvents) {
  up({samples::epoch_opened(3), samples::sale(2), samples::refund(3, samples::sale(2).id)});
  const std::string live = audit_text();
  EXPECT_NE(live.find(R"("payments":-129)"), std::string::npos) << live;
  ASSERT_TRUE(rebuild_projections(*database_));
  EXPECT_EQ(audit_text(), live);
}

// A database that cannot write the payments of one event.
class Balking : public Database {
 public:
  Balking(Database& real, std::uint64_t seq, base::Code code)
      : real_(real), seq_(seq), code_(code) {}
  const Identity& identity() const override { return real_.identity(); }
  Postings& postings() override { return real_.postings(); }
  Days& days() override { return real_.days(); }
  Homes& homes() override { return real_.homes(); }
  Result<void> usable() const override { return real_.usable(); }
  Result<void> begin() override { return real_.begin(); }
  Result<void> commit() override { return real_.commit(); }
  void rollback() override { real_.rollback(); }
  Result<void> savepoint() override { return real_.savepoint(); }
  Result<void> keep() override { return real_.keep(); }
  Result<void> undo() override { return real_.undo(); }
  Result<std::optional<Held>> find(const base::EventId& id) override { return real_.find(id); }
  Result<std::map<std::uint64_t, Held>> held(std::string_view till, std::uint32_t epoch,
                                             std::uint64_t first, std::uint64_t last) override {
    return real_.held(till, epoch, first, last);
  }
  Result<std::set<std::uint64_t>> refused(std::string_view till, std::uint32_t epoch,
                                          std::uint64_t first, std::uint64_t last) override {
    return real_.refused(till, epoch, first, last);
  }
  Result<std::uint64_t> insert(const NewEvent& event) override { return real_.insert(event); }
  Result<std::vector<StoredBody>> bodies(std::uint64_t after_v, std::size_t most) override {
    return real_.bodies(after_v, most);
  }
  Result<std::optional<Bytes>> body(const base::EventId& id) override { return real_.body(id); }
  Result<std::vector<Bytes>> refunds_of(std::string_view sale) override {
    return real_.refunds_of(sale);
  }
  Result<std::optional<base::EventId>> numbered(std::string_view till, std::uint32_t epoch,
                                                std::uint64_t number) override {
    return real_.numbered(till, epoch, number);
  }
  Result<void> flag(std::uint64_t v, std::string_view why) override { return real_.flag(v, why); }
  Result<void> project(const wire::Event& event, std::uint64_t v) override {
    auto done = real_.project(event, v);
    if (event.id.seq == seq_) return base::fail(code_, "this one balks");
    return done;
  }
  Result<void> clear_projections() override { return real_.clear_projections(); }
  Result<FeedHead> feed_head() override { return real_.feed_head(); }
  Result<void> set_feed_head(const FeedHead& head) override { return real_.set_feed_head(head); }
  Result<std::optional<wire::FeedRow>> feed_row(std::string_view collection,
                                                std::string_view id) override {
    return real_.feed_row(collection, id);
  }
  Result<void> put_feed_row(std::string_view collection, const wire::FeedRow& row) override {
    return real_.put_feed_row(collection, row);
  }
  Result<std::vector<wire::FeedRow>> feed(std::string_view collection, std::uint64_t after_v,
                                          std::size_t most) override {
    return real_.feed(collection, after_v, most);
  }
  Result<std::uint64_t> generation(std::string_view till) override {
    return real_.generation(till);
  }
  Result<void> set_generation(std::string_view till, std::uint64_t generation) override {
    return real_.set_generation(till, generation);
  }
  Result<std::vector<State>> states(std::string_view till, std::size_t most) override {
    return real_.states(till, most);
  }
  Result<void> unflag(std::string_view till, std::uint32_t epoch, std::string_view why) override {
    return real_.unflag(till, epoch, why);
  }
  Result<State> state(std::string_view till, std::uint32_t epoch) override {
    return real_.state(till, epoch);
  }
  Result<void> set_state(std::string_view till, const State& state) override {
    return real_.set_state(till, state);
  }
  Result<std::uint64_t> run_end(std::string_view till, std::uint32_t epoch,
                                std::uint64_t seq) override {
    return real_.run_end(till, epoch, seq);
  }
  Result<void> keep_refusal(const Refusal& refusal) override { return real_.keep_refusal(refusal); }
  Result<void> drop_refusal(const base::EventId& id) override { return real_.drop_refusal(id); }
  Result<bool> blocked(std::string_view aggregate, const base::EventId& id) override {
    return real_.blocked(aggregate, id);
  }
  Result<std::vector<Refusal>> refusals(const base::EventId& after, std::size_t most) override {
    return real_.refusals(after, most);
  }
  Result<std::vector<AuditRow>> audit(std::uint64_t after_v, std::size_t most,
                                      bool bodies) override {
    return real_.audit(after_v, most, bodies);
  }

 private:
  Database& real_;
  std::uint64_t seq_;
  base::Code code_;
};

wire::ReadBatch read(wire::UpBatch batch, std::uint64_t generation) {
  batch.generation = generation;
  return wire::read_batch(wire::write_json(batch)).value();
}

TEST_F(IngestTest, TakesBackAllOfAnItemThatTheDatabaseCannotStore) {
  Balking database(*database_, 3, base::Code::conflict);
  Ingest ingest(database, recorder_, {});
  login_ = login();
  announce("till-1", 3);
  const auto generation = login_.generation;
  const auto answer = ingest.apply(
      read(samples::batch({samples::sale(1), samples::sale(2), samples::sale(3)}), generation), {});
  ASSERT_TRUE(answer) << answer.error().what;
  EXPECT_EQ(statuses(*answer), (Statuses{"applied", "rejected not_storable", "applied"}));
  EXPECT_EQ(answer->contiguous_through, 2U);
  EXPECT_EQ(held().size(), 2U);
}

TEST_F(IngestTest, StoresNothingOfABatchWhenTheDatabaseFails) {
  Balking database(*database_, 3, base::Code::io);
  Ingest ingest(database, recorder_, {});
  login_ = login();
  announce("till-1", 3);
  const auto batch = read(samples::batch({samples::sale(1), samples::sale(2)}), login_.generation);
  EXPECT_FALSE(ingest.apply(batch, {}));
  EXPECT_TRUE(held().empty());
  EXPECT_EQ(statuses(up({samples::sale(1), samples::sale(2)})), (Statuses{"applied", "applied"}))
      << "and goes on when it has recovered";
}

// A database that somebody else writes to, too, between a look and what is done about it.
class Shared final : public Balking {
 public:
  explicit Shared(Database& real) : Balking(real, 0, base::Code::io), mine_(real) {}
  Result<std::map<std::uint64_t, Held>> held(std::string_view till, std::uint32_t epoch,
                                             std::uint64_t first, std::uint64_t last) override {
    if (blind) return std::map<std::uint64_t, Held>();
    return mine_.held(till, epoch, first, last);
  }
  Result<State> state(std::string_view till, std::uint32_t epoch) override {
    return blind ? State{epoch, 0, 0} : mine_.state(till, epoch);
  }
  Result<std::uint64_t> generation(std::string_view till) override {
    return newer ? 99 : mine_.generation(till);
  }
  Result<void> set_state(std::string_view till, const State& state) override {
    if (!balks) return mine_.set_state(till, state);
    newer = logs_in;
    return base::fail(base::Code::conflict, "a unique key is violated");
  }
  bool blind = false;  // once: as before the other wrote
  bool balks = false;
  bool logs_in = false;
  bool newer = false;

 private:
  Database& mine_;
};

TEST_F(IngestTest, WhatSomebodyElseStoredInBetweenIsADuplicateOrAConflict) {
  up({samples::sale(1)});
  Shared database(*database_);
  Ingest ingest(database, recorder_, {});
  database.blind = true;
  auto answer = ingest.apply(read(samples::batch({samples::sale(1)}), login_.generation), {});
  ASSERT_TRUE(answer) << answer.error().what;
  EXPECT_EQ(statuses(*answer), Statuses{"duplicate"});
  wire::Event other = samples::sale(1);
  std::get<wire::Document>(other.body).day = "2026-03-03";
  std::get<wire::Document>(other.body).number = 2;
  database.blind = true;
  answer = ingest.apply(read(samples::batch({other}), login_.generation), {});
  ASSERT_TRUE(answer) << answer.error().what;
  EXPECT_EQ(statuses(*answer), Statuses{"conflict other_content"});
}

TEST_F(IngestTest, AConflictOfTheDatabaseIsToldAsOneAndAFenceAsAFence) {
  Shared database(*database_);
  api_ = std::make_unique<Api>(database, clock_, recorder_, Rules{});
  login_ = login();
  wire::UpBatch batch = samples::batch({samples::epoch_opened(3)});
  for (const bool logs_in : {false, true}) {
    database.balks = true;
    database.logs_in = logs_in;
    const auto response = send(batch, login_.token);
    EXPECT_EQ(response.status, 409);
    const auto problem = wire::read_problem(response.body);
    ASSERT_TRUE(problem) << response.body;
    EXPECT_EQ(problem->code, logs_in ? "fenced" : "conflict");
  }
  EXPECT_TRUE(database_->audit(0, 10, false)->empty());
}

TEST_F(IngestTest, TellsAtALoginOfTheNewestEpochsOnly) {
  login_ = login();
  for (std::uint32_t epoch = 1; epoch <= 250; ++epoch) announce("till-1", epoch);
  const auto highs = login().highs;
  ASSERT_EQ(highs.size(), wire::kLoginEpochs);
  EXPECT_EQ(highs.front().epoch, 151U);
  EXPECT_EQ(highs.back().epoch, 250U);
}

class MutatedIngest : public CloudBench {
 protected:
  void start_with(std::string_view mutant) {
    base::Mutants mutants;
    mutants.add(mutant);
    start(mutants);
  }
};

TEST_F(MutatedIngest, NoDedupeStoresARetriedSaleTwice) {
  start_with("no_dedupe");
  up({samples::sale(1)});
  EXPECT_EQ(statuses(up({samples::sale(1)})), Statuses{"applied"});
  EXPECT_EQ(held().size(), 2U);
}

TEST_F(MutatedIngest, CrashOnKnownUuidFailsEachRetry) {
  start_with("crash_on_known_uuid");
  up({samples::sale(1)});
  for (int i = 0; i < 3; ++i) {
    wire::UpBatch batch = samples::batch({samples::sale(1), samples::sale(2)});
    EXPECT_EQ(send(batch, login_.token).status, 500);
  }
  EXPECT_EQ(held().size(), 1U);
}

}  // namespace
}  // namespace tillrig::oms
