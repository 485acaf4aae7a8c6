#include "sim/explore/request.hpp"
#include "tests/sim/app/program.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

namespace tillrig::app {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

constexpr const char* kSale = R"(title = "A sale"
story = "A customer buys milk."
limit = "30m"

[[phase]]
name = "a customer buys milk"
do = [
  { till = "till-1", act = "scan", item = "milk" },
  { till = "till-1", act = "tender", kind = "cash", amount = "10.00" },
  { till = "till-1", act = "complete" },
]
expect = [ { sale = "last", is = "completed" }, { outbox = "till-1", pending = 0, within = "25s" } ]
)";

// Chance draws its customers, so seeds tell its runs apart.
constexpr const char* kTrade = R"(title = "A morning's trade"
story = "Customers come and go."
limit = "2h"

[[flow]]
till = "till-1"
act = "sale"
every = "45s ~20s"
count = 5

[[phase]]
name = "the morning passes"
do = [ { wait = "10m" } ]
)";

constexpr const char* kWrong = R"(title = "A wish"
story = "Five sales are expected of a till that made none."
limit = "30m"

[[phase]]
name = "nobody buys anything"
do = [ { wait = "1s" } ]
expect = [ { outbox = "till-1", pending = 5 } ]
)";

// Long enough to be interrupted: tens of thousands of sales.
constexpr const char* kLong = R"(title = "Years of trade"
story = "A till sells day and night."
limit = "10000h"

[[flow]]
till = "till-1"
act = "sale"
every = "10s"

[[phase]]
name = "it goes on and on"
do = [ { wait = "9000h" } ]
)";

std::string replaced(std::string text, std::string_view old, std::string_view fresh) {
  return text.replace(text.find(old), old.size(), fresh);
}

