#include "devices/scanner/barcode.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::scanner {
namespace {

TEST(CheckDigit, IsTheOneOnPublishedLabels) {
  EXPECT_EQ(check_digit("501234567890"), '0');  // GS1's sample EAN-13
  EXPECT_EQ(check_digit("629104150021"), '3');
  EXPECT_EQ(check_digit("950110153100"), '0');
  EXPECT_EQ(check_digit("03600029145"), '2');  // UPC-A
  EXPECT_EQ(check_digit("9501234"), '6');      // EAN-8
}

TEST(CheckDigit, EveryWrongDigitIsFound) {
  const std::string good = "5012345678900";
  ASSERT_TRUE(is_valid(good));
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (char digit = '0'; digit <= '9'; ++digit) {
      std::string code = good;
      code[at] = digit;
      EXPECT_EQ(is_valid(code), code == good) << code;
    }
  }
}

TEST(Symbology, IsGuessedByLengthAndDigits) {
  EXPECT_EQ(guess("5012345678900"), Symbology::ean13);
  EXPECT_EQ(guess("95012346"), Symbology::ean8);
  EXPECT_EQ(guess("036000291452"), Symbology::upca);
  EXPECT_EQ(guess("50123456789O0"), Symbology::other);
  EXPECT_EQ(guess("12345"), Symbology::other);
  EXPECT_EQ(guess(""), Symbology::other);
  EXPECT_FALSE(is_valid(""));
}

TEST(Symbology, UpcAIsAnEan13WithAZeroInFront) {
  EXPECT_EQ(to_ean13("036000291452"), "0036000291452");
  EXPECT_TRUE(is_valid(to_ean13("036000291452")));
  EXPECT_EQ(to_ean13("95012346"), "95012346");
}

TEST(PriceVerifier, IsTheOneOfTheGeneralSpecificationsExamples) {
  EXPECT_EQ(price_verifier("2875"), '9');
  EXPECT_EQ(price_verifier("14685"), '6');
}

TEST(PriceVerifier, FindsEveryWrongDigitOfAPrice) {
  for (const std::string good : {"2875", "14685", "00199", "0000"}) {
    for (std::size_t at = 0; at < good.size(); ++at) {
      for (char digit = '0'; digit <= '9'; ++digit) {
        std::string price = good;
        price[at] = digit;
        EXPECT_EQ(price_verifier(price) == price_verifier(good), price == good) << price;
      }
    }
  }
}

TEST(EmbeddedPrice, IsReadFromAScalesLabel) {
  const std::string body = "204210100349";
  const auto read = decode_price(PriceLayout{}, body + check_digit(body));
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(read->item, "42101");
  EXPECT_EQ(read->price_minor, 349);
}

TEST(EmbeddedPrice, WhatIsWrittenIsReadBack) {
  for (const PriceLayout& layout : {PriceLayout{}, PriceLayout{"20", 5, 4, true},
                                    PriceLayout{"28", 4, 5, true}, PriceLayout{"2", 6, 5, false}}) {
    for (std::int64_t price : {0, 1, 99, 1234, 9999}) {
      const std::string item = std::string("123456").substr(0, layout.item_digits);
      const auto code = encode_price(layout, {item, price});
      ASSERT_TRUE(code) << code.error().what;
      EXPECT_TRUE(is_valid(*code));
      const auto read = decode_price(layout, *code);
      ASSERT_TRUE(read) << read.error().what;
      EXPECT_EQ(read->item, item);
      EXPECT_EQ(read->price_minor, price);
    }
  }
}

TEST(EmbeddedPrice, AWrongVerifierIsRefusedThoughTheCheckDigitIsRight) {
  const PriceLayout layout{"20", 5, 4, true};
  std::string code = *encode_price(layout, {"12345", 2875});
  code[8] = '3';  // 28.75 becomes 38.75
  code.back() = check_digit(std::string_view(code).substr(0, 12));
  ASSERT_TRUE(is_valid(code));
  const auto read = decode_price(layout, code);
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().what.find("verifier"), std::string::npos) << read.error().what;
}

TEST(EmbeddedPrice, WhatDoesNotFitIsRefused) {
  EXPECT_FALSE(encode_price(PriceLayout{}, {"12345", 100000}));
  EXPECT_FALSE(encode_price(PriceLayout{}, {"12345", -1}));
  EXPECT_FALSE(encode_price(PriceLayout{}, {"1234", 1}));
  EXPECT_FALSE(decode_price(PriceLayout{}, "5012345678900"));
  EXPECT_FALSE(decode_price(PriceLayout{}, "2042101003490"));
  EXPECT_FALSE(check_layout({"20", 5, 4, false}));
  EXPECT_FALSE(check_layout({"2x", 5, 5, false}));
  EXPECT_FALSE(check_layout({"2", 7, 3, true}));
  EXPECT_FALSE(check_layout({"20", SIZE_MAX, 11, false}));
}

// The catalogue is read as lines of text: this room has no TOML.
struct CatalogueItem {
  std::string sku, code, embedded, price;
};

std::vector<CatalogueItem> catalogue() {
  std::ifstream file(std::string(TILLRIG_SOURCE_DIR) + "/fixtures/catalogue.toml");
  std::vector<CatalogueItem> items;
  for (std::string line; std::getline(file, line);) {
    if (line == "[[item]]") items.emplace_back();
    const auto quote = line.find(" = \"");
    if (items.empty() || quote == std::string::npos) continue;
    const std::string key = line.substr(0, quote);
    const std::string value = line.substr(quote + 4, line.rfind('"') - quote - 4);
    if (key == "sku") items.back().sku = value;
    if (key == "code") items.back().code = value;
    if (key == "embedded") items.back().embedded = value;
    if (key == "price") items.back().price = value;
  }
  return items;
}

TEST(Catalogue, EveryCodeScansAndNamesOneItem) {
  const std::vector<CatalogueItem> items = catalogue();
  EXPECT_GE(items.size(), 300U);
  std::set<std::string> skus;
  std::set<std::string> codes;
  std::size_t embedded = 0;
  std::size_t upca = 0;
  for (const CatalogueItem& item : items) {
    EXPECT_TRUE(skus.insert(item.sku).second) << item.sku << " stands twice";
    EXPECT_FALSE(item.price.empty()) << item.sku;
    if (item.embedded.empty()) {
      EXPECT_TRUE(is_valid(item.code)) << item.sku << " has code " << item.code;
      EXPECT_TRUE(codes.insert(to_ean13(item.code)).second) << item.code << " stands twice";
      EXPECT_FALSE(has_layout(PriceLayout{}, to_ean13(item.code))) << item.sku;
      upca += guess(item.code) == Symbology::upca ? 1U : 0U;
    } else {
      ++embedded;
      PriceLayout layout;
      layout.prefix = item.embedded;
      const auto label = encode_price(layout, {item.code, 249});
      ASSERT_TRUE(label) << item.sku << ": " << label.error().what;
      EXPECT_EQ(decode_price(layout, *label)->item, item.code);
      EXPECT_TRUE(codes.insert(item.embedded + item.code).second) << item.code << " stands twice";
    }
  }
  EXPECT_GE(embedded, 12U);
  EXPECT_GE(upca, 12U);
}

}  // namespace
}  // namespace tillrig::scanner
