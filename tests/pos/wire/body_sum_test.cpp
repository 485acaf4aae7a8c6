#include "pos/wire/body_sum.hpp"

#include <gtest/gtest.h>

namespace tillrig::wire {
namespace {

TEST(BodySum, FindsEachBitThatIsFlippedOnTheWay) {
  const base::Bytes body = R"({"till":"till-1","items":[]})";
  base::HttpFields fields;
  add_sum(fields, body);
  EXPECT_FALSE(damaged(fields, body));
  for (std::size_t bit = 0; bit < body.size() * 8; ++bit) {
    base::Bytes other = body;
    other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_TRUE(damaged(fields, other)) << bit;
  }
  EXPECT_TRUE(damaged(fields, "")) << "and that it is gone";
}

TEST(BodySum, IsAskedOfNobodyWhoSaysNone) {
  EXPECT_FALSE(damaged({}, "anything"));
  base::HttpFields fields;
  add_sum(fields, "");
  EXPECT_TRUE(fields.all.empty()) << "a message without a body needs none";
}

}  // namespace
}  // namespace tillrig::wire