// A folder with the shop that scenarios are played in.
class Scenarios : public ::testing::Test {
 protected:
  Scenarios() {
    std::filesystem::create_directory_symlink(std::string(TILLRIG_SOURCE_DIR) + "/fixtures",
                                              folder_ / "fixtures");
  }
  TestFolder folder_;
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// A user whose own locale is missing gets the same runs, and the truth about the second playings.
TEST_F(Scenarios, ArePlayedInAnotherLocaleOrSaidNotToBe) {
  folder_.write("shop/sale.toml", kSale);
  const bool built = std::filesystem::exists(std::filesystem::path(TILLRIG_BIN_DIR).parent_path() /
                                             "locale" / "tr_TR.UTF-8");
  const Ended ended =
      run_program({"run", folder_ / "shop/sale.toml", "-v"}, {{"LC_ALL", "xx_XX.UTF-8"}});
  ASSERT_EQ(ended.code, 0) << ended.out << ended.err;
  const bool said = contains(ended.out, "in the locale tr_TR.UTF-8");
  const bool denied = contains(ended.out, "in no other locale: tr_TR.UTF-8") &&
                      contains(ended.out, "but not in another locale");
  EXPECT_NE(said, denied) << ended.out;
  EXPECT_TRUE(said || !built) << ended.out;
}

TEST(Command, SaysItsExitCodesInHelp) {
  for (const auto& words : std::vector<std::vector<std::string>>{{"--help"}, {"run", "--help"}}) {
    const Ended ended = run_program(words);
    EXPECT_EQ(ended.code, 0);
    for (const char* code : {"0 all held", "1 something failed", "2 wrong use", "3 blocked",
                             "4 nothing selected", "70 the rig itself broke", "130 interrupted"}) {
      EXPECT_TRUE(contains(ended.out, code)) << code << "\n" << ended.out;
    }
  }
}

TEST_F(Scenarios, HoldTwiceAndEndWithTableAndReports) {
  folder_.write("shop/sale.toml", kTrade);
  const Ended ended =
      run_program({"run", folder_ / "shop", "--junit", folder_ / "junit.xml", "--digests",
                   folder_ / "digests", "--trace", folder_ / "traces", "--jobs", "2"});
  ASSERT_EQ(ended.code, 0) << ended.out << ended.err;
  EXPECT_TRUE(contains(ended.out, "shop/sale")) << ended.out;
  EXPECT_TRUE(contains(ended.out, "1 scenario, 1 run, each played twice")) << ended.out;
  EXPECT_TRUE(contains(ended.out, ": all held")) << ended.out;
  EXPECT_FALSE(contains(ended.out, "\x1b[")) << "colours where there is no terminal";
  EXPECT_EQ(folder_.names("traces"), std::vector<std::string>{"shop-sale-seed-1.tlog"});

  const std::string junit = read_file(folder_ / "junit.xml");
  EXPECT_TRUE(contains(junit, "tests=\"1\" failures=\"0\" errors=\"0\"")) << junit;
  EXPECT_EQ(junit.substr(junit.size() - 14), "</testsuites>\n");
  const std::string digests = read_file(folder_ / "digests");
  EXPECT_TRUE(contains(digests, "  shop/sale  seed 1\n")) << digests;

  // Again with another number of jobs: the same digests.
  const Ended again = run_program(
      {"run", folder_ / "shop/sale.toml", "--digests", folder_ / "digests-2", "--jobs", "1"});
  EXPECT_EQ(again.code, 0) << again.out << again.err;
  EXPECT_EQ(read_file(folder_ / "digests-2"), digests);
  // And another seed: others.
  EXPECT_EQ(run_program({"run", folder_ / "shop/sale.toml", "--seed", "2", "--digests",
                         folder_ / "digests-3"})
                .code,
            0);
  EXPECT_NE(read_file(folder_ / "digests-3").substr(0, 16), digests.substr(0, 16));
}

TEST_F(Scenarios, ThatFailAreToldWithTheCommandThatPlaysThemAgain) {
  const std::string file = folder_.write("shop/wish.toml", kWrong);
  folder_.write("shop/sale.toml", kSale);
  const Ended ended = run_program({"run", folder_ / "shop", "--trace", folder_ / "traces"});
  EXPECT_EQ(ended.code, 1) << ended.out << ended.err;
  EXPECT_TRUE(contains(ended.out, "FAIL  shop/wish  seed 1")) << ended.out;
  EXPECT_TRUE(contains(ended.out, "phase \"nobody buys anything\"")) << ended.out;
  EXPECT_TRUE(contains(ended.out, "wish.toml:8")) << ended.out;
  EXPECT_TRUE(contains(ended.out, "tillrig run " + file + " --seed 1")) << ended.out;
  EXPECT_TRUE(contains(ended.out, "tillrig trace dump " + folder_.path())) << ended.out;
  EXPECT_TRUE(contains(ended.out, "1 run of 1 scenario failed")) << ended.out;
}

TEST_F(Scenarios, OfTheWholeSuiteMustGiveEveryInvariantSomethingToJudge) {
  folder_.write("shop/sale.toml", kSale);
  folder_.write("shop/sale-again.toml", kSale);
  const Ended suite = run_program({"run", folder_ / "shop", "--whole-suite"});
  EXPECT_EQ(suite.code, 1) << suite.out;
  EXPECT_TRUE(contains(suite.out, "INV-24 judged nothing in the whole suite")) << suite.out;
  EXPECT_FALSE(contains(suite.out, "INV-38 judged nothing")) << suite.out;
  // A newcomer's first folder is none: it is told, and green.
  const Ended first = run_program({"run", folder_ / "shop", "-v"});
  EXPECT_EQ(first.code, 0) << first.out;
  EXPECT_TRUE(contains(first.out, "note: nothing here was for")) << first.out;
}

TEST_F(Scenarios, WhoseWaiverWaivesNothingFail) {
  folder_.write("shop/sale.toml",
                std::string(kSale) + "\n[waive]\nINV-02 = \"the cloud is known to double\"\n");
  const Ended ended = run_program({"run", folder_ / "shop"});
  EXPECT_EQ(ended.code, 1) << ended.out;
  EXPECT_TRUE(contains(ended.out, "the waiver of INV-02 waived nothing")) << ended.out;
}

// The digest is of what was played, not of where it lies.
TEST_F(Scenarios, HaveTheSameDigestsFromAnotherFolder) {
  folder_.write("here/shop/sale.toml", kSale);
  folder_.write("there/shop/sale.toml", kSale);
  std::filesystem::create_directory_symlink(std::string(TILLRIG_SOURCE_DIR) + "/fixtures",
                                            folder_ / "here/fixtures");
  std::filesystem::create_directory_symlink(std::string(TILLRIG_SOURCE_DIR) + "/fixtures",
                                            folder_ / "there/fixtures");
  for (const char* place : {"here", "there"}) {
    const Ended ended = run_program({"run", folder_ / (std::string(place) + "/shop"), "--once",
                                     "--digests", folder_ / (std::string(place) + ".digests")});
    ASSERT_EQ(ended.code, 0) << ended.out << ended.err;
  }
  EXPECT_EQ(read_file(folder_ / "here.digests"), read_file(folder_ / "there.digests"));
}

TEST(Command, SaysItsVersion) {
  const Ended ended = run_program({"--version"});
  EXPECT_EQ(ended.code, 0);
  EXPECT_TRUE(contains(ended.out, "tillrig 0.1 (timelines of format 1; ")) << ended.out;
}

TEST_F(Scenarios, EndAfterTheFirstFailureWhenAskedTo) {
  folder_.write("shop/a-wish.toml", kWrong);
  folder_.write("shop/sale.toml", kSale);
  const Ended ended = run_program(
      {"run", folder_ / "shop", "-x", "--once", "-j", "1", "--json", folder_ / "runs.jsonl"});
  EXPECT_EQ(ended.code, 1) << ended.out;
  EXPECT_TRUE(contains(ended.out, "1 run not run")) << ended.out;
  const std::string lines = read_file(folder_ / "runs.jsonl");
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 2) << lines;
  EXPECT_TRUE(contains(lines, "\"type\":\"run\",\"scenario\":\"shop/a-wish\"")) << lines;
  EXPECT_TRUE(contains(lines, "\"verdict\":\"failed\"")) << lines;
  EXPECT_TRUE(contains(lines, "\"not_run\":1")) << lines;
  EXPECT_TRUE(contains(lines, "\"exit_code\":1}\n")) << lines;
}

