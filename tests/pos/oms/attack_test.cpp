// Documents that no honest till sends: nothing of them is booked, and nothing is lost.

#include "tests/pos/oms/cloud_bench.hpp"

#include <functional>

namespace tillrig::oms {
namespace {

class AttackTest : public CloudBench {
 protected:
  void SetUp() override {
    Rules rules;
    rules.currency = "EUR";
    start({}, rules);
  }

  static wire::Event changed(std::uint64_t seq,
                             const std::function<void(wire::Document&)>& change) {
    wire::Event event = samples::sale(seq);
    change(std::get<wire::Document>(event.body));
    return event;
  }
  // One line, paid exactly, whatever it says.
  static void settle(wire::Document& document) {
    document.total = document.lines[0].total;
    document.tax = document.lines[0].tax;
    document.lines.resize(1);
    document.payments[0].given = document.payments[0].amount = document.total;
  }
};

TEST_F(AttackTest, ADocumentThatBreaksARuleIsRefusedAndKeptForAPerson) {
  struct Row {
    std::string code;
    std::function<void(wire::Document&)> change;
  };
  const std::vector<Row> rows = {
      {"tax",
       [](wire::Document& d) {
         d.lines[0].tax = base::Money{99};
         settle(d);
       }},
      {"tax",
       [](wire::Document& d) {
         d.lines[0].tax = base::Money{0};
         settle(d);
       }},
      {"sign",
       [](wire::Document& d) {
         d.lines[0].tax = base::Money{-17};
         settle(d);
       }},
      {"sign",
       [](wire::Document& d) {
         d.lines[0].discount = base::Money{-50};
         d.lines[0].total = base::Money{308};
         settle(d);
       }},
      {"arithmetic", [](wire::Document& d) { d.total += base::Money{1}; }},
      {"arithmetic", [](wire::Document& d) { d.payments[0].change += base::Money{1}; }},
      {"of_line", [](wire::Document& d) { d.lines[0].of_line = 1; }},
      {"rounding",
       [](wire::Document& d) {
         d.rounding = base::Money{-1000};
         d.payments[0].given -= base::Money{1000};
         d.payments[0].amount -= base::Money{1000};
       }},
      {"bad_day", [](wire::Document& d) { d.day = "2026-02-31"; }},
      {"currency", [](wire::Document& d) { d.currency = "CHF"; }},
      {"no_number", [](wire::Document& d) { d.number = 0; }},
  };
  std::uint64_t seq = 1;
  for (const Row& row : rows) {
    EXPECT_EQ(statuses(up({changed(seq, row.change)})), Statuses{"rejected " + row.code});
    ++seq;
  }
  EXPECT_TRUE(held().empty());
  const std::string refused = get("/v1/audit/refused").body;
  for (const Row& row : rows) EXPECT_NE(refused.find(row.code), std::string::npos) << row.code;
}

TEST_F(AttackTest, ANumberIsGivenOnceInAnEpoch) {
  up({samples::sale(1)});
  const auto twice = changed(2, [](wire::Document& d) { d.number = 1; });
  EXPECT_EQ(statuses(up({twice})), Statuses{"rejected number_twice"});
  EXPECT_EQ(statuses(up({samples::sale(3)})), Statuses{"applied"}) << "nothing else is held up";
}

TEST_F(AttackTest, ARefundIsOfItsSalesGoods) {
  const wire::Event sale = samples::sale(1);
  up({sale});
  wire::Event other = samples::refund(2, sale.id);
  std::get<wire::Document>(other.body).lines[0].sku = "whisky";
  EXPECT_EQ(statuses(up({other})), Statuses{"rejected not_of_the_sale"});
  wire::Event none = samples::refund(3, sale.id);
  std::get<wire::Document>(none.body).lines[0].of_line = 9;
  EXPECT_EQ(statuses(up({none})), Statuses{"rejected not_of_the_sale"});
  EXPECT_EQ(held().size(), 1U);
}

// It was paid out: booked, so that the drawer's money is explained, and a person is told.
TEST_F(AttackTest, MoreGivenBackThanWasSoldIsFlagged) {
  const wire::Event sale = samples::sale(1);
  up({sale});
  EXPECT_EQ(statuses(up({samples::refund(2, sale.id, 9)})), Statuses{"applied"});
  EXPECT_EQ(statuses(up({samples::refund(3, sale.id, 8)})), Statuses{"applied"});
  EXPECT_EQ(statuses(up({samples::refund(4, sale.id)})), Statuses{"applied exceeds_sale"});
  const auto rows = held();
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[3].flag, "exceeds_sale");
  EXPECT_NE(audit_text().find("\"flag\":\"exceeds_sale\""), std::string::npos);
}

TEST_F(AttackTest, WhatIsFlaggedIsToldWithEveryAnswerToIt) {
  const wire::Event sale = samples::sale(1);
  up({sale});
  const wire::Event dear = samples::refund(2, sale.id, 10);
  EXPECT_EQ(statuses(up({dear})), Statuses{"applied refund_amount"});
  EXPECT_EQ(statuses(up({dear})), Statuses{"duplicate refund_amount"});
}

TEST_F(AttackTest, AnEpochIsOpenedBeforeItsDocumentsAreBelieved) {
  login_ = login();
  const auto send_early = [&](std::vector<wire::Event> events) {
    wire::UpBatch batch = samples::batch(std::move(events));
    batch.generation = login_.generation;
    return statuses(wire::read_answer(send(batch, login_.token).body).value());
  };
  EXPECT_EQ(send_early({samples::sale(1)}), Statuses{"applied epoch_not_opened"});
  EXPECT_EQ(held()[0].flag, "epoch_not_opened");
  EXPECT_EQ(send_early({samples::epoch_opened(3), samples::sale(2)}),
            (Statuses{"applied", "applied"}));
  EXPECT_EQ(held()[0].flag, "") << "it came late, by another connection";
  EXPECT_EQ(send_early({samples::sale(1)}), Statuses{"duplicate"});
  EXPECT_EQ(send_early({samples::epoch_opened(4), samples::sale(1, "till-1", 4)}),
            (Statuses{"applied", "applied"}));
}

TEST_F(AttackTest, NobodyJumpsToTheLastEpochThatATillCanHave) {
  up({samples::sale(1)});
  constexpr std::uint32_t kFar = wire::kMostEpoch;
  wire::UpBatch batch =
      samples::batch({samples::epoch_opened(kFar), samples::sale(1, "till-1", kFar)});
  batch.generation = login_.generation;
  EXPECT_EQ(statuses(wire::read_answer(send(batch, login_.token).body).value()),
            (Statuses{"rejected bad_epoch", "rejected bad_epoch"}));
  EXPECT_EQ(login().highs.back().epoch, 3U);
  wire::Event backwards = samples::epoch_opened(4);
  std::get<wire::EpochOpened>(backwards.body).previous = 4;
  wire::Event late = samples::epoch_opened(3);
  late.id.seq = 9;
  late.aggregate = late.id.text();
  login_ = login();
  EXPECT_EQ(statuses(up({late})), Statuses{"rejected bad_epoch"});
  batch = samples::batch({backwards});
  batch.generation = login_.generation;
  EXPECT_EQ(statuses(wire::read_answer(send(batch, login_.token).body).value()),
            Statuses{"rejected bad_epoch"});
}

// The sums of what was given back stay within 64 bits, whatever is sent.
TEST_F(AttackTest, AHeapOfHugeRefundsIsFlaggedAndTheCloudLives) {
  const wire::Event sale = changed(1, [](wire::Document& d) {
    d.lines[0].unit_price = d.lines[0].total = d.lines[0].tax = base::Money{};
    settle(d);
  });
  EXPECT_EQ(statuses(up({sale})), Statuses{"applied"});
  for (std::uint64_t seq = 2; seq < 16; ++seq) {
    wire::Event refund = samples::refund(seq, sale.id);
    auto& document = std::get<wire::Document>(refund.body);
    wire::Line line = document.lines[0];
    line.unit_price = line.total = line.tax = base::Money{};
    line.quantity.thousandths = -wire::kMostAmount;
    document.lines.assign(wire::kDocumentLines, line);
    samples::add_up(document);
    EXPECT_EQ(statuses(up({refund})), Statuses{"applied exceeds_sale"}) << seq;
  }
  EXPECT_EQ(held().back().flag, "exceeds_sale");
}

}  // namespace
}  // namespace tillrig::oms
