#include "tests/pos/store/bench_till.hpp"

#include <gtest/gtest.h>

namespace tillrig::store::test {
namespace {

std::vector<std::string> ids_of(const Result<std::vector<wire::Event>>& events) {
  std::vector<std::string> ids;
  if (!events) return {events.error().what};
  for (const wire::Event& event : *events) ids.push_back(event.id.text());
  return ids;
}

TEST(Refunds, AreFoundBySaleOldestFirstAlsoAfterARestart) {
  BenchTill till;
  ASSERT_TRUE(till.start()) << till.why;
  const auto first = till.sell(500);
  const auto second = till.sell(700);
  ASSERT_TRUE(first && second);
  EXPECT_TRUE(ids_of(till.store->refunds_of(first->id)).empty());
  std::vector<std::string> given;
  for (const std::int64_t amount : {100, 200}) {
    const auto refund = till.store->commit(wire::EventKind::refund, refund_of(first->id, amount));
    ASSERT_TRUE(refund) << refund.error().what;
    given.push_back(refund->id.text());
  }
  EXPECT_EQ(ids_of(till.store->refunds_of(first->id)), given);
  EXPECT_TRUE(ids_of(till.store->refunds_of(second->id)).empty());
  ASSERT_TRUE(till.start()) << till.why;
  const auto found = till.store->refunds_of(first->id);
  EXPECT_EQ(ids_of(found), given);
  EXPECT_EQ(std::get<wire::Document>(found->front().body).total, Money{-100});
}

}  // namespace
}  // namespace tillrig::store::test
