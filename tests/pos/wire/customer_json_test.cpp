#include "pos/wire/customer.hpp"

#include <gtest/gtest.h>

namespace tillrig::wire {
namespace {

TEST(CustomerJson, ACustomerComesThroughWholeAndTheWidestFitsIntoARow) {
  const Customer widest{std::string(kCustomerId, 'a'), std::string(kTextBytes, '"'),
                        std::string(kCustomerPhone, '"'), std::string(kCustomerCard, '\\')};
  const std::string body = write_customer(widest);
  EXPECT_LE(body.size(), kFeedBody);
  EXPECT_EQ(read_customer(body).value(), widest);
  CustomerChanges changes{{{"ana", "Ana", "", ""}}, {"ben"}};
  const auto back = read_customer_changes(write_json(changes));
  ASSERT_TRUE(back) << back.error().what;
  EXPECT_EQ(back->customers, changes.customers);
  EXPECT_EQ(back->removed, changes.removed);
}

TEST(CustomerJson, ReadsNoChangeThatSaysNothingOrHasAnIdThatCannotStandInAPath) {
  for (const char* body :
       {R"({})", R"({"customers":[{"id":"ana","name":""}]})",
        R"({"customers":[{"id":"a/b","name":"A"}]})", R"({"customers":[{"id":"","name":"A"}]})",
        R"({"removed":["a b"]})", R"({"customers":[{"name":"A"}]})", R"([])"}) {
    const auto read = read_customer_changes(body);
    ASSERT_FALSE(read) << body;
    EXPECT_EQ(read.error().code, base::Code::bad_input) << body;
  }
}

}  // namespace
}  // namespace tillrig::wire
