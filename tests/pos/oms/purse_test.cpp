// Gift cards in the cloud: sold once, spent once, and kept for the sale that is being finished.
#include "pos/wire/purse.hpp"

#include "pos/wire/balance.hpp"
#include "pos/wire/hold.hpp"
#include "tests/pos/oms/cloud_bench.hpp"

namespace tillrig::oms {
namespace {

const wire::PurseKey kCard{"gift", "GC-1"};

class PurseTest : public CloudBench {
 protected:
  void begin(base::Mutants mutants = {}) {
    start(std::move(mutants));
    login_ = login();
  }
  // What an answer says: a state or the code of a refusal.
  static std::string said(const base::HttpResponse& answer) {
    if (const auto held = wire::read_held(answer.body)) return held->state;
    const auto problem = wire::read_problem(answer.body);
    return problem ? problem->code : answer.body;
  }
  std::string hold(const std::string& id, std::string_view ledger, std::int64_t amount) {
    const wire::Hold asked{id, std::string(ledger), kCard.key, amount};
    return said(post("/v1/holds", wire::write_json(asked), login_.token));
  }
  std::string keep(const std::string& id, std::uint32_t epoch, std::uint64_t seq) {
    return said(post("/v1/holds/" + id + "/keep", wire::write_json(wire::KeepFor{epoch, seq}),
                     login_.token));
  }
  std::string release(const std::string& id) {
    return said(post("/v1/holds/" + id + "/release", "{}", login_.token));
  }
  std::int64_t left() {
    const auto answer = get("/v1/purses/gift:GC-1", login_.token);
    const auto read = wire::read_in_purse(answer.body);
    return read ? read->balance.minor : -answer.status;
  }
  // A sale of the card with so much on it.
  static wire::Event sells(std::uint64_t number, std::int64_t amount, const std::string& hold) {
    auto event = samples::sale(number);
    auto& document = std::get<wire::Document>(event.body);
    wire::Line line = samples::line(kCard.text(), amount, 1000);
    line.tax_rate = {};
    line.tax = {};
    document.lines = {line};
    samples::add_up(document);
    event.tail.set(wire::kMoves, wire::write_moves(std::vector{wire::Move{kCard, amount, hold}}));
    return event;
  }
  // A sale that is paid with the card in part.
  static wire::Event spends(std::uint64_t number, std::int64_t amount, const std::string& hold) {
    auto event = samples::sale(number);
    auto& payments = std::get<wire::Document>(event.body).payments;
    payments[0].given -= base::Money{amount};
    payments[0].amount -= base::Money{amount};
    payments.push_back({"gift-card", {amount}, {}, {amount}});
    event.tail.set(wire::kMoves, wire::write_moves(std::vector{wire::Move{kCard, -amount, hold}}));
    return event;
  }
  // The card is sold with 20.00 on it.
  void sell() {
    EXPECT_EQ(hold("n1", wire::kNewCard, 2000), "open");
    EXPECT_EQ(statuses(up({sells(1, 2000, "n1")})), Statuses{"applied"});
  }
};

TEST_F(PurseTest, ACardIsSoldOnceAndIsACardWithItsSale) {
  begin();
  EXPECT_EQ(left(), -404) << "it never was sold";
  EXPECT_EQ(hold("n1", wire::kNewCard, 2000), "open");
  EXPECT_EQ(hold("n2", wire::kNewCard, 500), wire::kInsufficient) << "it is being sold";
  EXPECT_EQ(left(), -404);
  for (int i = 0; i < 3; ++i) up({sells(1, 2000, "n1")});
  EXPECT_EQ(left(), 2000);
  EXPECT_EQ(hold("n3", wire::kNewCard, 500), wire::kInsufficient) << "it was sold";
  EXPECT_EQ(statuses(up({sells(2, 500, "n3")})), Statuses{"applied card_twice"});
}

TEST_F(PurseTest, WhatIsSpentIsSpentOnceAndNeverMoreThanIsThere) {
  begin();
  sell();
  EXPECT_EQ(hold("h1", "gift", 1500), "open");
  EXPECT_EQ(left(), 500);
  EXPECT_EQ(hold("h2", "gift", 501), wire::kInsufficient);
  const auto sale = spends(2, 200, "h3");
  EXPECT_EQ(hold("h3", "gift", 200), "open");
  for (int i = 0; i < 3; ++i) up({sale});
  EXPECT_EQ(left(), 300);
  EXPECT_EQ(release("h3"), "captured");
  EXPECT_EQ(release("h1"), "released");
  EXPECT_EQ(left(), 1800);
  EXPECT_EQ(statuses(up({spends(3, 100, "h9")})), Statuses{"applied no_hold"});
}

TEST_F(PurseTest, WhatIsKeptForAnEventHasNoEndButThatEvent) {
  begin();
  sell();
  EXPECT_EQ(hold("h1", "gift", 200), "open");
  EXPECT_EQ(keep("h1", 3, 3), "kept");
  EXPECT_EQ(keep("h1", 3, 3), "kept") << "asked again after a lost answer";
  const auto rows = database_->postings().holds("", 10).value();
  ASSERT_EQ(rows[0].id, "h1");
  EXPECT_EQ(rows[0].state, "kept");
  EXPECT_EQ(database_->postings().reserved("gift", "GC-1", INT64_MAX).value(), 200)
      << "whatever the time is";
  up({spends(2, 200, "h1")});
  EXPECT_EQ(left(), 1800);
  EXPECT_TRUE(database_->postings().kept("till-1").value().empty());
}

TEST_F(PurseTest, AnotherEventInItsPlaceOrALaterEpochSetsItFree) {
  begin();
  sell();
  EXPECT_EQ(hold("h1", "gift", 200), "open");
  EXPECT_EQ(keep("h1", 3, 3), "kept");
  up({samples::sale(2)});
  EXPECT_EQ(left(), 2000);
  EXPECT_EQ(hold("h2", "gift", 200), "open");
  EXPECT_EQ(keep("h2", 3, 9), "kept");
  up({samples::sale(3)});
  EXPECT_EQ(left(), 1800) << "its own place is still to come";
  up(samples::batch({samples::sale(1, "till-1", 4)}));
  EXPECT_EQ(left(), 2000);
  EXPECT_EQ(keep("h2", 4, 9), wire::kOtherHold) << "it was ended";
}

TEST_F(PurseTest, WhatIsKeptCanBeReleasedAndWhatIsOverOrAnothersCannotBeKept) {
  begin();
  sell();
  EXPECT_EQ(hold("h1", "gift", 200), "open");
  EXPECT_EQ(keep("h1", 3, 3), "kept");
  EXPECT_EQ(release("h1"), "released");
  EXPECT_EQ(left(), 2000);
  EXPECT_EQ(keep("h1", 3, 3), wire::kOtherHold);
  EXPECT_EQ(keep("h7", 3, 3), wire::kOtherHold);
  ASSERT_TRUE(database_->postings().put_hold({"h2", "till-2", "gift", "GC-1", 5, 1, "open"}));
  EXPECT_EQ(keep("h2", 3, 3), wire::kOtherHold);
  // One that is over is kept while there is still so much, and not else.
  ASSERT_TRUE(database_->postings().put_hold({"h3", "till-1", "gift", "GC-1", 1500, 1, "open"}));
  ASSERT_TRUE(database_->postings().put_hold({"h4", "till-1", "gift", "GC-1", 1500, 1, "open"}));
  EXPECT_EQ(keep("h3", 3, 3), "kept");
  EXPECT_EQ(keep("h4", 3, 3), wire::kInsufficient);
}

TEST_F(PurseTest, MovesThatAreNotThoseOfTheDocumentAreRefused) {
  begin();
  sell();
  auto silent = spends(2, 200, "h1");
  silent.tail.drop(wire::kMoves.tag);
  auto other = spends(2, 200, "h1");
  other.tail.set(wire::kMoves, "gift:GC-1=-100@h1");
  auto garbled = spends(2, 200, "h1");
  garbled.tail.set(wire::kMoves, "gift");
  auto unpaid = samples::sale(2);
  unpaid.tail.set(wire::kMoves, "gift:GC-1=-100@h1");
  auto another = sells(2, 500, "n2");
  another.tail.set(wire::kMoves, "gift:GC-2=500@n2");
  auto halves = sells(2, 500, "n2");
  auto& line = std::get<wire::Document>(halves.body).lines[0];
  line.quantity = {2000};
  line.unit_price = {250};
  for (const wire::Event& event : {silent, other, garbled, unpaid, another, halves}) {
    EXPECT_EQ(statuses(up({event})), Statuses{"rejected purse"});
  }
  EXPECT_EQ(left(), 2000);
}

TEST_F(PurseTest, BadQuestionsAreRefusedWithASentence) {
  begin();
  for (const char* target :
       {"/v1/purses/gift:", "/v1/purses/gold:GC-1", "/v1/purses/gift", "/v1/purses/gift:a%20b"}) {
    EXPECT_EQ(get(target, login_.token).status, 400) << target;
  }
  EXPECT_EQ(get("/v1/purses/gift:GC-1").status, 401);
  EXPECT_EQ(post("/v1/purses/gift:GC-1", "{}", login_.token).status, 405);
  EXPECT_EQ(post("/v1/holds/h1/keep", "{}", login_.token).status, 400);
  EXPECT_EQ(post("/v1/holds/h1/keep", R"({"epoch":1,"seq":1})").status, 401);
}

TEST_F(PurseTest, GoodsAndStockDoNotKnowACard) {
  begin();
  sell();
  EXPECT_FALSE(database_->postings().any("stock", kCard.text()).value());
}

// Money of customers: on account, and store credit.
class CustomersMoneyTest : public CloudBench {
 protected:
  void begin(base::Mutants mutants = {}) {
    start(std::move(mutants));
    login_ = login();
  }
  // A sale that puts so much under a key, or is paid from it in part when that is below zero.
  static wire::Event moves(std::uint64_t number, const std::string& ledger, std::int64_t amount,
                           const std::string& hold = {}, const std::string& till = "till-1") {
    auto event = samples::sale(number, till);
    auto& document = std::get<wire::Document>(event.body);
    const wire::PurseKey of{ledger, "ana"};
    if (amount > 0) {
      wire::Line line = samples::line(of.text(), amount, 1000);
      line.tax_rate = {};
      line.tax = {};
      document.lines = {line};
      samples::add_up(document);
    } else {
      document.lines[0] = samples::line("safe", 5000, 1000);
      samples::add_up(document);
      document.payments[0].given += base::Money{amount};
      document.payments[0].amount += base::Money{amount};
      document.payments.push_back({ledger, {-amount}, {}, {-amount}});
    }
    event.tail.set(wire::kMoves, wire::write_moves(std::vector{wire::Move{of, amount, hold}}));
    return event;
  }
  base::HttpResponse limit(std::optional<std::int64_t> amount) {
    wire::AccountLimit asked{"ana", {}};
    if (amount) asked.limit = base::Money{*amount};
    return post("/v1/accounts", wire::write_json(asked));
  }
  std::string hold(const std::string& id, const std::string& ledger, std::int64_t amount) {
    const auto answer =
        post("/v1/holds", wire::write_json(wire::Hold{id, ledger, "ana", amount}), login_.token);
    const auto held = wire::read_held(answer.body);
    return held ? held->state : wire::read_problem(answer.body)->code;
  }
  wire::InPurse in(const std::string& ledger) {
    return wire::read_in_purse(get("/v1/purses/" + ledger + ":ana", login_.token).body).value();
  }
  // As the feed tells of it.
  std::optional<wire::Balance> told(const std::string& ledger) {
    const auto row = database_->feed_row(wire::kBalances, ledger + ":ana").value();
    return row ? std::optional(wire::read_balance(row->body).value()) : std::nullopt;
  }
};

TEST_F(CustomersMoneyTest, AnAccountGoesAsFarAsTheOfficeAllows) {
  begin();
  EXPECT_EQ(hold("h0", "account", 1'000'000), "open") << "nobody has set a limit";
  EXPECT_EQ(limit(1000).status, 200);
  EXPECT_EQ(hold("h1", "account", 1), wire::kInsufficient) << "of what is held already";
  EXPECT_EQ(post("/v1/holds/h0/release", "{}", login_.token).status, 200);
  EXPECT_EQ(hold("h1", "account", 1000), "open");
  EXPECT_EQ(statuses(up({moves(1, "account", -1000, "h1")})), Statuses{"applied"});
  EXPECT_EQ(in("account").balance, base::Money{-1000});
  EXPECT_EQ(in("account").limit, base::Money{1000});
  EXPECT_EQ(hold("h2", "account", 1), wire::kInsufficient);
  EXPECT_EQ(statuses(up({moves(2, "account", 400)})), Statuses{"applied"});
  EXPECT_EQ(hold("h2", "account", 400), "open");
  EXPECT_EQ(limit({}).status, 200);
  EXPECT_EQ(hold("h3", "account", 1'000'000), "open");
  EXPECT_EQ(post("/v1/accounts", "{}").status, 400);
  EXPECT_EQ(get("/v1/accounts").status, 405);
}

TEST_F(CustomersMoneyTest, WhatIsTakenWithoutAskingIsBookedAndFlaggedWhenItIsTooMuch) {
  begin();
  EXPECT_EQ(statuses(up({moves(1, "account", -1000)})), Statuses{"applied"}) << "no limit";
  EXPECT_EQ(limit(1500).status, 200);
  EXPECT_EQ(statuses(up({moves(2, "account", -1000)})), Statuses{"applied overdrawn"});
  EXPECT_EQ(in("account").balance, base::Money{-2000});
  EXPECT_EQ(statuses(up({moves(3, "credit", 500)})), Statuses{"applied"});
  EXPECT_EQ(statuses(up({moves(4, "credit", -600)})), Statuses{"applied overdrawn"});
  EXPECT_EQ(in("credit").balance, base::Money{-100});
}

// 50.00 with 20.00 more at one till and 30.00 less at the other is 40.00.
class TwoTillsCredit : public CustomersMoneyTest, public ::testing::WithParamInterface<bool> {};

TEST_P(TwoTillsCredit, ComesOutTheSameInEachOrderAndHoweverOftenItIsSent) {
  begin();
  up({moves(1, "credit", 5000)});
  const auto one = moves(2, "credit", 2000);
  const auto other = moves(1, "credit", -3000, {}, "till-2");
  const auto of_other = [&] {
    const auto mine = std::exchange(login_, login("till-2"));
    up(samples::batch({other}));
    login_ = mine;
  };
  for (int i = 0; i < 3; ++i) {
    if (GetParam()) up({one});
    of_other();
    up({one});
  }
  EXPECT_EQ(in("credit").balance, base::Money{4000});
  ASSERT_TRUE(told("credit"));
  EXPECT_EQ(told("credit")->balance, base::Money{4000});
  EXPECT_EQ(told("credit")->through.size(), 2U);
}

INSTANTIATE_TEST_SUITE_P(Orders, TwoTillsCredit, ::testing::Bool());

TEST_F(CustomersMoneyTest, TheTableOfBalancesSaysHowFarEachTillIsInIt) {
  begin();
  EXPECT_FALSE(told("credit"));
  up({moves(1, "credit", 500), moves(2, "credit", -100)});
  const auto row = told("credit");
  ASSERT_TRUE(row);
  EXPECT_EQ(row->balance, base::Money{400});
  EXPECT_EQ(row->as_of, clock_.wall());
  ASSERT_EQ(row->through.size(), 1U);
  EXPECT_EQ(row->through[0].till, "till-1");
  EXPECT_EQ(row->through[0].seq, 3U);
  const auto page = get("/v1/sync/down?collection=balances&cursor=0&limit=10", login_.token);
  EXPECT_EQ(page.status, 200);
  EXPECT_NE(page.body.find("credit:ana"), std::string::npos) << page.body;
  up({moves(3, "account", -100)});
  EXPECT_EQ(database_->feed_head().value().v, 3U);
}

}  // namespace
}  // namespace tillrig::oms
