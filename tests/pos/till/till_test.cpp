#include "pos/till/till.hpp"

#include "pos/till/prompts.hpp"
#include "sim/disk/volume_disk.hpp"
#include "tests/pos/sync/scripted_cloud.hpp"
#include "tests/pos/till/items.hpp"

#include <gtest/gtest.h>

namespace tillrig::till {
namespace {

using base::Code;
using Verb = Command::Verb;
using namespace std::chrono_literals;

struct Watched final : Screen {
  void show(const Shown& shown) override { all.push_back(shown); }
  [[nodiscard]] std::size_t count(Shown::Kind kind) const {
    return static_cast<std::size_t>(std::count_if(
        all.begin(), all.end(), [&](const Shown& shown) { return shown.kind == kind; }));
  }
  std::vector<Shown> all;
};

// One till over a line of 20 ms each way to a scripted cloud; commands run one after the other.
class TillTest : public ::testing::Test {
 protected:
  ~TillTest() override {
    rig.kernel.close_lane(rig.till_lane);
    rig.kernel.close_lane(rig.cloud_lane);
  }

  base::Awaitable<void> starting() { started = co_await till->start(); }
  void start() {
    Config config;
    config.catalogue = *Catalogue::of(
        {item("milk", 129, 700, "4012345100112"), item("wine", 999), weighed("cheese", "12345")});
    config.cloud.endpoint = {"cloud", 8080, false};
    till = std::make_unique<Till>(ports, config, screen);
    kernel::spawn(rig.kernel, rig.till_lane, starting());
    pass(3s);
    ASSERT_TRUE(started) << started.error().what;
  }
  void pass(base::Duration time) { rig.run_until(rig.kernel.now() - base::Instant{} + time); }

