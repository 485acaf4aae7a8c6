// What an acquirer books, and what it tells the shop's cloud.
#include "sim/peers/acquirer.hpp"

#include <gtest/gtest.h>

namespace tillrig::peers {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)
using Errand = CardQuestion::Errand;
using Kind = Settlement::Kind;

constexpr Instant kNow{1'000'000'000};

CardQuestion question(Errand errand, std::uint32_t trace, std::int64_t amount = 420) {
  return {errand,        "till-1", "52500001", trace, "till-1-1-" + std::to_string(trace),
          Money{amount}, "EUR"};
}

std::vector<Kind> kinds(const Acquirer& acquirer) {
  std::vector<Kind> all;
  for (const Settlement& row : acquirer.file()) all.push_back(row.kind);
  return all;
}

TEST(Acquirer, BooksATransactionOnceHoweverOftenItIsAsked) {
  Acquirer acquirer;
  const CardDecision first = acquirer.decide(question(Errand::authorise, 1), {}, kNow);
  const CardDecision again = acquirer.decide(question(Errand::authorise, 1), {}, kNow + 5s);
  EXPECT_TRUE(first.approved);
  EXPECT_EQ(first.answer_at, kNow + Acquirer::kAnswers);
  EXPECT_EQ(again.code, first.code);
  EXPECT_EQ(kinds(acquirer), std::vector{Kind::charge});
}

TEST(Acquirer, SendsBackOnceAndNeverChargesWhatWasSentBackBefore) {
  Acquirer acquirer;
  acquirer.decide(question(Errand::authorise, 1), {}, kNow);
  acquirer.decide(question(Errand::reverse, 1), {}, kNow + 1s);
  acquirer.decide(question(Errand::reverse, 1), {}, kNow + 2s);
  acquirer.decide(question(Errand::reverse, 2), {}, kNow + 3s);
  const CardDecision late = acquirer.decide(question(Errand::authorise, 2), {}, kNow + 4s);
  EXPECT_FALSE(late.approved);
  EXPECT_EQ(kinds(acquirer), (std::vector{Kind::charge, Kind::reversal}));
}

TEST(Acquirer, CapturesWhatStandsWhenTheTerminalSettles) {
  Acquirer acquirer;
  acquirer.decide(question(Errand::authorise, 1), {}, kNow);
  acquirer.decide(question(Errand::authorise, 2), {}, kNow);
  acquirer.decide(question(Errand::reverse, 2), {}, kNow);
  acquirer.decide(question(Errand::settle, 0), {}, kNow + 1s);
  acquirer.capture(kNow + 2s);
  EXPECT_EQ(kinds(acquirer),
            (std::vector{Kind::charge, Kind::charge, Kind::reversal, Kind::capture}));
  EXPECT_EQ(acquirer.file().back().attempt, "till-1-1-1");
}

TEST(Acquirer, TellsTheCloudAfterAWhileInOrder) {
  Acquirer acquirer;
  CardManner refused;
  refused.approves = false;
  acquirer.decide(question(Errand::authorise, 1), {}, kNow);
  acquirer.decide(question(Errand::authorise, 2), refused, kNow + 1s);
  EXPECT_EQ(acquirer.next_word(kNow), nullptr);
  ASSERT_EQ(acquirer.tells_at(), kNow + Acquirer::kTells);
  const CardWord* word = acquirer.next_word(kNow + 30s);
  ASSERT_NE(word, nullptr);
  EXPECT_EQ(word->outcome, CardWord::Outcome::approved);
  acquirer.told();
  word = acquirer.next_word(kNow + 30s);
  ASSERT_NE(word, nullptr);
  EXPECT_EQ(word->outcome, CardWord::Outcome::declined);
  acquirer.told();
  EXPECT_EQ(acquirer.owed(), 0U);
}

TEST(Acquirer, KeepsSilentWhileItIsQuietAndTellsAllThen) {
  Acquirer acquirer;
  int changes = 0;
  acquirer.on_change([&] { ++changes; });
  Acquirer::Trouble quiet;
  quiet.quiet = true;
  acquirer.begin(1, quiet);
  acquirer.decide(question(Errand::authorise, 1), {}, kNow);
  EXPECT_EQ(acquirer.tells_at(), Instant::never());
  EXPECT_EQ(acquirer.hits(1), 1U);
  acquirer.end(1);
  EXPECT_NE(acquirer.next_word(kNow + 1h), nullptr);
  EXPECT_EQ(changes, 2);
}

TEST(Acquirer, ChargesAndIsNotHeardWhileItIsSilent) {
  Acquirer acquirer;
  Acquirer::Trouble silent;
  silent.silent = true;
  acquirer.begin(1, silent);
  const CardDecision decision = acquirer.decide(question(Errand::authorise, 1), {}, kNow);
  EXPECT_EQ(decision.answer_at, Instant::never());
  EXPECT_EQ(kinds(acquirer), std::vector{Kind::charge});
  EXPECT_EQ(acquirer.hits(1), 1U);
}

TEST(Acquirer, TakesAnotherAmountWhereTheCardsBankDoes) {
  Acquirer acquirer;
  CardManner half;
  half.takes = Money{210};
  const CardDecision decision = acquirer.decide(question(Errand::authorise, 1), half, kNow);
  EXPECT_EQ(decision.amount, Money{210});
  EXPECT_EQ(acquirer.file().front().amount, Money{210});
}

}  // namespace
}  // namespace tillrig::peers
