#include "pos/till/control.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <set>

namespace tillrig::till {
namespace {

using base::Code;
using Verb = Command::Verb;

std::vector<ControlRequest> every_request() {
  std::vector<ControlRequest> all;
  for (int i = 0; i <= static_cast<int>(Verb::close); ++i) {
    ControlRequest request;
    request.id = i + 1;
    request.command.verb = static_cast<Verb>(i);
    all.push_back(request);
    request.command.line = 7;
    request.command.lines = {1, 3, 10'000};
    request.command.quantity = {250};
    request.command.rate = base::Rate{1050};
    request.command.amount = {123'456};
    request.command.text = "caf\u00e9 \"x\"\\\n\x01 4012345100112";
    request.command.button = "Continue";
    all.push_back(request);
  }
  return all;
}

TEST(Control, EveryRequestComesBackAsItWent) {
  for (const ControlRequest& sent : every_request()) {
    const std::string line = write_request(sent);
    EXPECT_EQ(line.find('\n'), std::string::npos);
    const auto got = read_request(line);
    ASSERT_TRUE(got) << got.error().what << " in " << line;
    EXPECT_EQ(got->id, sent.id);
    EXPECT_EQ(got->command.verb, sent.command.verb);
    EXPECT_EQ(got->command.line, sent.command.line);
    EXPECT_EQ(got->command.lines, sent.command.lines);
    EXPECT_EQ(got->command.quantity, sent.command.quantity);
    EXPECT_EQ(got->command.rate, sent.command.rate);
    EXPECT_EQ(got->command.amount, sent.command.amount);
    EXPECT_EQ(got->command.text, sent.command.text);
    EXPECT_EQ(got->command.button, sent.command.button);
  }
}

TEST(Control, ARequestThatMakesNoSenseIsRefusedNamingTheField) {
  const std::vector<std::pair<std::string, std::string>> hostile = {
      {R"({"do":"state"})", "id"},
      {R"({"id":1})", "do"},
      {R"({"id":1,"do":"explode"})", "explode"},
      {R"({"id":-1,"do":"state"})", "id"},
      {R"({"id":1,"do":5})", "do"},
      {R"({"id":1,"do":"tender","amount":1.5})", "amount"},
      {R"({"id":1,"do":"tender","amount":"5"})", "amount"},
      {R"({"id":1,"do":"tender","amount":9223372036854775808})", "amount"},
      {R"({"id":1,"do":"void_line","line":-1})", "line"},
      {R"({"id":1,"do":"refund","lines":[0]})", "lines"},
      {R"({"id":1,"do":"refund","lines":["1"]})", "lines"},
      {R"({"id":1,"do":"refund","lines":1})", "lines"},
      {R"({"id":1,"do":"enter","text":7})", "text"},
      {R"([1])", "request"},
      {R"(null)", "request"},
  };
  for (const auto& [line, field] : hostile) {
    const auto read = read_request(line);
    ASSERT_FALSE(read) << line;
    EXPECT_EQ(read.error().code, Code::bad_input) << line;
    EXPECT_NE(read.error().what.find(field), std::string::npos) << read.error().what;
  }
  for (const char* line : {"", " ", "{", "{}x", "tender", R"({"id":1,"do":"state")"}) {
    EXPECT_FALSE(read_request(line)) << line;
  }
}

Answer full_answer() {
  Answer answer;
  answer.sale = "till-1.3.42";
  answer.number = "3-0000042";
  answer.total = {1129};
  answer.change = {-71};
  State state;
  state.stage = Stage::register_page;
  state.link = sync::Link::offline;
  state.cause = sync::Cause::portal;
  state.prompts = {{"no_internet", "A \"login\" page\nanswers.", {"Continue", "OK"}, true}};
  state.cart = {"2 x milk", "0.25 x caf\u00e9"};
  state.total = {1129};
  state.due = {129};
  state.counters = {5, 1, 1000, {99'999}, {1'772'438'400'000}};
  state.health = store::Health::degraded;
  state.epoch = 4'294'967'295;
  answer.state = state;
  store::SaleRow row;
  row.id = {"till-1", 3, 42};
  row.kind = wire::EventKind::refund;
  row.number = {3, 42};
  row.total = {-129};
  row.wall = {1'772'438'400'123};
  row.sync = store::SyncState::quarantined;
  row.why = "bad_total";
  answer.sales = {row, row};
  return answer;
}

TEST(Control, AnAnswerComesBackAsItWent) {
  const Answer sent = full_answer();
  const std::string line = write_answer(9, sent);
  EXPECT_EQ(line.find('\n'), std::string::npos);
  const auto got = read_answer(line);
  ASSERT_TRUE(got) << got.error().what;
  EXPECT_EQ(got->id, 9);
  ASSERT_TRUE(got->answer) << got->answer.error().what;
  EXPECT_EQ(got->answer->sale, sent.sale);
  EXPECT_EQ(got->answer->change, sent.change);
  ASSERT_TRUE(got->answer->state);
  EXPECT_EQ(got->answer->state->stage, sent.state->stage);
  EXPECT_EQ(got->answer->state->link, sent.state->link);
  EXPECT_EQ(got->answer->state->cause, sent.state->cause);
  EXPECT_EQ(got->answer->state->prompts, sent.state->prompts);
  EXPECT_EQ(got->answer->state->cart, sent.state->cart);
  EXPECT_EQ(got->answer->state->due, sent.state->due);
  EXPECT_EQ(got->answer->state->counters.uploaded, 1000U);
  EXPECT_EQ(got->answer->state->counters.oldest_pending, sent.state->counters.oldest_pending);
  EXPECT_EQ(got->answer->state->health, sent.state->health);
  EXPECT_EQ(got->answer->state->epoch, sent.state->epoch);
  ASSERT_EQ(got->answer->sales.size(), 2U);
  EXPECT_EQ(got->answer->sales[1].id, sent.sales[1].id);
  EXPECT_EQ(got->answer->sales[1].kind, sent.sales[1].kind);
  EXPECT_EQ(got->answer->sales[1].why, "bad_total");
  EXPECT_EQ(write_answer(9, *got->answer), line) << "nothing of it was lost";
}

TEST(Control, ARefusalComesBackWithItsCode) {
  for (int i = 0; i <= static_cast<int>(Code::internal); ++i) {
    const auto code = static_cast<Code>(i);
    const auto got = read_answer(write_answer(3, base::fail(code, "no \"milk\" {}", i)));
    ASSERT_TRUE(got);
    ASSERT_FALSE(got->answer);
    EXPECT_EQ(got->answer.error().code, code);
    EXPECT_EQ(got->answer.error().what, "no \"milk\" " + std::to_string(i));
  }
}

// A refusal means that it definitely did not happen; an answer that cannot be read says no such
// thing.
TEST(Control, AnAnswerThatCannotBeReadIsNotARefusal) {
  for (const char* line :
       {R"({"id":3,"ok":{}})", R"({"id":3,"ok":{"sale":"x","number":"y","total":1,"change":0}})",
        R"({"id":3,"ok":7})", R"({"id":3})", R"({"id":3,"no":{}})", R"({"ok":{}})"}) {
    EXPECT_FALSE(read_answer(line)) << line;
  }
}

std::vector<Shown> every_shown() {
  std::vector<Shown> all;
  for (int i = 0; i <= static_cast<int>(Shown::Kind::refused); ++i) {
    Shown shown;
    shown.kind = static_cast<Shown::Kind>(i);
    all.push_back(shown);
    shown.stage = static_cast<Stage>(i % 4);
    shown.prompt = {"printer", "No paper.", {"OK"}, i % 2 == 0};
    shown.link = static_cast<sync::Link>(i % 4);
    shown.cause = static_cast<sync::Cause>(i);
    shown.counters = {1, 2, 3, {-4}, {5}};
    shown.sale = "till-1.3.42";
    shown.number = "3-0000042";
    shown.amount = {INT64_MIN + 1};
    shown.change = {INT64_MAX};
    shown.code = "not_allowed";
    shown.text = "\u20ac \" \\ \n";
    all.push_back(shown);
  }
  return all;
}

TEST(Control, WhatTheCashierSeesComesBackAsItWent) {
  for (const Shown& sent : every_shown()) {
    const std::string line = write_shown(sent);
    const auto got = read_shown(line);
    ASSERT_TRUE(got) << got.error().what << " in " << line;
    EXPECT_EQ(got->kind, sent.kind);
    EXPECT_EQ(got->prompt, sent.prompt);
    EXPECT_EQ(got->amount, sent.amount);
    EXPECT_EQ(write_shown(*got), line);
  }
}

TEST(Control, WordsHaveANameOfTheirOwn) {
  std::set<std::string_view> verbs;
  for (const auto& each : every_request()) verbs.insert(name(each.command.verb));
  EXPECT_EQ(verbs.size(), static_cast<std::size_t>(Verb::close) + 1);
  std::set<std::string_view> kinds;
  for (const auto& each : every_shown()) kinds.insert(name(each.kind));
  EXPECT_EQ(kinds.size(), static_cast<std::size_t>(Shown::Kind::refused) + 1);
}

// A line damaged anywhere is read as something or refused; what is read can be written again.
void damage(const std::string& line, const std::function<void(const std::string&)>& read) {
  std::mt19937_64 random(line.size());
  for (std::size_t cut = 0; cut < line.size(); cut += 1 + line.size() / 200) {
    read(line.substr(0, cut));
  }
  for (int round = 0; round < 300; ++round) {
    std::string bad = line;
    for (std::size_t n = 1 + random() % 3; n > 0; --n) {
      const std::size_t at = random() % bad.size();
      switch (random() % 4) {
        case 0:
          bad[at] = static_cast<char>(random());
          break;
        case 1:
          bad.erase(at, 1 + random() % 8);
          break;
        case 2:
          bad.insert(at, bad.substr(random() % bad.size(), 1 + random() % 8));
          break;
        default:
          bad[at] = "0123456789-{}[]\",:eE."[random() % 21];
      }
      if (bad.empty()) bad = " ";
    }
    read(bad);
  }
}

TEST(Control, DamagedLinesAreReadOrRefusedButNeverMore) {
  for (const auto& request : every_request()) {
    damage(write_request(request), [](const std::string& line) {
      if (const auto got = read_request(line)) {
        EXPECT_TRUE(read_request(write_request(*got))) << line;
      }
    });
  }
  damage(write_answer(9, full_answer()), [](const std::string& line) {
    if (const auto got = read_answer(line)) {
      EXPECT_TRUE(read_answer(write_answer(got->id, got->answer))) << line;
    }
  });
  for (const auto& shown : every_shown()) {
    damage(write_shown(shown), [](const std::string& line) {
      if (const auto got = read_shown(line)) {
        EXPECT_TRUE(read_shown(write_shown(*got))) << line;
      }
    });
  }
}

TEST(Control, AbsurdlyDeepOrLongLinesAreRefused) {
  EXPECT_FALSE(read_request(std::string(100'000, '[')));
  std::string lines = R"({"id":1,"do":"refund","lines":[1)";
  for (int i = 0; i < 10'000; ++i) lines += ",1";
  EXPECT_FALSE(read_request(lines + "]}"));
  EXPECT_FALSE(read_request(R"({"id":1,"do":"enter","text":")" + std::string(5000, 'x') + "\"}"));
}

}  // namespace
}  // namespace tillrig::till
