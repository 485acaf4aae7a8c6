// What a till says, in the rig's own words; and what is asked of it.
#include "sim/world/till_lines.hpp"

#include "sim/world/order.hpp"

#include <gtest/gtest.h>

namespace tillrig::world {
namespace {

Reply reply_of(std::string_view line) {
  const auto said = read_till_line(line);
  const auto* const answered = said ? std::get_if<Answered>(&*said) : nullptr;
  if (answered == nullptr || !answered->reply) {
    ADD_FAILURE() << line;
    return {};
  }
  return *answered->reply;
}

TEST(TillLines, ReadAStateWholeAndIgnoreWhatTheyDoNotKnow) {
  const Reply reply = reply_of(
      R"({"id":7,"new":[1,2],"ok":{"state":{"stage":"register","link":"offline","cause":"dns",)"
      R"("prompts":[{"id":"no_internet","text":"t","buttons":["Continue","Retry"],"modal":1}],)"
      R"("cart":["2 x milk 2.58"],"total":258,"due":58,"change":0,"mood":"good",)"
      R"("counters":{"pending":3,"quarantined":1,"uploaded":9,"value":774,"oldest_ms":5},)"
      R"("health":"degraded","epoch":2}}})");
  ASSERT_TRUE(reply.state);
  const State& state = *reply.state;
  EXPECT_EQ(state.stage, "register");
  EXPECT_EQ(state.cause, "dns");
  ASSERT_EQ(state.prompts.size(), 1U);
  EXPECT_EQ(state.prompts[0].buttons, (std::vector<std::string>{"Continue", "Retry"}));
  EXPECT_TRUE(state.prompts[0].modal);
  EXPECT_EQ(state.cart, std::vector<std::string>{"2 x milk 2.58"});
  EXPECT_EQ(state.due.minor, 58);
  EXPECT_EQ(state.counters.pending, 3U);
  EXPECT_EQ(state.health, "degraded");
  EXPECT_EQ(state.epoch, 2U);
}

TEST(TillLines, WhatIsLeftOutSaysNothing) {
  const Reply reply = reply_of(R"({"id":7,"ok":{}})");
  EXPECT_FALSE(reply.state);
  EXPECT_TRUE(reply.sales.empty());
  EXPECT_EQ(reply.total.minor, 0);
}

TEST(TillLines, ANoCarriesTheTillsOwnCodeAndAnUnreadableAnswerIsADoubt) {
  const auto code_of = [](std::string_view line) {
    const auto said = read_till_line(line);
    const auto* const answered = said ? std::get_if<Answered>(&*said) : nullptr;
    return answered == nullptr || answered->reply ? base::Code::internal
                                                  : answered->reply.error().code;
  };
  EXPECT_EQ(code_of(R"({"id":7,"no":{"code":"not_allowed","text":"no"}})"),
            base::Code::not_allowed);
  EXPECT_EQ(code_of(R"({"id":7,"ok":{"total":"much"}})"), base::Code::in_doubt);
  EXPECT_EQ(code_of(R"({"id":7,"ok":{"state":{"link":"online"}}})"), base::Code::in_doubt);
}

TEST(TillLines, EveryNumberAndTextThatIsShownIsAFact) {
  const auto said = read_till_line(
      R"({"ev":"shown","kind":"completed","sale":"till-1.1.2","amount":129,"points":12,"x":[1]})");
  ASSERT_TRUE(said);
  const auto* const shown = std::get_if<Shown>(&*said);
  ASSERT_NE(shown, nullptr);
  EXPECT_EQ(shown->kind, "completed");
  EXPECT_EQ(shown->facts.number("points"), 12);
  EXPECT_EQ(shown->facts.text("sale"), "till-1.1.2");
  EXPECT_EQ(shown->facts.number("x"), std::nullopt);
}

TEST(TillLines, AFieldThatIsMissingOrOfTheWrongTypeIsNamed) {
  const auto why = [](std::string_view line) {
    const auto said = read_till_line(line);
    return said ? std::string() : said.error().what;
  };
  EXPECT_NE(why(R"({"ev":"shown"})").find("kind"), std::string::npos);
  EXPECT_NE(why(R"({"ev":"shown","kind":"prompt","prompt":{"id":7}})").find("id"),
            std::string::npos);
  EXPECT_NE(why("no json"), "");
  EXPECT_EQ(why(R"({"ev":"weather"})"), "");
}

TEST(Order, IsALineOfTheControlLine) {
  EXPECT_EQ(Order("refund").with("sale", "till-1.1.2").line(3),
            R"({"id":3,"do":"refund","sale":"till-1.1.2"})");
  const std::vector<std::int64_t> lines = {1, 3};
  EXPECT_EQ(Order("tender").with("amount", 1000).with("lines", lines).line(9),
            R"({"id":9,"do":"tender","amount":1000,"lines":[1,3]})");
}

}  // namespace
}  // namespace tillrig::world