TEST_F(Scenarios, ThatFailedTheLastTimeAreRemembered) {
  const std::string file = folder_.write("shop/changing.toml", kWrong);
  folder_.write("shop/sale.toml", kSale);
  const std::vector<std::pair<std::string, std::string>> cache = {
      {"XDG_CACHE_HOME", folder_ / "cache"}};
  const std::vector<std::string> again = {"run", folder_ / "shop", "--once", "--last-failed"};
  EXPECT_EQ(run_program(again, cache).code, 4) << "nothing is remembered yet";
  EXPECT_EQ(run_program({"run", folder_ / "shop", "--once"}, cache).code, 1);
  const Ended failed = run_program(again, cache);
  EXPECT_EQ(failed.code, 1);
  EXPECT_TRUE(contains(failed.out, "1 scenario, 1 run")) << failed.out;
  folder_.write("shop/changing.toml", kSale);
  EXPECT_EQ(run_program(again, cache).code, 0);
  EXPECT_EQ(run_program(again, cache).code, 4) << "it holds now";
  EXPECT_EQ(folder_.names("shop"), (std::vector<std::string>{"changing.toml", "sale.toml"}));
}

TEST_F(Scenarios, OfManySeedsEndWithAFigure) {
  folder_.write("shop/sale.toml", kTrade);
  const Ended ended = run_program({"run", folder_ / "shop", "--seeds", "1..3"});
  EXPECT_EQ(ended.code, 0) << ended.out;
  EXPECT_TRUE(contains(ended.out, "6 playings in ")) << ended.out;
  EXPECT_TRUE(contains(ended.out, "0 differences")) << ended.out;
}

