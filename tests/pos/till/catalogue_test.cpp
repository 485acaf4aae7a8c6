#include "pos/till/catalogue.hpp"

#include "tests/pos/till/items.hpp"

#include <gtest/gtest.h>

namespace tillrig::till {
namespace {

using base::Code;

Catalogue shop() {
  auto made = Catalogue::of({item("milk", 129, 700, "4012345100112"),
                             item("cola", 99, 1900, "614141100392"), weighed("cheese", "12345"),
                             item("bag", 10), item("deposit", 25)});
  EXPECT_TRUE(made) << made.error().what;
  return *made;
}

TEST(Catalogue, FindsBySkuAndByCode) {
  const Catalogue catalogue = shop();
  ASSERT_NE(catalogue.by_sku("milk"), nullptr);
  EXPECT_EQ(catalogue.by_sku("milk")->price, Money{129});
  EXPECT_EQ(catalogue.by_sku("mil"), nullptr);
  const auto found = catalogue.by_code("4012345100112");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->item->sku, "milk");
  EXPECT_EQ(found->price, Money{129});
}

TEST(Catalogue, IsChangedItemByItem) {
  const Catalogue before = shop();
  Item milk = item("milk", 149, 700, "4012345100112");
  const Catalogue after = before.changed({{"milk", milk},
                                          {"cola", std::nullopt},
                                          {"unheard-of", std::nullopt},
                                          {"eggs", item("eggs", 199, 700, "4012345100228")}});
  EXPECT_EQ(after.by_sku("milk")->price, Money{149});
  EXPECT_EQ(after.by_code("4012345100112")->price, Money{149});
  EXPECT_EQ(after.by_sku("cola"), nullptr);
  EXPECT_EQ(after.by_code("614141100392").error().code, Code::not_found);
  EXPECT_EQ(after.by_code("4012345100228")->item->sku, "eggs");
  EXPECT_EQ(after.by_sku("bag")->price, Money{10});
  EXPECT_EQ(before.by_sku("milk")->price, Money{129}) << "the one before stays as it was";
}

TEST(Catalogue, OfTwoItemsWithOneCodeTheEarlierOneIsScanned) {
  const Catalogue both = shop().changed({{"other", item("other", 5, 700, "4012345100112")}});
  EXPECT_EQ(both.by_code("4012345100112")->item->sku, "milk");
  EXPECT_EQ(both.by_sku("other")->price, Money{5});
}

TEST(Catalogue, AUpcAIsTheEan13WithAZeroInFront) {
  const Catalogue catalogue = shop();
  for (const char* code : {"614141100392", "0614141100392"}) {
    const auto found = catalogue.by_code(code);
    ASSERT_TRUE(found) << code;
    EXPECT_EQ(found->item->sku, "cola");
  }
}

TEST(Catalogue, TheScalesLabelCarriesThePrice) {
  const Catalogue catalogue = shop();
  const scanner::PriceLayout layout;
  for (const std::int64_t price : {1, 523, 99'999}) {
    const auto found = catalogue.by_code(*scanner::encode_price(layout, {"12345", price}));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->item->sku, "cheese");
    EXPECT_EQ(found->price, Money{price});
  }
}

TEST(Catalogue, ALabelReadWronglyIsNeverCharged) {
  const Catalogue catalogue = shop();
  std::string label = *scanner::encode_price({}, {"12345", 523});
  label.back() = label.back() == '9' ? '0' : static_cast<char>(label.back() + 1);
  EXPECT_EQ(catalogue.by_code(label).error().code, Code::bad_input);
  EXPECT_EQ(catalogue.by_code(*scanner::encode_price({}, {"54321", 523})).error().code,
            Code::not_found);
}

TEST(Catalogue, TheScalesItemDigitsKeyedInAreSoldByTheUnit) {
  const Catalogue catalogue = shop();
  const auto found = catalogue.by_code("2012345");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->price, Money{1999});
  EXPECT_FALSE(found->price_inside);
  EXPECT_TRUE(catalogue.by_code(*scanner::encode_price({}, {"12345", 523}))->price_inside);
}

TEST(Catalogue, AMistypedCodeIsToldFromAnUnknownOne) {
  const Catalogue catalogue = shop();
  EXPECT_EQ(catalogue.by_code("4012345100113").error().code, Code::bad_input);
  EXPECT_EQ(catalogue.by_code("4006381333931").error().code, Code::not_found);
  EXPECT_EQ(catalogue.by_code("").error().code, Code::not_found);
  EXPECT_EQ(catalogue.by_code("hello").error().code, Code::not_found);
}

TEST(Catalogue, DuplicatesAreNamed) {
  const auto same_sku = Catalogue::of({item("milk", 1), item("milk", 2)});
  ASSERT_FALSE(same_sku);
  EXPECT_EQ(same_sku.error().code, Code::exists);
  EXPECT_NE(same_sku.error().what.find("milk"), std::string::npos);
  const auto same_code =
      Catalogue::of({item("cola", 99, 0, "614141100392"), item("coke", 98, 0, "0614141100392")});
  ASSERT_FALSE(same_code);
  EXPECT_EQ(same_code.error().code, Code::exists);
  EXPECT_NE(same_code.error().what.find("cola"), std::string::npos);
  EXPECT_NE(same_code.error().what.find("coke"), std::string::npos);
}

}  // namespace
}  // namespace tillrig::till
