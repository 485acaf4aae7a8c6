#include "pos/lan/member.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <random>
#include <set>

namespace tillrig::lan {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

// Tills of one shop and the lines between them, any of which may be cut, slow, or lose what is in
// it; and tills that are killed and go on from what they kept.
class Shop {
 public:
  explicit Shop(int tills, base::Mutants mutants = {}) : mutants_(std::move(mutants)) {
    for (int i = 1; i <= tills; ++i) names_.push_back("till-" + std::to_string(i));
    for (const std::string& name : names_) start(name);
  }

  Member& at(const std::string& name) { return *members_.at(name); }
  const std::vector<std::string>& names() const { return names_; }

  void start(const std::string& name) {
    MemberConfig config{name, false, {}, {}, mutants_};
    for (const std::string& other : names_) {
      if (other != name) config.peers.push_back(other);
    }
    Board board(name, mutants_);
    if (kept_.contains(name)) {
      EXPECT_TRUE(board.read(kept_[name]));
    }
    // As the till does when it starts: what was in hand lies there again.
    for (const OpenOrder& order : board.open()) {
      if (order.holder == name && order.state == OrderState::in_hand) {
        EXPECT_TRUE(board.put_down(order));
      }
    }
    members_[name] = std::make_unique<Member>(config, board, [this, name](const Board& now) {
      if (full_.contains(name)) return Result<void>(base::fail(base::Code::io, "disk full"));
      kept_[name] = now.text();
      return Result<void>();
    });
    members_[name]->begin(now_);
  }
  void kill(const std::string& name) {
    members_.erase(name);
    std::erase_if(way_, [&](const auto& one) { return one.first == name; });
  }
  bool runs(const std::string& name) const { return members_.contains(name); }
  void disk_full(const std::string& name, bool full) {
    if (full) full_.insert(name);
    if (!full) full_.erase(name);
  }

  // Which side each is on.
  void split(std::set<std::string> side) { side_ = std::move(side); }
  void heal() { side_.clear(); }
  // Of ten messages so many are lost, by chance.
  void lose(int of_ten) { lost_of_ten_ = of_ten; }

  void pass(Duration time) {
    const Instant end = now_ + time;
    while (now_ < end) {
      now_ = now_ + 100ms;
      for (const auto& [name, member] : members_) {
        member->tick(now_);
        collect(name);
      }
      deliver();
    }
  }
  std::vector<News> news(const std::string& name) { return std::exchange(news_[name], {}); }
  // What the till said goes out without time passing.
  void flush() {
    for (const auto& [name, member] : members_) collect(name);
    deliver();
  }

 private:
  void collect(const std::string& name) {
    for (Member::Out& out : members_.at(name)->take_out()) way_.emplace_back(name, std::move(out));
    for (News& one : members_.at(name)->take_news()) news_[name].push_back(std::move(one));
  }
  void deliver() {
    while (!way_.empty()) {
      auto [from, out] = std::move(way_.front());
      way_.pop_front();
      const bool cut = side_.contains(from) != side_.contains(out.to);
      const bool lost = static_cast<int>(chance_() % 10) < lost_of_ten_;
      if (cut || lost || !members_.contains(out.to)) continue;
      const auto said = read_line(write_line({"shop", from, std::move(out.message)}));
      ASSERT_TRUE(said) << said.error().what;
      members_.at(out.to)->heard(*said, now_);
      collect(out.to);
    }
  }