TEST_F(Scenarios, CannotSteerTheTerminal) {
  const std::string file = folder_.write(
      "shop/esc.toml", replaced(kWrong, "nobody buys anything", "a \\u001b[31mred\\u009b phase"));
  const Ended ended = run_program({"run", file, "--once"});
  EXPECT_FALSE(contains(ended.out + ended.err, "\x1b")) << ended.out;
  const std::string good = folder_.write("good/sale.toml", kSale);
  const Ended unknown = run_program({"run", good, "--tags", "\x1b[31m"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_TRUE(contains(unknown.err, "\\x1b[31m")) << unknown.err;
}

TEST_F(Scenarios, AreSelectedByNameAndTag) {
  folder_.write("shop/sale.toml", std::string("tags = [\"smoke\"]\n") + kSale);
  folder_.write("shop/wish.toml", kWrong);
  EXPECT_EQ(run_program({"run", folder_ / "shop", "-k", "sale"}).code, 0);
  EXPECT_EQ(run_program({"run", folder_ / "shop", "--tags", "smoke"}).code, 0);
  EXPECT_EQ(run_program({"run", folder_ / "shop", "--tags", "!smoke"}).code, 1);
  EXPECT_EQ(run_program({"run", folder_ / "shop", "--tags", "not smoke"}).code, 1);
  const Ended typo = run_program({"run", folder_ / "shop", "--tags", "smoek"});
  EXPECT_EQ(typo.code, 2);
  EXPECT_TRUE(contains(typo.err, "did you mean \"smoke\"?")) << typo.err;
  EXPECT_TRUE(contains(typo.err, "tillrig list tags")) << typo.err;
  const Ended none = run_program({"run", folder_ / "shop", "-k", "zebra"});
  EXPECT_EQ(none.code, 4);
  EXPECT_TRUE(contains(none.err, "none of 2 scenarios is selected")) << none.err;
  const Ended listed = run_program({"run", folder_ / "shop", "--list", "--seeds", "3..5"});
  EXPECT_EQ(listed.code, 0);
  EXPECT_TRUE(contains(listed.out, "shop/sale  seed 5")) << listed.out;
  EXPECT_TRUE(contains(listed.out, "2 scenarios, 6 runs")) << listed.out;
}

TEST_F(Scenarios, AreNotPlayedWhenAnyInputIsBad) {
  const std::string good = folder_.write("shop/sale.toml", kSale);
  const std::string torn = folder_.write("torn/torn.toml", "title = \"x\nlimit");
  const std::string typo =
      folder_.write("typo/typo.toml", std::string(kSale) +
                                          "\n[[phase]]\nname = \"x\"\ndo = [ { till = "
                                          "\"till-1\", act = \"scna\", item = \"milk\" } ]\n");
  const std::string sale = kSale;
  const std::string healed = folder_.write(
      "b/healed.toml", replaced(sale, "{ till = \"till-1\", act = \"scan\", item = \"milk\" }",
                                "{ heal = \"wan.down\" }"));
  const std::string twice = folder_.write("b/twice.toml", sale + "[matrix]\nseed = [3, 4, 4]\n");
  const std::string shopless =
      folder_.write("b/shopless.toml", sale + "[store]\nfixture = \"corner-shp\"\n");
  const std::string never = folder_.write("b/never.toml", replaced(sale, "30m", "0s"));
  std::filesystem::create_directories(folder_ / "empty");
  folder_.write("a-file", "");
  struct Case {
    std::vector<std::string> words;
    std::string says;
  };
  const std::vector<Case> cases = {
      {{}, "subcommand"},
      {{"rnu"}, "did you mean \"run\"?"},
      {{"trace", "dmp", good}, "did you mean \"dump\"?"},
      {{"run", good, "--jbos=2"}, "did you mean \"--jobs\"?"},
      {{"run", good, "-k", "sale and"}, "expected a text to look for"},
      {{"run", good, "--jbos", "2"}, "--jbos"},
      {{"run", good, "--seeds", "5..3"}, "5..3"},
      {{"run", good, "--seeds", "1..99999999"}, "too many seeds"},
      {{"run", good, "--seed", "-1"}, "\"-1\" is no seed"},
      {{"run", good, healed}, "healed.toml:8:3: wan.down is healed, but never begins"},
      {{"run", good, twice}, "twice.toml:14:15: the axis seed has 4 twice"},
      {{"run", good, shopless}, "did you mean \"corner-shop\"?"},
      {{"run", good, never}, "limit is \"0s\"; expected a duration"},
      {{"run", good, "--jobs", "0"}, "--jobs"},
      {{"run", good, "--bed", "water"}, "water"},
      {{"run", folder_ / "shop/sail.toml"}, "did you mean " + good},
      {{"run", folder_ / "empty"}, "no scenarios in this folder"},
      {{"run", good, torn}, "torn.toml:1:"},
      {{"run", good, typo}, "did you mean \"scan\"?"},
      {{"run", good, "--mutant", "clear_all_on_akc"}, "did you mean \"clear_all_on_ack\"?"},
      {{"run", good, "--junit", folder_ / "nowhere/junit.xml"}, "cannot be written"},
      {{"run", good, "--digests", folder_ / "shop"}, "is a folder"},
      {{"run", good, "--trace", folder_ / "a-file/traces"}, "cannot be made"},
      {{"list", "stesp"}, "stesp"},
      {{"explain", "scna"}, "did you mean"},
      {{"trace", "stat", folder_ / "a-file"}, "a-file"},
      {{"trace", "stat", folder_ / "missing.tlog"}, "missing.tlog"},
      {{"trace", "diff", folder_ / "a-file"}, "two timelines"},
      {{"oms", "--data", folder_ / "oms", "--listen", "nowhere"}, "HOST:PORT"},
      {{"till", "--cloud", "127.0.0.1:1", "--data", folder_ / "t", "--fixture", "x.toml"},
       "no such shop"},
  };
  for (const Case& each : cases) {
    const Ended ended = run_program(each.words);
    EXPECT_EQ(ended.code, 2) << each.says << "\n" << ended.out << ended.err;
    EXPECT_TRUE(contains(ended.err, each.says)) << each.says << "\n" << ended.err;
    EXPECT_FALSE(contains(ended.out, "held")) << "something was played\n" << ended.out;
  }
  EXPECT_EQ(folder_.names("shop"), std::vector<std::string>{"sale.toml"});
}

TEST_F(Scenarios, AreInterruptedWithinASecondAndLeaveNoHalfReport) {
  folder_.write("shop/years.toml", kLong);
  for (const int number : {SIGINT, SIGTERM}) {
    Program program({"run", folder_ / "shop", "--junit", folder_ / "junit.xml", "--digests",
                     folder_ / "digests", "--trace", folder_ / "traces", "--jobs", "2"});
    // Into the playing: the timeline is being written.
    const auto give_up = std::chrono::steady_clock::now() + 20s;
    while (!std::filesystem::exists(folder_ / "traces") || folder_.names("traces").empty()) {
      ASSERT_LT(std::chrono::steady_clock::now(), give_up);
      std::this_thread::sleep_for(10ms);
    }
    const auto asked = std::chrono::steady_clock::now();
    program.signal(number);
    const Ended ended = program.wait();
    EXPECT_LT(std::chrono::steady_clock::now() - asked, 1s);
    EXPECT_EQ(ended.code, 130) << ended.out << ended.err;
    EXPECT_TRUE(contains(ended.out, "interrupted: 0 of 1 run finished")) << ended.out;
    EXPECT_EQ(folder_.names("traces"), std::vector<std::string>());
    // What was played stands, whole; the rest is said not to be run.
    const std::string junit = read_file(folder_ / "junit.xml");
    EXPECT_TRUE(contains(junit, "<skipped message=\"not run")) << junit;
    EXPECT_TRUE(junit.ends_with("</testsuites>\n")) << junit;
    EXPECT_EQ(folder_.names(),
              (std::vector<std::string>{"fixtures", "junit.xml", "shop", "traces"}));
  }
}

std::vector<int> children_of(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/task/" + std::to_string(pid) + "/children");
  std::vector<int> children;
  for (int child = 0; file >> child;) children.push_back(child);
  return children;
}

// Every process that stands below this one.
std::vector<int> below(int pid) {
  std::vector<int> all;
  for (const int child : children_of(pid)) {
    all.push_back(child);
    for (const int further : below(child)) all.push_back(further);
  }
  return all;
}

TEST_F(Scenarios, OnTheLiveBedLeaveNoProcessAndNoFolderWhenInterrupted) {
  folder_.write("shop/years.toml", kLong);
  std::filesystem::create_directories(folder_ / "tmp");
  Program program({"run", "--bed", "live", folder_ / "shop"}, {{"TMPDIR", folder_ / "tmp"}});
  // The player, the cloud and the till.
  constexpr std::size_t kProcesses = 3;
  const auto give_up = std::chrono::steady_clock::now() + 20s;
  std::vector<int> processes;
  while (processes.size() < kProcesses) {
    ASSERT_LT(std::chrono::steady_clock::now(), give_up);
    std::this_thread::sleep_for(10ms);
    processes = below(program.pid());
  }
  EXPECT_FALSE(folder_.names("tmp").empty());
  program.signal(SIGINT);
  const Ended ended = program.wait();
  EXPECT_EQ(ended.code, 130) << ended.out << ended.err;
  for (const int process : processes) EXPECT_NE(::kill(process, 0), 0) << process << " lives on";
  EXPECT_EQ(folder_.names("tmp"), std::vector<std::string>());
}

TEST_F(Scenarios, OnTheLiveBedAreBlockedWithoutATemporaryFolder) {
  folder_.write("shop/sale.toml", kSale);
  const Ended ended =
      run_program({"run", "--bed", "live", folder_ / "shop"}, {{"TMPDIR", folder_ / "nowhere"}});
  EXPECT_EQ(ended.code, 3) << ended.out << ended.err;
  EXPECT_TRUE(contains(ended.err, "set TMPDIR")) << ended.err;
}

TEST_F(Scenarios, GoOnWhenAWorkerDiesAndTheRigIsSaidToHaveBroken) {
  folder_.write("shop/a-years.toml", kLong);
  folder_.write("shop/sale.toml", kSale);
  Program program({"run", folder_ / "shop", "-v", "-k", "shop/", "--jobs", "1"});
  // One process plays, and it is at the long one. When the short one has held, only the second
  // playing of the long one is left.
  std::set<int> killed;
  const auto give_up = std::chrono::steady_clock::now() + 30s;
  while (killed.empty() && std::chrono::steady_clock::now() < give_up) {
    for (const int child : children_of(program.pid())) {
      if (::kill(child, SIGKILL) == 0) killed.insert(child);
    }
    std::this_thread::sleep_for(10ms);
  }
  ASSERT_FALSE(killed.empty());
  EXPECT_FALSE(program.read_until("held  shop/sale").empty());
  for (const int child : children_of(program.pid())) ::kill(child, SIGKILL);
  const Ended ended = program.wait();
  EXPECT_EQ(ended.code, 70) << ended.out << ended.err;
  EXPECT_TRUE(contains(ended.out, "was ended by signal 9")) << ended.out;
  EXPECT_TRUE(contains(ended.out, "the rig itself broke in 1 run")) << ended.out;
}

TEST_F(Scenarios, LeaveTimelinesThatTheToolsRead) {
  folder_.write("shop/sale.toml", kTrade);
  ASSERT_EQ(
      run_program({"run", folder_ / "shop", "--trace", folder_ / "t", "--seeds", "1..2"}).code, 0);
  const std::string one = folder_ / "t/shop-sale-seed-1.tlog";
  const std::string two = folder_ / "t/shop-sale-seed-2.tlog";
  const Ended stat = run_program({"trace", "stat", one});
  EXPECT_EQ(stat.code, 0) << stat.err;
  EXPECT_TRUE(contains(stat.out, "shop/sale")) << stat.out;
  const Ended dump = run_program({"trace", "dump", one});
  EXPECT_EQ(dump.code, 0) << dump.err;
  EXPECT_TRUE(contains(dump.out, "\"name\":\"ledger.synced\"")) << dump.out.substr(0, 2000);
  EXPECT_EQ(run_program({"trace", "hash", one}).out.substr(0, 6), "trace ");
  EXPECT_EQ(run_program({"trace", "diff", one, one}).code, 0);
  EXPECT_EQ(run_program({"trace", "diff", one, two}).code, 1);

  // Cut anywhere: a sentence, never a crash.
  const std::string whole = read_file(one);
  for (const std::size_t bytes :
       {std::size_t{0}, std::size_t{7}, std::size_t{100}, whole.size() / 2, whole.size() - 1}) {
    const std::string cut = folder_.write("t/cut.tlog", whole.substr(0, bytes));
    const Ended ended = run_program({"trace", "stat", cut});
    EXPECT_TRUE(ended.code == 0 || ended.code == 2) << bytes << ": " << ended.code;
    EXPECT_TRUE(contains(ended.out + ended.err, "cut")) << bytes << ended.out << ended.err;
  }
}

TEST_F(Scenarios, SayWhichInvariantKilledAMutant) {
  folder_.write("shop/sale.toml", kSale);
  const Ended survived = run_program({"run", folder_ / "shop", "--mutant", "clear_all_on_ack"});
  EXPECT_EQ(survived.code == 0, contains(survived.out, "survived: nothing failed")) << survived.out;
  EXPECT_EQ(survived.code == 1, contains(survived.out, "killed by")) << survived.out;
}

TEST(Schema, IsCommittedAsTheProgramPrintsIt) {
  const Ended printed = run_program({"schema"});
  EXPECT_EQ(printed.code, 0);
  EXPECT_TRUE(printed.out ==
              read_file(std::string(TILLRIG_SOURCE_DIR) + "/scenarios/scenario.schema.json"))
      << "the vocabulary has changed: ./tillrig schema > scenarios/scenario.schema.json";
}

TEST(Requests, ComeBackAsTheyWereWritten) {
  explore::Request request;
  request.file = "a \"b\"/c.toml";
  request.plan = 7;
  request.call = 44;
  request.seed = ~std::uint64_t{0};
  request.mutants = {"no_dedupe", "two_uploaders"};
  request.bed = "live";
  request.timeline = "t/x.tlog";
  request.scratch = "s/7";
  const auto read = explore::read_request(write_request(request));
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(*read, request);
  EXPECT_FALSE(explore::read_request("{}"));
}

// Runs words of the shell in which "$TILLRIG" is the program; its standard error, and its exit code
// on a last line.
std::string run_shell(const TestFolder& folder, const std::string& words) {
  const std::string script =
      "TILLRIG='" TILLRIG_BIN_DIR "/tillrig'; cd '" + folder.path() + "'; " + words;
  const std::string path = folder.write("words.sh", script);
  EXPECT_EQ(std::system(("sh '" + path + "'").c_str()), 0);
  return read_file(folder / "err");
}

TEST_F(Scenarios, WriteAReportToStandardOutputWithoutReplacingIt) {
  folder_.write("shop/sale.toml", kSale);
  const Ended ended =
      run_program({"run", folder_ / "shop/sale.toml", "--junit", "/proc/self/fd/1"});
  ASSERT_EQ(ended.code, 0) << ended.out << ended.err;
  EXPECT_TRUE(contains(ended.out, "</testsuites>")) << ended.out;
  EXPECT_TRUE(contains(ended.out, "all held")) << ended.out;

  const std::string err = run_shell(
      folder_, "\"$TILLRIG\" run shop/sale.toml --junit /proc/self/fd/1 >out 2>err; echo $? >>err");
  EXPECT_EQ(err, "0\n");
  EXPECT_TRUE(contains(read_file(folder_ / "out"), "</testsuites>"));
  EXPECT_TRUE(contains(read_file(folder_ / "out"), "all held"));
}

// A file that may not grow is to a program what a full disk is.
TEST_F(Scenarios, EndWithSeventyWhenTheirOutputIsCut) {
  folder_.write("shop/sale.toml", kSale);
  ASSERT_EQ(run_program({"run", folder_ / "shop/sale.toml", "--trace", folder_ / "traces"}).code,
            0);
  for (const std::string words :
       {"run shop/sale.toml", "trace dump traces/shop-sale-seed-1.tlog", "list faults", "schema"}) {
    const std::string err = run_shell(folder_, "(trap '' XFSZ; ulimit -f 0; \"$TILLRIG\" " + words +
                                                   " 2>&1 >out; echo $?) | cat >err");
    EXPECT_TRUE(contains(err, "standard output could not be written")) << words << ": " << err;
    EXPECT_TRUE(err.ends_with("\n70\n")) << words << ": " << err;
  }
}

TEST_F(Scenarios, EndQuietlyWhenNobodyReadsOn) {
  const std::string err = run_shell(
      folder_,
      "(sleep 0.2; trap '' PIPE; \"$TILLRIG\" schema 2>err; echo $? >>err) | true; sleep 1");
  EXPECT_EQ(err, "0\n");
}

TEST_F(Scenarios, OfOneNameInTwoFoldersKeepATimelineEach) {
  folder_.write("a/shop/sale.toml", kSale);
  folder_.write("b/shop/sale.toml", kSale);
  const Ended ended =
      run_program({"run", folder_ / "a/shop/sale.toml", folder_ / "b/shop/sale.toml", "--trace",
                   folder_ / "traces", "--jobs", "4"});
  ASSERT_EQ(ended.code, 0) << ended.out << ended.err;
  EXPECT_EQ(folder_.names("traces"),
            (std::vector<std::string>{"shop-sale-seed-1-2.tlog", "shop-sale-seed-1.tlog"}));
}

}  // namespace
}  // namespace tillrig::app
