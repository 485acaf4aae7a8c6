// What is wrong with a file is said in one sentence each, with its place and the nearest word.
#include "sim/scenario/read/plan.hpp"

#include <gtest/gtest.h>

namespace tillrig::scenario {
namespace {

const std::string kNear = std::string(TILLRIG_SOURCE_DIR) + "/scenarios/x.toml";

std::string told(std::string_view text) {
  std::string all;
  for (Problem problem : load_text(text, kNear).problems) {
    if (problem.file == kNear) problem.file = "x.toml";
    all += sentence(problem) + "\n";
  }
  return all;
}

// A file of one phase with these lines.
std::string phase(const std::string& doing, const std::string& expect = "") {
  std::string text = "title = \"t\"\n[[phase]]\nname = \"p\"\ndo = [\n" + doing + "\n]\n";
  if (!expect.empty()) text += "expect = [\n" + expect + "\n]\n";
  return text;
}

struct Bad {
  std::string text;
  std::string sentence;
};

TEST(Check, EachMistakeGetsOneSentenceWithItsPlace) {
  const Bad kBad[] = {
      {phase("{ act = \"scna\", item = \"milk\" }"),
       "x.toml:5:9: there is no step \"scna\"; did you mean \"scan\"?\n"},
      {phase("{ act = \"scan\", item = \"mlik\" }"),
       "x.toml:5:24: there is no item \"mlik\"; did you mean \"milk\"?\n"},
      {phase("{ act = \"scan\", itme = \"milk\", item = \"milk\" }"),
       "x.toml:5:17: there is no key of scan \"itme\"; did you mean \"item\"?\n"},
      {phase("{ act = \"scan\" }"),
       "x.toml:5:3: act = \"scan\" alone says nothing; expected one of these keys with it: item, "
       "code\n"},
      {phase("{ fault = \"wan.dwon\" }"),
       "x.toml:5:11: there is no fault \"wan.dwon\"; did you mean \"wan.down\"?\n"},
      {phase("{ till = \"till-2\", act = \"complete\" }"),
       "x.toml:5:10: there is no till \"till-2\"; did you mean \"till-1\"?\n"},
      {phase("{ act = \"tender\", amount = 4.20 }"),
       "x.toml:5:28: amount is the decimal number 4.2; expected an amount as a text, such as "
       "\"4.20\" (never a number: those are not exact)\n"},
      {phase("{ wait = \"-3s\" }"),
       "x.toml:5:10: wait is \"-3s\"; expected a duration with its unit, such as \"20s\", \"4h\" "
       "or "
       "\"1h30m\"\n"},
      {phase("{ wait = \"2h\" }"),
       "x.toml:5:10: wait is 2h, more than the limit of 1h; expected less, or a longer limit\n"},
      {phase("{ act = \"complete\" }", "{ outbox = \"till-1\", pending = 0, within = \"3h\" }"),
       "x.toml:8:44: within is 3h, more than the limit of 1h; expected less, or a longer limit\n"},
      {"title = \"t\"\n[beds]\nsuits = [\"live\"]\n[store]\ndisk = { sync = \"9ms\" }\n[[phase]]\n"
       "name = \"p\"\ndo = [{ wait = \"1s\" }]\n",
       "x.toml:3:10: the live bed has real lines and disks: it cannot make them as [store] says; "
       "expected suits = [\"virtual\"], or no line and disk in [store]\n"},
      {phase("{ act = \"complete\", wait = \"1s\" }"),
       "x.toml:5:21: a line has act and wait; expected one of act, fault, heal and wait; make it "
       "two "
       "lines\n"},
      {phase("{ till = \"till-1\" }"),
       "x.toml:5:1: this line does nothing; expected one of act, fault, heal and wait\n"},
      {phase("{ wait = \"1s\" }", "{ outbx = \"till-1\" }"),
       "x.toml:8:3: there is no expectation \"outbx\"; did you mean \"outbox\"?\n"},
      {"titel = \"t\"\ntitle = \"t\"\n[[phase]]\nname = \"p\"\n",
       "x.toml:1:1: there is no key of a scenario \"titel\"; did you mean \"title\"?\n"},
      {"title = \"t\"\nkills = [\"no_dedup\"]\n[[phase]]\nname = \"p\"\n",
       "x.toml:2:10: there is no mutant \"no_dedup\"; did you mean \"no_dedupe\"?\n"},
      {"title = \"t\"\n[[phase]]\nname = \"p\"\n[[phase]]\nname = \"p\"\n",
       "x.toml:5:8: two phases have the name \"p\"\n"},
      {"title = \"t\"\n[store]\ntills = [\"a\", \"a\"]\n[[phase]]\nname = \"p\"\n",
       "x.toml:3:15: two tills have the name \"a\"\n"},
      {"title = \"t\"\n[store]\nfixture = \"corner-shpo\"\n[[phase]]\nname = \"p\"\n",
       "x.toml:3:11: there is no fixture \"corner-shpo\"; did you mean \"corner-shop\"?\n"},
      {"title = \"t\"\n[[at]]\ntime = \"25:99\"\ndo = []\n",
       "x.toml:3:8: time is \"25:99\"; expected a time such as \"08:30\", \"open+2h\" or "
       "\"close-10m\"\n"},
      {"title = \"t\"\n[[at]]\ntime = \"open+2h\"\ndo = []\n",
       "x.toml:3:8: time lies 2h after the opening, beyond the limit of 1h; expected an earlier "
       "time, or a longer limit\n"},
      {"title = \"t\"\n[[when]]\nmark = \"ledger.snyced#3\"\ndo = []\n[[phase]]\nname = \"p\"\n",
       "x.toml:3:8: there is no mark \"ledger.snyced\"; did you mean \"ledger.synced\"?\n"},
      {"title = \"t\"\n[[case]]\nid = \"a\"\n[[case]]\nid = \"a\"\n[[phase]]\nname = \"p\"\n",
       "x.toml:5:6: two cases have the id \"a\"\n"},
      {"title = \"t\"\nlimit = 3\n[[phase]]\nname = \"p\"\n",
       "x.toml:2:9: limit is 3; expected a duration above 0 with its unit, such as \"20s\", "
       "\"4h\" or \"1h30m\"\n"},
      {"title = \"t\"\n[matrix]\nseed = [4, 4]\n[[phase]]\nname = \"p\"\n",
       "x.toml:3:12: the axis seed has 4 twice\n"},
      {phase("{ heal = \"wan.down\" }"),
       "x.toml:5:1: wan.down is healed, but never begins; expected { fault = \"wan.down\" } before "
       "it\n"},
      {phase("{ wait = \"1s\" }", "{ link = \"till-1\", is = \"oflnie\" }"),
       "x.toml:8:25: there is no value of is \"oflnie\"; did you mean \"online\"?\n"},
      {phase("{ wait = \"1s\" }", "{ outbox = \"till-1\", within = \"5s\" }"),
       "x.toml:8:3: outbox = \"till-1\" alone says nothing; expected one of these keys with it: "
       "pending, quarantined, uploaded\n"},
      {phase("{ wait = \"1s\" }", "{ link = \"till-1\" }"),
       "x.toml:8:3: link = \"till-1\" alone says nothing; expected one of these keys with it: "
       "is, cause\n"},
      {phase("{ wait = \"1s\" }", "{ register = \"till-1\", kind = \"sale\" }"),
       "x.toml:8:3: register = \"till-1\" alone says nothing; expected one of these keys with "
       "it: count, at-least\n"},
      {phase("{ wait = \"1s\" }", "{ cloud = \"sales\" }"),
       "x.toml:8:3: cloud = \"sales\" alone says nothing; expected one of these keys with it: "
       "count, at-least\n"},
      {phase("{ wait = \"1s\" }", "{ cloud = \"sales\", count = 1, times = 5 }"),
       "x.toml:8:31: times does not go with cloud = \"sales\"; expected one of the two\n"},
      {phase("{ wait = \"1s\" }", "{ cloud = \"sale:last\", count = 7 }"),
       "x.toml:8:24: count does not go with cloud = \"sale:last\"; expected one of the two\n"},
      {phase("{ wait = \"1s\" }", "{ cloud = \"sale:last\", is = \"absent\", times = 1 }"),
       "x.toml:8:39: times does not go with is = \"absent\"; expected one of the two\n"},
      {phase("{ wait = \"1s\" }", "{ cloud = \"salse\", count = 1 }"),
       "x.toml:8:11: there is no value of cloud \"salse\"; did you mean \"sales\"?\n"},
      {phase("{ wait = \"1s\" }", "{ cloud = \"sales\", count = 2, at-least = 1 }"),
       "x.toml:8:31: at-least does not go with count = 2; expected one of the two\n"},
      {phase("{ wait = \"1s\" }", "{ mark = \"scan.read\", at-least = 0 }"),
       "x.toml:8:34: at-least is 0; expected a whole number, 1 or more\n"},
      {phase("{ wait = \"1s\" }", "{ no-prompt = \"no_interne\" }"),
       "x.toml:8:15: there is no value of no-prompt \"no_interne\"; did you mean "
       "\"no_internet\"?\n"},
      {phase("{ wait = \"1s\" }", "{ receipt = \"till-1\", has = \"\" }"),
       "x.toml:8:29: has is \"\"; expected a text\n"},
      {phase("{ wait = \"1s\" }", "{ till = \"*\", is = \"dead\" }"),
       "x.toml:8:10: till is \"*\"; expected one till: till-1\n"},
      {"title = \"t\"\n",
       "x.toml:1:1: nothing happens in this scenario; expected at least one "
       "[[phase]]\n"},
      {"title = \"t\"\ncovers = [\"OUT4\"]\n[[phase]]\nname = \"p\"\n",
       "x.toml:2:11: there is no requirement \"OUT4\"; did you mean \"OUT-04\"?\n"},
      {"title = \"t\"\nbeds = [\"virtual\"]\n[[phase]]\nname = \"p\"\n",
       "x.toml:2:8: beds is a list; expected a table such as beds = { suits = [\"virtual\"] }\n"},
      {"title = \"t\"\n[beds]\n[[phase]]\nname = \"p\"\n",
       "x.toml:2:1: suits is missing; expected suits = a list of: virtual, live, hardware\n"},
      {"title = \"t\"\nbeds = { suits = [] }\n[[phase]]\nname = \"p\"\n",
       "x.toml:2:18: [beds] suits no bed, so nothing would be played; expected suits = a list of: "
       "virtual, live, hardware\n"},
      {"title = \"t\"\nwaive = \"INV-01\"\n[[phase]]\nname = \"p\"\n",
       "x.toml:2:9: waive is \"INV-01\"; expected [waive] with a line such as INV-09 = \"why it "
       "is waived\"\n"},
      {"title = \"t\"\nkills = \"no_dedupe\"\n[[phase]]\nname = \"p\"\n",
       "x.toml:2:9: kills is \"no_dedupe\"; expected a list of texts\n"},
      {"title = \"t\"\ncovers = { a = \"OUT-04\" }\n[[phase]]\nname = \"p\"\n",
       "x.toml:2:10: covers is a table; expected a list of texts\n"},
      {"title = \"t\"\ntags = \"smoke\"\n[[phase]]\nname = \"p\"\n",
       "x.toml:2:8: tags is \"smoke\"; expected a list of texts\n"},
      {"title = \"t\"\nstore = [\"till-1\"]\n[[phase]]\nname = \"p\"\n",
       "x.toml:2:9: store is a list; expected [store]\n"},
      {"title = \"t\"\ncase = \"a\"\n[[phase]]\nname = \"p\"\n",
       "x.toml:2:1: case is not a list of cases; expected [[case]] with an id\n"},
      {"title = \"t\"\nmatrix = [1]\n[[phase]]\nname = \"p\"\n",
       "x.toml:2:1: matrix is no table; expected [matrix] with one list a line\n"},
      {"title = \"t\"\n[matrix]\n[[phase]]\nname = \"p\"\n",
       "x.toml:2:2: the matrix has no axis; expected a line such as seed = [1, 2, 3]\n"},
      {"title = \"t\"\n[matrix]\ndisk = [\"none\", \"torn\"]\n[[phase]]\nname = \"p\"\n",
       "x.toml:3:1: no line uses the axis disk; expected \"{disk}\" as a value somewhere in the "
       "file\n"},
      {"title = \"t\"\n[[case]]\nid = \"a\"\ndown = \"1s\"\n[[phase]]\nname = \"p\"\n",
       "x.toml:4:1: no line uses the case's key down; expected \"{down}\" as a value somewhere in "
       "the file\n"},
      {"title = \"t\"\n[[case]]\nid = \"a\"\nn = \"1s\"\n[matrix]\nn = [\"2s\"]\n[[phase]]\nname = "
       "\"p\"\ndo = [ { wait = \"{n}\" } ]\n",
       "x.toml:6:1: n is a key of the cases too\n"},
      {"title = \"t\"\n[[at]]\ntime = \"open\"\n",
       "x.toml:2:1: do is missing; expected a list of lines such as [ { act = \"complete\" } ]\n"},
      {"title = \"t\"\n[[when]]\nmark = \"scan.read\"\n[[phase]]\nname = \"p\"\n",
       "x.toml:2:1: do is missing; expected a list of lines such as [ { act = \"complete\" } ]\n"},
      {phase("{ act = \"press\", prompt = \"no_internet\", button = \"Contniue\" }"),
       "x.toml:5:51: there is no button of no_internet \"Contniue\"; did you mean \"Continue\"?\n"},
      {phase("{ wait = \"1s\" }", "{ prompt = \"no_internet\", answer = \"OK\" }"),
       "x.toml:8:36: there is no button of no_internet \"OK\"; expected one of: Continue\n"},
      {phase("{ wait = \"1s\" }", "{ refused = \"refnud\" }"),
       "x.toml:8:13: there is no step \"refnud\"; did you mean \"refund\"?\n"},
      {phase("{ wait = \"1s\" }", "{ cloud = \"sale:lst\", is = \"paid\" }"),
       "x.toml:8:1: there is no sale \"lst\"; did you mean \"last\"?\n"},
      {phase("{ act = \"scan\", item = [\"milk\", \"bread\"] }"),
       "x.toml:5:24: item is a list; expected the SKU of one item of the fixture\n"},
      {phase("{ fault = \"wan.down\", for = \"0s\" }"),
       "x.toml:5:29: for is 0s, so the fault finds nothing to do; expected a longer time; or "
       "optional = true, where a case gives it\n"},
      {phase("{ wait = \"1s\" }", "{ link = \"till-1\", is = \"online\", for = \"0s\" }"),
       "x.toml:8:41: for is \"0s\"; expected a duration above 0 with its unit, such as \"20s\", "
       "\"4h\" or \"1h30m\"\n"},
      {phase("{ wait = \"1s\" }", "{ cloud = \"sales\", count = 0, within = \"20s\" }"),
       "x.toml:8:31: within says nothing with count = 0, which holds at once or never; expected "
       "for = \"20s\": it holds all the while; or no within\n"},
      {phase("{ wait = \"1s\" }", "{ cloud = \"sale:last\", is = \"absent\", within = \"20s\" }"),
       "x.toml:8:39: within says nothing with is = \"absent\", which holds at once or never; "
       "expected for = \"20s\": it holds all the while; or no within\n"},
      {"title = \"t\"\n[[flow]]\nevery = \"9s\"\nitems = [\"mlik\"]\n",
       "x.toml:4:10: there is no item \"mlik\"; did you mean \"milk\"?\n"},
      {"title = \"t\"\n[[flow]]\nevery = \"9s\"\nitems = 101\n",
       "x.toml:4:9: items is 101; expected how many items a sale has, at most 100, such as 2 or "
       "\"1..3\", or a list of items\n"},
      {"title = \"t\"\n[[flow]]\nevery = \"9s\"\nrefunds = \"101\"\n",
       "x.toml:4:11: refunds is \"101\"; expected a percentage as a text from \"0\" to \"100\", "
       "such "
       "as \"10\"\n"},
      {"title = \"t\"\n[[flow]]\nevery = \"9s\"\nrefnuds = \"1\"\n",
       "x.toml:4:1: there is no key of a flow \"refnuds\"; did you mean \"refunds\"?\n"},
      {"title = \"t\"\n[[flow]]\nevery = \"9s\"\nanswers = { no_internt = \"Continue\" }\n",
       "x.toml:4:13: there is no value of prompt \"no_internt\"; did you mean \"no_internet\"?\n"},
      {"title = \"t\"\n[[flow]]\nevery = \"9s\"\nanswers = { no_internet = \"Cotninue\" }\n",
       "x.toml:4:27: there is no button of no_internet \"Cotninue\"; did you mean \"Continue\"?\n"},
      {"title = \"t\"\n[[flow]]\nitems = 2\n",
       "x.toml:2:1: every is missing; expected how often: every = \"45s\" or \"45s ~20s\"\n"},
      {"title = \"t\"\n[[at]]\ntime = \"open\"\ndo = []\ntimes = 3\n",
       "x.toml:5:1: times alone says nothing; expected every with it\n"},
      {"title = \"t\"\n[[at]]\ntime = \"open\"\ndo = []\nevery = \"10m\"\n",
       "x.toml:5:1: every alone says nothing; expected times with it\n"},
      {"title = \"t\"\n[[at]]\ntime = \"open\"\ndo = []\nevery = \"10m\"\ntimes = 8\n",
       "x.toml:6:9: 7 more times every 10m pass the limit of 1h; expected fewer times, or a longer "
       "limit\n"},
      {"title = \"t\"\n[[at]]\ntime = \"open\"\ndo = []\nevery = \"1s\"\ntimes = 1001\n",
       "x.toml:6:9: times is 1001; expected at most 1000\n"},
      {phase("{ act = \"tender\", amount = \"4.205\" }"),
       "x.toml:5:28: the amount '4.205' has 3 digits after the point; at most 2 make sense; "
       "expected "
       "an amount of EUR such as \"4.20\"\n"},
      {phase("{ act = \"tender\", amount = \"-4.20\" }"),
       "x.toml:5:28: the amount '-4.20' is below 0; expected an amount of EUR such as \"4.20\"\n"},
      {phase("{ act = \"complete\" }", "{ mark = \"scan.read#2\", count = 2 }"),
       "x.toml:8:10: \"scan.read#2\" is one of its times, and count asks how many there were; "
       "expected \"scan.read\" with count, or no count\n"},
      {"title = \"t\"\n[store]\ntills = [\"cloud\"]\n[[phase]]\nname = \"p\"\ndo = [{ wait = "
       "\"1s\" }]\n",
       "x.toml:3:10: \"cloud\" is the rig's own name for another part of a run; expected another "
       "name, such as \"till-1\"\n"},
      {"title = \"t\"\n[[case]]\nid = \"a\"\nlong = \"1s\"\n[[case]]\nid = \"b\"\n[[phase]]\nname "
       "= "
       "\"p\"\ndo = [{ wait = \"{long}\" }]\n",
       "x.toml:9:16: the case \"b\" has no long; expected a line long = ... in it, as in the "
       "others\n"
       "x.toml:9:16: wait is \"{long}\"; expected a duration with its unit, such as \"20s\", "
       "\"4h\" "
       "or \"1h30m\"\n"},
      {phase("{ wait = \"{how_long}\" }"),
       "x.toml:5:10: there is no case or matrix value \"how_long\"; expected none\n"
       "x.toml:5:10: wait is \"{how_long}\"; expected a duration with its unit, such as \"20s\", "
       "\"4h\" or \"1h30m\"\n"},
  };
  for (const Bad& bad : kBad) EXPECT_EQ(told(bad.text), bad.sentence) << bad.text;
}

TEST(Check, ANameCannotSteerTheTerminal) {
  const Problem problem{"bad\n\xe2\x80\xae.toml", {}, "there is nothing", {}, {}, {}};
  EXPECT_EQ(sentence(problem), "bad\\x0a\\u202e.toml: there is nothing");
}

std::vector<Problem> warnings_of(const std::string& text) {
  const Scenario scenario = load_text(text, kNear);
  EXPECT_TRUE(scenario.problems.empty()) << text;
  return scenario.warnings;
}

TEST(Check, WarnsOfWhatIsWaitedForWhileAFaultStandsThatNothingHeals) {
  const std::string waits = "{ outbox = \"till-1\", pending = 0, within = \"25s\" }";
  const auto found = warnings_of(phase("{ fault = \"wan.down\" }", waits));
  ASSERT_EQ(found.size(), 1U);
  Problem warning = found.front();
  warning.file = "x.toml";
  EXPECT_EQ(
      sentence(warning),
      "x.toml:8:1: outbox is waited for while wan.down stands (line 5), which nothing in this "
      "file heals; expected { heal = \"wan.down\" } before it, or for = ... with the fault");
  const auto fine = [&](const std::string& text) {
    EXPECT_TRUE(warnings_of(text).empty()) << text;
  };
  fine(phase("{ fault = \"wan.down\", for = \"5s\" }", waits));
  fine(phase("{ fault = \"cloud.slow\", by = \"1s\" }", waits));
  fine(phase("{ fault = \"cloud.500\", count = 3 }", waits));
  fine(phase("{ fault = \"wan.down\" }",
             "{ link = \"till-1\", is = \"offline\", within = \"9s\" }"));
  fine(phase("{ fault = \"wan.down\" }, { heal = \"wan.down\" }", waits));
  fine(phase("{ fault = \"wan.down\" }", waits) +
       "[[at]]\ntime = \"open+5s\"\ndo = [ { heal = \"wan.down\" } ]\n");
}

TEST(Check, WhatIsNotTomlIsSaidWithItsPlace) {
  const std::string text = told("title = \"t\n");
  EXPECT_TRUE(text.starts_with("x.toml:1:")) << text;
  EXPECT_NE(text.find("this is not TOML"), std::string::npos) << text;
}

TEST(Check, ManyProblemsAreToldTogetherAndEachOnce) {
  const std::string text =
      "title = \"t\"\n[matrix]\nseed = [1, 2, 3]\n[[phase]]\nname = \"p\"\n"
      "do = [ { act = \"scna\" }, { fault = \"wan.dwon\" } ]\n";
  EXPECT_EQ(told(text),
            "x.toml:6:16: there is no step \"scna\"; did you mean \"scan\"?\n"
            "x.toml:6:36: there is no fault \"wan.dwon\"; did you mean \"wan.down\"?\n");
}

TEST(Check, AFileThatIsNotThereIsAProblem) {
  const Scenario scenario = load("no/such/file.toml");
  ASSERT_EQ(scenario.problems.size(), 1U);
  EXPECT_EQ(sentence(scenario.problems.front()),
            "no/such/file.toml: the file cannot be opened; expected a readable TOML file");
}

TEST(Check, AGoodFileBecomesPlainValues) {
  const Scenario scenario = load_text(
      "title = \"t\"\nlimit = \"1h30m\"\nseed = 7\n[store]\ntills = [\"till-1\", \"till-2\"]\n"
      "line = { latency = \"50ms\", bandwidth = \"64kbit/s\" }\n[[phase]]\nname = \"p\"\n"
      "do = [ { till = \"till-2\", act = \"tender\", amount = \"4.20\" } ]\n",
      kNear);
  for (const Problem& problem : scenario.problems) ADD_FAILURE() << sentence(problem);
  ASSERT_EQ(scenario.plans.size(), 1U);
  const Plan& plan = scenario.plans.front();
  EXPECT_EQ(plan.limit, std::chrono::minutes(90));
  EXPECT_EQ(plan.setup.seed, 7U);
  EXPECT_EQ(plan.setup.wan_bytes_per_second, 8000U);
  EXPECT_GE(plan.setup.shop.items.size(), 300U);
  ASSERT_EQ(plan.phases.front().doing.size(), 1U);
  EXPECT_EQ(plan.phases.front().doing.front().args.number("amount"), 420);
  EXPECT_EQ(plan.phases.front().doing.front().args.text("till"), "till-2");
}

TEST(Check, MatrixAndCasesMultiplyAndPutTheirValuesIn) {
  const Scenario scenario = load_text(
      "title = \"t\"\n[[case]]\nid = \"short\"\nhow_long = \"1s\"\n[[case]]\nid = \"long\"\n"
      "how_long = \"2m\"\n[matrix]\nseed = { from = 5, count = 3 }\ndisk = [\"none\", \"torn\"]\n"
      "[[phase]]\nname = \"p\"\ndo = [ { wait = \"{how_long}\" }, "
      "{ act = \"power-cut\", disk = \"{disk}\" } ]\n",
      kNear);
  for (const Problem& problem : scenario.problems) ADD_FAILURE() << sentence(problem);
  ASSERT_EQ(scenario.plans.size(), 12U);
  const Plan& last = scenario.plans.back();
  EXPECT_EQ(last.variant, "long, seed=7, disk=torn");
  EXPECT_EQ(last.setup.seed, 7U);
  EXPECT_EQ(last.phases.front().doing[0].args.duration("wait"), std::chrono::minutes(2));
  EXPECT_EQ(last.phases.front().doing[1].args.text("disk"), "torn");
}

TEST(Check, ASweepIsOneProbeAndARunForEachCall) {
  const Scenario scenario = load_text(
      "title = \"t\"\n[matrix]\ncall = \"port-calls:complete\"\n[[phase]]\nname = \"p\"\n"
      "do = [ { act = \"kill-at-call\", call = \"{call}\" } ]\n",
      kNear);
  for (const Problem& problem : scenario.problems) ADD_FAILURE() << sentence(problem);
  ASSERT_EQ(scenario.plans.size(), 1U);
  EXPECT_EQ(scenario.plans.front().sweep, "call");
  EXPECT_EQ(scenario.plans.front().phases.front().doing.front().args.number("call"), 0);
  const Plan third = at_call(scenario.plans.front(), 3);
  EXPECT_EQ(third.variant, "call=3");
  EXPECT_EQ(third.phases.front().doing.front().args.number("call"), 3);
}

TEST(Check, AKeyOfThousandsOfPartsIsRefusedAndEndsNothing) {
  std::string key;
  for (int i = 0; i < 100'000; ++i) key += "a.";
  EXPECT_EQ(load_text("title = \"t\"\n" + key + "a = 1\n", kNear).problems.size(), 1U);
  EXPECT_EQ(load_text("[" + key + "a]\n", kNear).problems.size(), 1U);
}

TEST(Check, ADiscountSaysHowMuchAndOnlyOnce) {
  const std::string head = "title = \"t\"\n[[phase]]\nname = \"p\"\ndo = [ { act = \"discount\"";
  EXPECT_EQ(load_text(head + " } ]\n", kNear).problems.size(), 1U);
  EXPECT_EQ(load_text(head + ", rate = \"10\", amount = \"1.00\" } ]\n", kNear).problems.size(),
            1U);
  EXPECT_TRUE(load_text(head + ", rate = \"10\" } ]\n", kNear).problems.empty());
}

TEST(Check, ASaleIsCalledByANameThatWasGivenToOne) {
  EXPECT_EQ(told(phase("{ act = \"sale\", items = \"milk\", as = \"cheese\" }",
                       "{ sale = \"chese\", is = \"completed\" }")),
            "x.toml:8:1: there is no sale \"chese\"; did you mean \"cheese\"?\n");
  EXPECT_EQ(told(phase("{ act = \"sale\", items = \"milk\", as = \"last\" }")),
            "x.toml:5:38: as is \"last\"; expected a name of small letters, digits and hyphens, "
            "not last or first\n");
  EXPECT_EQ(told(phase("{ act = \"sale\", items = \"milk\", as = \"cheese\" },\n{ act = "
                       "\"refund\", of = \"cheese\" }",
                       "{ receipt = \"sale:cheese\", has = \"TOTAL\" }")),
            "");
}

TEST(Check, EachLineThatIsGivenBackHasItsQuantity) {
  EXPECT_EQ(told(phase("{ act = \"sale\", items = \"milk\" },\n{ act = \"refund\", lines = [1, 2], "
                       "quantities = [\"1\"] }")),
            "x.toml:6:35: 1 quantities for 2 lines; expected one for each line, in their order\n");
  EXPECT_EQ(
      told(phase("{ act = \"sale\", items = \"milk\" },\n{ act = \"refund\", lines = [0] }")),
      "x.toml:6:28: lines is 0; expected a list of lines of a sale, counted from 1: [1, 3]\n");
}

TEST(Check, ATitleThatATerminalWouldCarryOutIsRefused) {
  EXPECT_FALSE(
      load_text("title = \"\\u001b[2J\"\n[[phase]]\nname = \"p\"\n", kNear).problems.empty());
}

TEST(Check, AStoreWithLinesOfItsOwnSuitsNoBedThatCannotMakeThem) {
  const auto beds = [](const std::string& store) {
    const Scenario made = load_text(store + phase("{ wait = \"1s\" }"), kNear);
    return made.plans.empty() ? std::vector<std::string>() : made.plans.front().beds;
  };
  EXPECT_EQ(beds(""), (std::vector<std::string>{"virtual", "live"}));
  EXPECT_EQ(beds("store = { line = { latency = \"9ms\" } }\n"),
            std::vector<std::string>{"virtual"});
}

}  // namespace
}  // namespace tillrig::scenario