  base::Mutants mutants_;
  std::vector<std::string> names_;
  std::map<std::string, std::unique_ptr<Member>> members_;
  std::map<std::string, std::string> kept_;
  std::map<std::string, std::vector<News>> news_;
  std::deque<std::pair<std::string, Member::Out>> way_;
  std::set<std::string> side_;
  std::set<std::string> full_;
  int lost_of_ten_ = 0;
  std::mt19937 chance_{7};
  Instant now_{0};
};

OpenOrder open_order(const std::string& id) {
  OpenOrder made;
  made.id = id;
  made.cart = "{}";
  return made;
}

std::string holder_at(Shop& shop, const std::string& till, const std::string& id) {
  const OpenOrder* const known = shop.at(till).board().find(id);
  return known == nullptr ? "none" : known->holder;
}

TEST(Member, AllAgreeOnOneHub) {
  Shop shop(4);
  shop.pass(10s);
  for (const std::string& name : shop.names()) {
    EXPECT_EQ(shop.at(name).election().hub(), "till-1");
    EXPECT_EQ(shop.at(name).election().epoch(), 1U);
  }
}

TEST(Member, AnOrderIsKnownEverywhereAndSaysSo) {
  Shop shop(3);
  shop.pass(10s);
  ASSERT_TRUE(shop.at("till-3").park(open_order("a"), true));
  EXPECT_FALSE(shop.at("till-3").shared(*shop.at("till-3").board().find("a")));
  shop.pass(3s);
  EXPECT_EQ(holder_at(shop, "till-2", "a"), "till-3");
  EXPECT_TRUE(shop.at("till-3").shared(*shop.at("till-3").board().find("a")));
}

TEST(Member, OfTwoWhoWantAnOrderOneGetsIt) {
  Shop shop(3);
  shop.pass(10s);
  ASSERT_TRUE(shop.at("till-1").park(open_order("a"), true));
  shop.pass(3s);
  ASSERT_TRUE(shop.at("till-2").ask_for("a"));
  ASSERT_TRUE(shop.at("till-3").ask_for("a"));
  shop.pass(3s);
  const std::string holder = holder_at(shop, "till-1", "a");
  EXPECT_TRUE(holder == "till-2" || holder == "till-3");
  for (const std::string& name : shop.names()) EXPECT_EQ(holder_at(shop, name, "a"), holder);
}

TEST(Member, AnOrderInHandIsRefusedWithTheReason) {
  Shop shop(3);
  shop.pass(10s);
  ASSERT_TRUE(shop.at("till-2").park(open_order("a"), true));
  ASSERT_TRUE(shop.at("till-2").pick_up("a"));
  shop.pass(3s);
  shop.news("till-3");
  ASSERT_TRUE(shop.at("till-3").ask_for("a"));
  shop.pass(1s);
  std::string why;
  for (const News& news : shop.news("till-3")) {
    if (const auto* refused = std::get_if<Refused>(&news)) why = refused->why;
  }
  EXPECT_NE(why.find("worked on at till-2"), std::string::npos) << why;
}

TEST(Member, WhoCannotBeReachedKeepsItsOrders) {
  Shop shop(2);
  shop.pass(10s);
  ASSERT_TRUE(shop.at("till-1").park(open_order("a"), true));
  shop.pass(3s);
  shop.split({"till-1"});
  shop.pass(10s);
  const auto asked = shop.at("till-2").ask_for("a");
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().code, base::Code::needs_connection);
  EXPECT_TRUE(shop.at("till-1").pick_up("a")) << "its own are in hand without anybody";
}

TEST(Member, AfterASplitThereIsOneHubAgainAndEachOrderOnce) {
  Shop shop(4);
  shop.pass(10s);
  ASSERT_TRUE(shop.at("till-1").park(open_order("a"), true));
  shop.pass(3s);
  shop.split({"till-1", "till-2"});
  shop.pass(20s);
  EXPECT_TRUE(shop.at("till-1").election().is_hub());
  EXPECT_TRUE(shop.at("till-3").election().is_hub()) << "each part has one";
  ASSERT_TRUE(shop.at("till-2").ask_for("a"));
  shop.pass(1s);
  ASSERT_TRUE(shop.at("till-2").pick_up("a"));
  ASSERT_TRUE(shop.at("till-2").close("a", OrderState::sold, 1));
  ASSERT_TRUE(shop.at("till-3").park(order("b"), true));
  EXPECT_EQ(holder_at(shop, "till-4", "a"), "till-1") << "as it was known before";
  shop.heal();
  shop.pass(10s);
  for (const std::string& name : shop.names()) {
    EXPECT_EQ(shop.at(name).election().hub(), "till-3") << "its epoch is the higher one";
    ASSERT_EQ(shop.at(name).board().open().size(), 1U);
    EXPECT_EQ(shop.at(name).board().open()[0].id, "b");
  }
}

TEST(Member, AKillAfterTheHandOverWasKeptLosesNothing) {
  Shop shop(2);
  shop.pass(10s);
  ASSERT_TRUE(shop.at("till-1").park(open_order("a"), true));
  shop.pass(3s);
  shop.at("till-1").heard({"shop", "till-2", Take{"a", "till-2", 1}}, Instant{0} + 13s);
  shop.kill("till-1");  // before it could say so
  shop.pass(10s);
  EXPECT_EQ(holder_at(shop, "till-2", "a"), "till-1");
  shop.start("till-1");
  shop.pass(15s);
  EXPECT_EQ(holder_at(shop, "till-1", "a"), "till-2");
  EXPECT_EQ(holder_at(shop, "till-2", "a"), "till-2");
  EXPECT_TRUE(shop.at("till-2").pick_up("a"));
}

TEST(Member, WhatCannotBeKeptIsNotHandedOver) {
  Shop shop(2);
  shop.pass(10s);
  ASSERT_TRUE(shop.at("till-1").park(open_order("a"), true));
  shop.pass(3s);
  shop.disk_full("till-1", true);
  ASSERT_TRUE(shop.at("till-2").ask_for("a"));
  shop.pass(3s);
  EXPECT_EQ(holder_at(shop, "till-2", "a"), "till-1");
  EXPECT_FALSE(shop.at("till-1").pick_up("a"));
  shop.disk_full("till-1", false);
  EXPECT_TRUE(shop.at("till-1").pick_up("a"));
}

TEST(Member, AHubOfAnOlderEpochMovesNoOrder) {
  Shop shop(2);
  shop.pass(10s);
  ASSERT_TRUE(shop.at("till-1").park(open_order("a"), true));
  shop.pass(3s);
  shop.at("till-1").heard({"shop", "till-2", Take{"a", "till-2", 0}}, Instant{0} + 13s);
  EXPECT_EQ(holder_at(shop, "till-1", "a"), "till-1");
}

