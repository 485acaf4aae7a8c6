#include "pos/till/customers.hpp"

#include "tests/pos/till/till_rig.hpp"

namespace tillrig::till {
namespace {

Customers three() {
  return Customers({{"ana", "Ana Lindqvist", "+49 40 66969 001", "C-1"},
                    {"ben", "Ben Okafor", "+49 40 66969 002", "C-2"},
                    {"frank", "Frank Lindner", "+49 40 66969 002", ""}});
}

std::vector<std::string> ids_of(const std::vector<Customer>& customers) {
  std::vector<std::string> ids;
  for (const Customer& each : customers) ids.push_back(each.id);
  return ids;
}
using CustomerIds = std::vector<std::string>;

TEST(Customers, AreCalledByIdCardAndWholePhoneNumberHoweverItIsWritten) {
  const Customers all = three();
  ASSERT_NE(all.called("ana"), nullptr);
  EXPECT_EQ(all.called("C-2")->id, "ben");
  EXPECT_EQ(all.called("(+49) 4066969-001")->id, "ana");
  EXPECT_EQ(all.called("66969 001"), nullptr) << "a part of a number calls nobody";
  EXPECT_EQ(all.called("+49 40 66969 002"), nullptr) << "two have this number";
  EXPECT_EQ(all.called(""), nullptr);
  EXPECT_EQ(all.called("lind"), nullptr);
}

TEST(Customers, AreFoundByPartsOfNameAndNumberAtMostSoMany) {
  const Customers all = three();
  EXPECT_EQ(ids_of(all.find("LIND", 20)), (CustomerIds{"ana", "frank"}));
  EXPECT_EQ(ids_of(all.find("69 00", 20)), (CustomerIds{"ana", "ben", "frank"}));
  EXPECT_EQ(ids_of(all.find("69 00", 2)), (CustomerIds{"ana", "ben"}));
  EXPECT_EQ(ids_of(all.find("C-1", 20)), (CustomerIds{"ana"}));
  EXPECT_TRUE(all.find("", 20).empty());
  EXPECT_TRUE(all.find("nobody", 20).empty());
}

TEST(Customers, ChangesTakeThePlaceOfWhatWasKnown) {
  const Customers all =
      three().changed({{"ana", {}}, {"ben", Customer{"ben", "Ben Hall", "", "C-9"}}, {"x", {}}});
  EXPECT_EQ(all.by_id("ana"), nullptr);
  EXPECT_EQ(all.called("C-9")->name, "Ben Hall");
  EXPECT_EQ(all.called("C-2"), nullptr);
}

TEST_F(TillTest, FindsGoodsAndCustomersAndRefusesToLookForNothing) {
  Config with = config();
  with.customers = three();
  till = std::make_unique<Till>(ports, with, screen);
  kernel::spawn(rig.kernel, rig.till_lane, starting());
  pass(3s);
  ASSERT_TRUE(started);
  const auto milk = handle(Find{"4012345100112"});
  ASSERT_TRUE(milk) << milk.error().what;
  ASSERT_EQ(milk->found->items.size(), 1U);
  EXPECT_EQ(milk->found->items[0].sku, "milk");
  EXPECT_TRUE(milk->found->customers.empty());
  EXPECT_EQ(ids_of(handle(Find{"okafor"})->found->customers), (CustomerIds{"ben"}));
  const auto nothing = handle(Find{""});
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().code, base::Code::bad_input);
}

}  // namespace
}  // namespace tillrig::till
