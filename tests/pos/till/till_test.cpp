#include "tests/pos/till/till_rig.hpp"

namespace tillrig::till {
namespace {

using base::Code;

TEST_F(TillTest, SaysNoToEverythingWhenItsStoreDidNotOpen) {
  disk.cut_off();
  till = std::make_unique<Till>(ports, Config(), screen);
  kernel::spawn(rig.kernel, rig.till_lane, starting());
  pass(3s);
  ASSERT_FALSE(started);
  const std::vector<Command> all = {AskState(),
                                    Sales(),
                                    Enter{"milk"},
                                    Complete(),
                                    Refund{"till-1.1.2", {}, {}},
                                    Cancel(),
                                    Press{"printer", "OK"},
                                    Close()};
  for (const Command& command : all) {
    const auto no = handle(command);
    ASSERT_FALSE(no) << command.index();
    EXPECT_NE(no.error().what.find("store"), std::string::npos) << no.error().what;
  }
  EXPECT_FALSE(till->closed());
}

TEST_F(TillTest, SellsGivesChangeAndUploads) {
  start();
  EXPECT_EQ(state().stage, Stage::register_page);
  ASSERT_TRUE(handle(Enter{"4012345100112"}));
  ASSERT_TRUE(handle(Enter{"wine"}));
  EXPECT_EQ(state().due, Money{1128});
  ASSERT_TRUE(tender(2000));
  const auto done = handle(Complete());
  ASSERT_TRUE(done) << done.error().what;
  EXPECT_EQ(done->sale, "till-1.1.2");
  EXPECT_EQ(done->number, "1-0000001");
  EXPECT_EQ(done->change, Money{872});
  EXPECT_EQ(screen.count<Completed>(), 1U);
  pass(1s);
  EXPECT_EQ(cloud.applied["till-1.1.2"], 1);
  EXPECT_EQ(state().counters.pending, 0U);
  ASSERT_EQ(handle(Sales())->sales->size(), 1U);
}

// What the cloud's table of items has: milk at 1.49, and wine removed.
std::optional<sync::ScriptedCloud::Reply> tell_items(const base::HttpRequest& request) {
  using sync::ScriptedCloud;
  ScriptedCloud::Reply reply;
  if (request.target.starts_with("/v1/ping")) {
    const wire::Pong pong{request.target.substr(request.target.find('=') + 1), 0, "cloud-1", 2};
    reply.response = ScriptedCloud::ours(wire::write_json(pong));
    return reply;
  }
  if (!request.target.starts_with("/v1/sync/down")) return std::nullopt;
  wire::Item milk{"milk", "Milk", "4012345100112", Money{149}, base::Rate{700}};
  const wire::FeedPage page{
      "cloud-1",
      {{1, "milk", 1, false, wire::write_item(milk)}, {2, "wine", 1, true, ""}},
      2,
      2,
      0};
  reply.response = ScriptedCloud::ours(wire::write_json(page));
  return reply;
}

TEST_F(TillTest, ANewPriceCountsForWhatIsScannedFromThenOn) {
  start();
  ASSERT_TRUE(handle(Enter{"milk"}));
  cloud.rule = tell_items;
  pass(12s);
  EXPECT_EQ(cloud.count("/v1/sync/down?collection=items"), 1U)
      << "once, and then there is nothing new";
  EXPECT_EQ(state().total, Money{129}) << "the line in the cart keeps its price";
  const auto added = handle(Enter{"milk"});
  ASSERT_TRUE(added) << added.error().what;
  EXPECT_EQ(added->total, Money{129 + 149});
  EXPECT_EQ(state().cart.size(), 2U);
  ASSERT_TRUE(tender(500));
  ASSERT_TRUE(handle(Complete()));
}

TEST_F(TillTest, WhatWasRemovedIsNotSoldAndWhatWasSoldOfItIsTakenBack) {
  start();
  const auto sold = sell({"wine"});
  ASSERT_TRUE(sold) << sold.error().what;
  cloud.rule = tell_items;
  pass(12s);
  EXPECT_EQ(handle(Enter{"wine"}).error().code, Code::not_found);
  EXPECT_EQ(handle(AskItem{"wine"}).error().code, Code::not_found);
  EXPECT_EQ(handle(AskItem{"milk"})->item->price, Money{149});
  EXPECT_TRUE(handle(Refund{sold->sale, {}, {}}));
}

TEST_F(TillTest, NothingIsCompletedBeforeItIsPaid) {
  start();
  EXPECT_EQ(handle(Complete()).error().code, Code::not_allowed);
  ASSERT_TRUE(handle(Enter{"milk"}));
  ASSERT_TRUE(tender(100));
  EXPECT_EQ(handle(Complete()).error().code, Code::not_allowed);
  EXPECT_EQ(screen.count<Completed>(), 0U);
  EXPECT_EQ(screen.count<Refused>(), 2U);
  ASSERT_TRUE(handle(Cancel()));
  EXPECT_TRUE(state().cart.empty());
}

TEST_F(TillTest, ARefundIsANewDocumentAndIsGivenOnce) {
  start();
  ASSERT_TRUE(handle(Enter{"wine"}));
  ASSERT_TRUE(tender(999));
  const auto sold = handle(Complete());
  ASSERT_TRUE(sold);
  const auto back = handle(Refund{sold->sale, {}, {}});
  ASSERT_TRUE(back) << back.error().what;
  EXPECT_EQ(back->total, Money{-999});
  EXPECT_EQ(back->number, "1-0000002");
  EXPECT_EQ(handle(Refund{sold->sale, {}, {}}).error().code, Code::not_allowed);
  EXPECT_EQ(handle(Refund{back->sale, {}, {}}).error().code, Code::not_allowed);
  EXPECT_EQ(handle(Refund{"till-1.1.99", {}, {}}).error().code, Code::not_found);
  EXPECT_EQ(handle(Refund{"rubbish", {}, {}}).error().code, Code::bad_input);
}

TEST_F(TillTest, ALineIsGivenBackOnceHoweverMuchOfTheSaleIsLeft) {
  start();
  const auto sold = sell({"milk", "wine"});
  ASSERT_TRUE(sold) << sold.error().what;
  const auto milk = handle(Refund{sold->sale, {1}, {}});
  ASSERT_TRUE(milk) << milk.error().what;
  EXPECT_EQ(milk->total, Money{-129});
  const auto again = handle(Refund{sold->sale, {1}, {}});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Code::not_allowed);
  EXPECT_NE(again.error().what.find("line 1"), std::string::npos) << again.error().what;
  EXPECT_EQ(handle(Refund{sold->sale, {1, 2}, {}}).error().code, Code::not_allowed);
  const auto rest = handle(Refund{sold->sale, {}, {}});
  ASSERT_TRUE(rest) << rest.error().what;
  EXPECT_EQ(rest->total, Money{-999}) << "the milk went back before";
  EXPECT_EQ(handle(Refund{sold->sale, {}, {}}).error().code, Code::not_allowed);
  EXPECT_EQ(handle(Refund{sold->sale, {2}, {}}).error().code, Code::not_allowed);
  ASSERT_EQ(handle(Sales())->sales->size(), 3U);
}

TEST_F(TillTest, WhatWasGivenBackIsStillKnownAfterARestart) {
  start();
  const auto sold = sell({"milk", "wine"});
  ASSERT_TRUE(sold);
  ASSERT_TRUE(handle(Refund{sold->sale, {1}, {}}));
  ASSERT_TRUE(handle(Close()));
  till.reset();
  start();
  EXPECT_EQ(handle(Refund{sold->sale, {1}, {}}).error().code, Code::not_allowed);
  EXPECT_TRUE(handle(Refund{sold->sale, {2}, {}}));
}

TEST_F(TillTest, WeighedGoodsThatAreKeyedInCanBeGivenTheirWeight) {
  start();
  ASSERT_TRUE(handle(Enter{"cheese"}));
  SetQuantity weight{1, {250}};
  ASSERT_TRUE(handle(weight)) << answer.error().what;
  EXPECT_EQ(state().total, Money{500});
  ASSERT_TRUE(handle(Enter{*scanner::encode_price({}, {"12345", 523})}));
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
  EXPECT_EQ(handle(Enter{"milk"}).error().code, Code::not_allowed);
  rig.heal("wan.down", down);
  ASSERT_TRUE(handle(Press{"first_login_needed", "Try again"}));
  pass(1s);
  EXPECT_EQ(state().stage, Stage::register_page);
}

TEST_F(TillTest, AnOfflineStartAsksOnceAndContinues) {
  start();
  ASSERT_TRUE(handle(Close()));
  ASSERT_TRUE(till->closed());
  till.reset();
  rig.start("wan.down");
  start();
  const State asked = state();
  ASSERT_EQ(asked.prompts.size(), 1U);
  EXPECT_EQ(asked.prompts[0].id, "no_internet");
  EXPECT_EQ(asked.prompts[0].buttons, std::vector<std::string>{"Continue"});
  EXPECT_EQ(handle(Enter{"milk"}).error().code, Code::not_allowed);
  ASSERT_TRUE(handle(Press{"no_internet", "Continue"}));
  ASSERT_TRUE(handle(Enter{"milk"}));
  ASSERT_TRUE(tender(129));
  EXPECT_TRUE(handle(Complete()));
}

TEST_F(TillTest, ARefusedLoginIsNamedInThePrompt) {
  start();
  ASSERT_TRUE(handle(Close()));
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
  const auto* told = screen.last<ConnectionShown>();
  ASSERT_NE(told, nullptr);
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
  const auto quit = handle(Close());
  full->heal(volume, 1);
  EXPECT_EQ(till->closed(), quit.has_value());
  if (till->closed()) return;
  ASSERT_TRUE(sell({"wine"})) << answer.error().what;
  pass(30s);
  EXPECT_EQ(state().counters.pending, 0U);
  EXPECT_EQ(cloud.applied["till-1.1.3"], 1);
}

// A disk that takes its time: what happens between the commit and the acknowledgement.
TEST_F(TillTest, WhileASaleIsBeingCommittedNothingOfASaleCanBeChanged) {
  start_with_scanner();
  ASSERT_TRUE(handle(Enter{"milk"}));
  ASSERT_TRUE(tender(129));
  slow_disk(2s);
  ask(Complete());
  pass(100ms);
  EXPECT_EQ(screen.count<Completed>(), 0U);
  const std::vector<Command> refused = {
      Complete(), Cancel(), Enter{"wine"}, Tender{"cash", {5}}, Refund{"till-1.1.2", {}, {}},
      Close()};
  for (const Command& command : refused) {
    const auto no = handle(command);
    ASSERT_FALSE(no) << command.index();
    EXPECT_EQ(no.error().code, Code::not_allowed);
    EXPECT_NE(no.error().what.find("receipt"), std::string::npos) << no.error().what;
  }
  till_scans("4012345100112");
  ASSERT_EQ(screen.count<ScanRejected>(), 1U);
  EXPECT_TRUE(state().cart.empty());
  EXPECT_EQ(handle(Sales())->sales->size(), 1U) << "Register Sales can be looked at meanwhile";
  EXPECT_EQ(screen.count<Completed>(), 0U);
  pass(10s);
  EXPECT_EQ(screen.count<Completed>(), 1U);
  slow_disk({});
  EXPECT_TRUE(sell({"wine"}));
  EXPECT_EQ(screen.count<Completed>(), 2U);
}

// Between its acts nothing that the disk did is left unpaid, whoever asked for it.
TEST_F(TillTest, WaitsForItsDiskWhenAScanHasItsStorageMended) {
  start_with_scanner();
  slow_disk(1ms);
  const auto* failing = words::Table<words::Fault>::find("disk.eio_write");
  words::Args ledger;
  ledger.set("file", std::string("ledger"));
  failing->start(volume, 1, ledger);
  ASSERT_TRUE(sell({"milk"}));
  pass(1s);
  failing->heal(volume, 1);
  ASSERT_EQ(state().health, store::Health::degraded);
  till_scans("4012345100112");
  EXPECT_EQ(volume.take_debt(), 0ns);
  EXPECT_EQ(state().health, store::Health::sound);
  EXPECT_EQ(state().cart.size(), 1U);
}

TEST_F(TillTest, WaitsForItsDiskWhenALoginHasItOpenAnEpoch) {
  start();
  ASSERT_TRUE(handle(Close()));
  till.reset();
  const auto down = rig.start("wan.down");
  start();
  ASSERT_TRUE(handle(Press{"no_internet", "Continue"}));
  slow_disk(1ms);
  bool asked = false;
  cloud.rule = [&](const base::HttpRequest& request) -> std::optional<sync::ScriptedCloud::Reply> {
    if (request.target.starts_with("/v1/ping")) return std::nullopt;
    wire::LoggedIn login;
    login.token = "token";
    login.generation = 9;
    login.highs = {{.epoch = 7, .number = 30, .contiguous_through = 40}};
    sync::ScriptedCloud::Reply reply{sync::ScriptedCloud::ours(wire::write_json(login))};
    reply.never = std::exchange(asked, true);  // an upload
    return reply;
  };
  rig.heal("wan.down", down);
  for (int i = 0; i < 600 && !asked; ++i) pass(100ms);
  pass(100ms);
  EXPECT_EQ(volume.take_debt(), 0ns);
  EXPECT_EQ(state().epoch, 8U);
}

TEST_F(TillTest, APromptCanBePressedWhileASaleIsBeingCommitted) {
  start();
  ASSERT_TRUE(handle(Enter{"milk"}));
  rig.start("wan.down");
  pass(60s);
  ASSERT_EQ(state().prompts.size(), 1U);
  ASSERT_TRUE(tender(129));
  slow_disk(2s);
  ask(Complete());
  pass(100ms);
  EXPECT_TRUE(handle(Press{"no_internet", "Continue"}));
  EXPECT_TRUE(state().prompts.empty());
  EXPECT_EQ(screen.count<Completed>(), 0U);
  pass(10s);
  EXPECT_EQ(screen.count<Completed>(), 1U);
}

TEST_F(TillTest, ClosedWhileItLooksForItsCloudStaysClosed) {
  rig.start("wan.blackhole");
  till = std::make_unique<Till>(ports, config(), screen);
  kernel::spawn(rig.kernel, rig.till_lane, starting());
  pass(100ms);
  ASSERT_FALSE(started);
  ASSERT_TRUE(handle(Close()));
  pass(10s);
  EXPECT_TRUE(started);
  EXPECT_TRUE(till->closed());
  EXPECT_EQ(screen.last<StageShown>()->stage, Stage::closed);
  EXPECT_EQ(screen.count<PromptShown>(), 0U);
}

TEST_F(TillTest, ShowsTheWholeCartAfterEveryChange) {
  start();
  ASSERT_TRUE(handle(Enter{"milk"}));
  ASSERT_TRUE(handle(Enter{"milk"}));
  EXPECT_EQ(screen.last<CartShown>()->lines, std::vector<std::string>{"2 x The milk 2.58"});
  ASSERT_TRUE(handle(Enter{"wine"}));
  ASSERT_TRUE(handle(SetQuantity{1, {3000}}));
  ASSERT_TRUE(handle(Discount{2, {}, Money{99}}));
  EXPECT_EQ(screen.last<CartShown>()->total, Money{3 * 129 + 900});
  ASSERT_TRUE(handle(VoidLine{1}));
  EXPECT_EQ(screen.last<CartShown>()->lines, std::vector<std::string>{"1 x The wine 9.00"});
  ASSERT_TRUE(tender(1000));
  EXPECT_EQ(screen.last<CartShown>()->due, Money{0});
  EXPECT_EQ(screen.last<CartShown>()->change, Money{100});
  ASSERT_TRUE(handle(Complete()));
  EXPECT_TRUE(screen.last<CartShown>()->lines.empty());
  ASSERT_TRUE(handle(Enter{"milk"}));
  ASSERT_TRUE(handle(Cancel()));
  EXPECT_TRUE(screen.last<CartShown>()->lines.empty());
  EXPECT_EQ(screen.count<CartShown>(), 10U);
}

TEST_F(TillTest, ADeviceOfAnUnknownRoleIsRefusedNamingTheNearest) {
  Config with = config();
  with.devices["scaner"] = {"devices", 4001, false};
  till = std::make_unique<Till>(ports, with, screen);
  kernel::spawn(rig.kernel, rig.till_lane, starting());
  pass(3s);
  ASSERT_FALSE(started);
  EXPECT_NE(started.error().what.find("did you mean \"scanner\""), std::string::npos)
      << started.error().what;
}

// Damaged storage takes no sale any more, but what can still be read of it goes to the cloud.
TEST_F(TillTest, ATillInCriticalErrorSendsWhatItStillHas) {
  start();
  const auto down = rig.start("wan.down");
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(sell({"milk"}));
  ASSERT_TRUE(handle(Close()));
  pass(60s);  // what it asked of the cloud comes to its end
  till.reset();
  const std::string ledger = "ledger/" + volume.list("ledger").front();
  const auto file = volume.open(ledger, ports::Disk::Mode::write);
  ASSERT_TRUE(file);
  ASSERT_TRUE(volume.write(**file, 2 * 512 + 100, "spoilt by the test"));
  for (const std::string& name : volume.list("db")) ASSERT_TRUE(volume.remove("db/" + name));

  start();
  EXPECT_EQ(state().stage, Stage::critical);
  ASSERT_EQ(state().prompts.size(), 1U);
  EXPECT_EQ(state().prompts[0].id, kCriticalError.id);
  EXPECT_EQ(handle(Enter{"milk"}).error().code, Code::not_allowed);
  EXPECT_EQ(cloud.applied["till-1.1.6"], 0);
  rig.heal("wan.down", down);
  const std::size_t probes = cloud.count("/v1/ping");
  ASSERT_TRUE(handle(Press{"critical_error", "OK"}));
  EXPECT_TRUE(state().prompts.empty());
  EXPECT_GT(cloud.count("/v1/ping"), probes) << "the button does not wait for the next probe";
  pass(60s);
  std::size_t sent = 0;
  for (const auto& [id, times] : cloud.applied) sent += times > 0 ? 1 : 0;
  EXPECT_EQ(sent, 5U)
      << "all but the one that nobody can read, and the epoch, which was sent before";
  EXPECT_EQ(handle(Enter{"milk"}).error().code, Code::not_allowed);
}

TEST_F(TillTest, CanBeClosedWhileAnUploadIsOnItsWay) {
  start();
  cloud.rule = [&](const base::HttpRequest& request) -> std::optional<sync::ScriptedCloud::Reply> {
    if (request.target != "/v1/sync/up") return std::nullopt;
    return sync::ScriptedCloud::Reply{cloud.usual(request), 2s};
  };
  ASSERT_TRUE(handle(Enter{"milk"}));
  ASSERT_TRUE(tender(129));
  ASSERT_TRUE(handle(Complete()));
  ASSERT_TRUE(handle(Close()));
  pass(60s);
  EXPECT_TRUE(till->closed());
}

TEST_F(TillTest, ClosesWhileItOpensAndShowsNothingAfterwards) {
  for (const base::Duration late : {1ms, 30ms, 90ms, 130ms, 400ms}) {
    slow_disk(300ms);
    till = std::make_unique<Till>(ports, config(), screen);
    kernel::spawn(rig.kernel, rig.till_lane, starting());
    pass(late);
    ask(Close());
    pass(20s);
    EXPECT_TRUE(answer) << answer.error().what;
    EXPECT_TRUE(till->closed()) << late.count();
    ASSERT_NE(screen.last<StageShown>(), nullptr);
    EXPECT_EQ(screen.last<StageShown>()->stage, Stage::closed) << late.count();
    EXPECT_EQ(screen.count<PromptShown>(), 0U) << late.count();
    till.reset();
    slow_disk({});
  }
}

}  // namespace
}  // namespace tillrig::till