TEST(Member, AStrangerIsNotListenedTo) {
  Shop shop(2);
  shop.pass(10s);
  ASSERT_TRUE(shop.at("till-1").park(open_order("a"), true));
  shop.at("till-1").heard({"shop", "till-9", Take{"a", "till-9", 1}}, Instant{0} + 13s);
  EXPECT_EQ(holder_at(shop, "till-1", "a"), "till-1");
}

TEST(Member, AQuestionAboutAPaymentReachesAllAndItsAnswerTheOneWhoAsked) {
  Shop shop(3);
  shop.pass(10s);
  shop.news("till-3");
  EXPECT_TRUE(shop.at("till-2").ask_attempt("till-2-1-7"));
  shop.flush();
  bool asked = false;
  for (const News& news : shop.news("till-3")) {
    asked = asked || std::holds_alternative<AttemptAsked>(news);
  }
  EXPECT_TRUE(asked);
  shop.at("till-3").tell_attempt("till-2-1-7", "till-2", "{}");
  shop.flush();
  bool told = false;
  for (const News& news : shop.news("till-2")) {
    told = told || std::holds_alternative<AttemptTold>(news);
  }
  EXPECT_TRUE(told);
}

// Anything may happen in any order: at no time two tills have an order in hand, none is lost, and
// when all is well again all tills have the same ones.
TEST(Member, WhateverHappensAnOrderIsAtOneTill) {
  int taken = 0;
  for (unsigned seed = 1; seed <= 60; ++seed) {
    std::mt19937 chance(seed);
    Shop shop(3);
    shop.pass(10s);
    std::map<std::string, std::string> in_hand;  // order -> till
    std::set<std::string> open;
    int made = 0;
    shop.lose(seed % 3 == 0 ? 2 : 0);
    for (int step = 0; step < 80; ++step) {
      const std::string till = shop.names()[chance() % 3];
      const auto what = static_cast<unsigned>(chance() % 12);
      if (what == 0) shop.split({till});
      if (what == 1) shop.heal();
      if (what == 2 && shop.runs(till)) {
        shop.kill(till);
        std::erase_if(in_hand, [&](const auto& each) { return each.second == till; });
      }
      if (what >= 3 && !shop.runs(till)) shop.start(till);
      if (what == 3) {
        const std::string id = "o-" + std::to_string(++made);
        ASSERT_TRUE(shop.at(till).park(open_order(id), true));
        open.insert(id);
      }
      if (what >= 4 && what <= 10 && shop.runs(till) && !open.empty()) {
        const std::string id = *std::next(open.begin(), static_cast<int>(chance() % open.size()));
        const bool mine = in_hand.contains(id) && in_hand[id] == till;
        if (mine && what < 6) {
          ASSERT_TRUE(shop.at(till).close(id, OrderState::sold, step));
          open.erase(id);
          in_hand.erase(id);
        } else if (mine && what < 8) {
          ASSERT_TRUE(shop.at(till).park(*shop.at(till).board().find(id), false));
          in_hand.erase(id);
        } else if (shop.at(till).pick_up(id)) {
          ASSERT_FALSE(in_hand.contains(id)) << id << " at two tills, seed " << seed;
          in_hand[id] = till;
          ++taken;
        } else {
          static_cast<void>(shop.at(till).ask_for(id));
        }
      }
      shop.pass(Duration(chance() % 5) * 500'000'000);
    }
    shop.heal();
    shop.lose(0);
    for (const std::string& till : shop.names()) {
      if (!shop.runs(till)) shop.start(till);
    }
    shop.pass(30s);
    for (const std::string& till : shop.names()) {
      std::set<std::string> here;
      for (const OpenOrder& each : shop.at(till).board().open()) here.insert(each.id);
      EXPECT_EQ(here, open) << till << ", seed " << seed;
      EXPECT_EQ(shop.at(till).board().digest(), shop.at("till-1").board().digest());
      EXPECT_EQ(shop.at(till).election().hub(), shop.at("till-1").election().hub());
    }
  }
  EXPECT_GT(taken, 300);
}

TEST(Message, ALineIsReadAsItWasWrittenAndRubbishIsASentence) {
  Rows rows;
  rows.orders.push_back(open_order("a"));
  rows.orders[0].version = 3;
  rows.orders[0].holder = "till-1";
  std::string line = write_line({"corner-shop", "till-2", rows});
  line.pop_back();
  const auto read = read_line(line);
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(std::get<Rows>(read->message).orders, rows.orders);
  for (std::size_t cut = 0; cut < line.size(); ++cut) {
    EXPECT_FALSE(read_line(std::string_view(line).substr(0, cut)));
  }
  EXPECT_FALSE(read_line(R"({"shop":"s","from":"t","is":"sing"})"));
  EXPECT_FALSE(read_line(R"({"shop":"s","from":"t","is":"rows","orders":[{"id":"a"}]})"));
}

}  // namespace
}  // namespace tillrig::lan
