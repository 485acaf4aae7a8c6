#include "sim/explore/request.hpp"
#include "tests/sim/app/scenarios.hpp"

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

// A file that may not grow is to a program what a full disk is.
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