  base::Awaitable<void> handling(Command command) {
    answer = co_await till->handle(std::move(command));
  }
  Result<Answer> handle(Command command) {
    answer = base::fail(Code::internal, "no answer within 300 ms");
    kernel::spawn(rig.kernel, rig.till_lane, handling(std::move(command)));
    pass(300ms);
    return answer;
  }
  Result<Answer> handle(Verb verb, std::string text = {}) {
    Command command;
    command.verb = verb;
    command.text = std::move(text);
    return handle(std::move(command));
  }
  Result<Answer> tender(std::int64_t minor) {
    Command command;
    command.verb = Verb::tender;
    command.text = "cash";
    command.amount = {minor};
    return handle(std::move(command));
  }
  Result<Answer> press(std::string prompt, std::string button) {
    Command command;
    command.verb = Verb::press;
    command.text = std::move(prompt);
    command.button = std::move(button);
    return handle(std::move(command));
  }
  State state() { return *handle(Verb::state)->state; }
  Result<Answer> sell(const std::vector<std::string>& skus) {
    for (const std::string& sku : skus) {
      if (auto added = handle(Verb::enter, sku); !added) return added;
    }
    if (auto paid = tender(10'000); !paid) return paid;
    return handle(Verb::complete);
  }
  Result<Answer> give_back(const std::string& sale, std::vector<std::size_t> lines) {
    Command command;
    command.verb = Verb::refund;
    command.text = sale;
    command.lines = std::move(lines);
    return handle(std::move(command));
  }

  net::Rig rig;
  sync::ScriptedCloud cloud{rig.kernel, rig.cloud, rig.cloud_lane};
  kernel::LaneTimer timer{rig.kernel, rig.till_lane};
  kernel::NamedStreams entropy{7, "till-1"};
  disk::Volume volume{"till-1"};
  disk::VolumeDisk disk{volume};
  sync::NoNotes notes;
  ports::Ports ports{kernel::make_executor(rig.kernel, rig.till_lane),
                     rig.clock,
                     timer,
                     entropy,
                     rig.till,
                     disk,
                     notes,
                     [this] { return kernel::make_alarm(rig.kernel, rig.till_lane); }};
  Watched screen;
  Result<void> started = base::fail(Code::internal, "not yet started");
  Result<Answer> answer = base::fail(Code::internal, "nothing asked yet");
  std::unique_ptr<Till> till;
};

TEST_F(TillTest, SaysNoToEverythingWhenItsStoreDidNotOpen) {
  disk.cut_off();
  till = std::make_unique<Till>(ports, Config(), screen);
  kernel::spawn(rig.kernel, rig.till_lane, starting());
  pass(3s);
  ASSERT_FALSE(started);
  for (const Verb verb : {Verb::state, Verb::sales, Verb::enter, Verb::complete, Verb::refund,
                          Verb::cancel, Verb::press, Verb::close}) {
    const auto no = handle(verb, "till-1.1.2");
    ASSERT_FALSE(no) << name(verb);
    EXPECT_NE(no.error().what.find("store"), std::string::npos) << no.error().what;
  }
  EXPECT_FALSE(till->closed());
}

TEST_F(TillTest, SellsGivesChangeAndUploads) {
  start();
  EXPECT_EQ(state().stage, Stage::register_page);
  ASSERT_TRUE(handle(Verb::enter, "4012345100112"));
  ASSERT_TRUE(handle(Verb::enter, "wine"));
  EXPECT_EQ(state().due, Money{1128});
  ASSERT_TRUE(tender(2000));
  const auto done = handle(Verb::complete);
  ASSERT_TRUE(done) << done.error().what;
  EXPECT_EQ(done->sale, "till-1.1.2");
  EXPECT_EQ(done->number, "1-0000001");
  EXPECT_EQ(done->change, Money{872});
  EXPECT_EQ(screen.count(Shown::Kind::completed), 1U);
  pass(1s);
  EXPECT_EQ(cloud.applied["till-1.1.2"], 1);
  EXPECT_EQ(state().counters.pending, 0U);
  ASSERT_EQ(handle(Verb::sales)->sales.size(), 1U);
}

TEST_F(TillTest, NothingIsCompletedBeforeItIsPaid) {
  start();
  EXPECT_EQ(handle(Verb::complete).error().code, Code::not_allowed);
  ASSERT_TRUE(handle(Verb::enter, "milk"));
  ASSERT_TRUE(tender(100));
  EXPECT_EQ(handle(Verb::complete).error().code, Code::not_allowed);
  EXPECT_EQ(screen.count(Shown::Kind::completed), 0U);
  EXPECT_EQ(screen.count(Shown::Kind::refused), 2U);
  ASSERT_TRUE(handle(Verb::cancel));
  EXPECT_TRUE(state().cart.empty());
}

TEST_F(TillTest, ARefundIsANewDocumentAndIsGivenOnce) {
  start();
  ASSERT_TRUE(handle(Verb::enter, "wine"));
  ASSERT_TRUE(tender(999));
  const auto sold = handle(Verb::complete);
  ASSERT_TRUE(sold);
  const auto back = handle(Verb::refund, sold->sale);
  ASSERT_TRUE(back) << back.error().what;
  EXPECT_EQ(back->total, Money{-999});
  EXPECT_EQ(back->number, "1-0000002");
  EXPECT_EQ(handle(Verb::refund, sold->sale).error().code, Code::not_allowed);
  EXPECT_EQ(handle(Verb::refund, back->sale).error().code, Code::not_allowed);
  EXPECT_EQ(handle(Verb::refund, "till-1.1.99").error().code, Code::not_found);
  EXPECT_EQ(handle(Verb::refund, "rubbish").error().code, Code::bad_input);
}

TEST_F(TillTest, ALineIsGivenBackOnceHoweverMuchOfTheSaleIsLeft) {
  start();
  const auto sold = sell({"milk", "wine"});
  ASSERT_TRUE(sold) << sold.error().what;
  const auto milk = give_back(sold->sale, {1});
  ASSERT_TRUE(milk) << milk.error().what;
  EXPECT_EQ(milk->total, Money{-129});
  const auto again = give_back(sold->sale, {1});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Code::not_allowed);
  EXPECT_NE(again.error().what.find("line 1"), std::string::npos) << again.error().what;
  EXPECT_EQ(give_back(sold->sale, {1, 2}).error().code, Code::not_allowed);
  const auto rest = give_back(sold->sale, {});
  ASSERT_TRUE(rest) << rest.error().what;
  EXPECT_EQ(rest->total, Money{-999}) << "the milk went back before";
  EXPECT_EQ(give_back(sold->sale, {}).error().code, Code::not_allowed);
  EXPECT_EQ(give_back(sold->sale, {2}).error().code, Code::not_allowed);
  ASSERT_EQ(handle(Verb::sales)->sales.size(), 3U);
}

TEST_F(TillTest, WhatWasGivenBackIsStillKnownAfterARestart) {
  start();
  const auto sold = sell({"milk", "wine"});
  ASSERT_TRUE(sold);
  ASSERT_TRUE(give_back(sold->sale, {1}));
  ASSERT_TRUE(handle(Verb::close));
  till.reset();
  start();
  EXPECT_EQ(give_back(sold->sale, {1}).error().code, Code::not_allowed);
  EXPECT_TRUE(give_back(sold->sale, {2}));
}

TEST_F(TillTest, WeighedGoodsThatAreKeyedInCanBeGivenTheirWeight) {
  start();
  ASSERT_TRUE(handle(Verb::enter, "cheese"));
  Command weight;
  weight.verb = Verb::quantity;
  weight.line = 1;
  weight.quantity = {250};
  ASSERT_TRUE(handle(weight)) << answer.error().what;
  EXPECT_EQ(state().total, Money{500});
  ASSERT_TRUE(handle(Verb::enter, *scanner::encode_price({}, {"12345", 523})));
  weight.line = 2;
  EXPECT_EQ(handle(weight).error().code, Code::not_allowed);
  EXPECT_EQ(state().total, Money{1023});
}

TEST_F(TillTest, ATillThatWasNeverConnectedSaysWhyItCannotSell) {
  const auto down = rig.start("wan.down");
  start();
  ASSERT_EQ(state().prompts.size(), 1U);
  EXPECT_EQ(state().prompts[0].id, "first_login_needed");
  EXPECT_NE(state().prompts[0].text.find(sync::sentence(sync::Cause::link)), std::string::npos);
  EXPECT_EQ(handle(Verb::enter, "milk").error().code, Code::not_allowed);
  rig.heal("wan.down", down);
  ASSERT_TRUE(press("first_login_needed", std::string(kTryAgain)));
  pass(1s);
  EXPECT_EQ(state().stage, Stage::register_page);
}

TEST_F(TillTest, AnOfflineStartAsksOnceAndContinues) {
  start();
  ASSERT_TRUE(handle(Verb::close));
  ASSERT_TRUE(till->closed());
  till.reset();
  rig.start("wan.down");
  start();
  const State asked = state();
  ASSERT_EQ(asked.prompts.size(), 1U);
  EXPECT_EQ(asked.prompts[0].id, "no_internet");
  EXPECT_EQ(asked.prompts[0].buttons, std::vector<std::string>{std::string(kContinue)});
  EXPECT_EQ(handle(Verb::enter, "milk").error().code, Code::not_allowed);
  ASSERT_TRUE(press("no_internet", std::string(kContinue)));
  ASSERT_TRUE(handle(Verb::enter, "milk"));
  ASSERT_TRUE(tender(129));
  EXPECT_TRUE(handle(Verb::complete));
}

TEST_F(TillTest, ARefusedLoginIsNamedInThePrompt) {
  start();
  ASSERT_TRUE(handle(Verb::close));
  till.reset();
  cloud.rule = [](const base::HttpRequest& request) -> std::optional<sync::ScriptedCloud::Reply> {
    if (!request.target.ends_with("/login")) return std::nullopt;
    return sync::ScriptedCloud::Reply{sync::ScriptedCloud::refusal(401)};
  };
  start();
  ASSERT_EQ(state().prompts.size(), 1U);
  EXPECT_NE(state().prompts[0].text.find(sync::sentence(sync::Cause::login)), std::string::npos)
      << state().prompts[0].text;
}

TEST_F(TillTest, AStandingPromptNamesTheCauseThatHoldsNow) {
  start();
  const auto down = rig.start("wan.down");
  pass(60s);
  ASSERT_EQ(state().prompts.size(), 1U);
  EXPECT_NE(state().prompts[0].text.find(sync::sentence(sync::Cause::link)), std::string::npos);
  rig.heal("wan.down", down);
  rig.start("wan.dns");
  pass(60s);
  const State now = state();
  ASSERT_EQ(now.cause, sync::Cause::dns);
  ASSERT_EQ(now.prompts.size(), 1U);
  EXPECT_NE(now.prompts[0].text.find(sync::sentence(sync::Cause::dns)), std::string::npos)
      << now.prompts[0].text;
  EXPECT_FALSE(now.prompts[0].modal);
}

TEST_F(TillTest, ALoginThatIsRefusedWhileSellingIsShownUntilItIsAccepted) {
  start();
  ASSERT_TRUE(sell({"milk"}));
  bool accepted = false;
  cloud.rule = [&](const base::HttpRequest& request) -> std::optional<sync::ScriptedCloud::Reply> {
    if (accepted || request.target.starts_with("/v1/ping")) return std::nullopt;
    return sync::ScriptedCloud::Reply{sync::ScriptedCloud::refusal(401)};
  };
  ASSERT_TRUE(sell({"wine"}));
  pass(60s);
  EXPECT_EQ(state().counters.pending, 1U);
  EXPECT_EQ(state().link, sync::Link::online);
  EXPECT_EQ(state().cause, sync::Cause::login);
  const auto told = std::find_if(screen.all.rbegin(), screen.all.rend(), [](const Shown& shown) {
    return shown.kind == Shown::Kind::connection;
  });
  ASSERT_NE(told, screen.all.rend());
  EXPECT_EQ(told->cause, sync::Cause::login);
  EXPECT_EQ(told->text, sync::sentence(sync::Cause::login));
  accepted = true;
  pass(90s);
  EXPECT_EQ(state().counters.pending, 0U);
  EXPECT_EQ(state().cause, sync::Cause::none);
}

// Whatever the store says to a quit: a till that goes on selling goes on uploading.
TEST_F(TillTest, AQuitOnAFailingDiskEndsTheTillOrLeavesItWhole) {
  start();
  ASSERT_TRUE(sell({"milk"}));
  pass(1s);
  ASSERT_EQ(state().counters.pending, 0U);
  const auto* full = words::Table<words::Fault>::find("disk.eio_write");
  words::Args db;
  db.set("file", std::string("db"));
  full->start(volume, 1, db);
  const auto quit = handle(Verb::close);
  full->heal(volume, 1);
  EXPECT_EQ(till->closed(), quit.has_value());
  if (till->closed()) return;
  ASSERT_TRUE(sell({"wine"})) << answer.error().what;
  pass(30s);
  EXPECT_EQ(state().counters.pending, 0U);
  EXPECT_EQ(cloud.applied["till-1.1.3"], 1);
}

TEST_F(TillTest, CanBeClosedWhileAnUploadIsOnItsWay) {
  start();
  cloud.rule = [&](const base::HttpRequest& request) -> std::optional<sync::ScriptedCloud::Reply> {
    if (request.target != "/v1/sync/up") return std::nullopt;
    return sync::ScriptedCloud::Reply{cloud.usual(request), 2s};
  };
  ASSERT_TRUE(handle(Verb::enter, "milk"));
  ASSERT_TRUE(tender(129));
  ASSERT_TRUE(handle(Verb::complete));
  ASSERT_TRUE(handle(Verb::close));
  pass(60s);
  EXPECT_TRUE(till->closed());
}

}  // namespace
}  // namespace tillrig::till
