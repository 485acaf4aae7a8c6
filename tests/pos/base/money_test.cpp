#include "pos/base/money.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace tillrig::base {
namespace {

const Currency kYen{"JPY", 0};
const Currency kEuro{"EUR", 2};
const Currency kDinar{"KWD", 3};

std::string round_trip(std::string_view text, const Currency& currency) {
  const auto money = parse_money(text, currency);
  return money ? format_money(*money, currency) : std::string(name(money.error().code));
}

Code code_of(std::string_view text, const Currency& currency) {
  const auto money = parse_money(text, currency);
  return money ? Code::internal : money.error().code;
}

TEST(Currency, KnowsTheDigitsOfEachMinorUnit) {
  for (const char* code : {"JPY", "KRW"}) EXPECT_EQ(find_currency(code)->exponent, 0) << code;
  for (const char* code : {"EUR", "USD", "GBP", "CHF", "SEK", "IDR"}) {
    EXPECT_EQ(find_currency(code)->exponent, 2) << code;
  }
  for (const char* code : {"KWD", "BHD", "TND", "JOD", "OMR"}) {
    EXPECT_EQ(find_currency(code)->exponent, 3) << code;
  }
}

TEST(Currency, NamesTheNearestCodeForAMistypedOne) {
  const auto swapped = find_currency("EURO");
  ASSERT_FALSE(swapped);
  EXPECT_EQ(swapped.error().code, Code::not_found);
  EXPECT_NE(swapped.error().what.find("nearest is EUR"), std::string::npos);
  EXPECT_NE(find_currency("chf").error().what.find("nearest is CHF"), std::string::npos);
  EXPECT_NE(find_currency("quatloos").error().what.find("EUR, GBP"), std::string::npos);
  EXPECT_EQ(find_currency("").error().code, Code::not_found);
}

TEST(Money, ReadsWhatItWroteForEveryMinorUnit) {
  for (const Currency& currency : {kYen, kEuro, kDinar}) {
    for (const std::int64_t minor :
         {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1}, std::int64_t{9}, std::int64_t{99},
          std::int64_t{-100}, std::int64_t{123456}, INT64_MAX, -INT64_MAX}) {
      const auto text = format_money(Money{minor}, currency);
      const auto back = parse_money(text, currency);
      ASSERT_TRUE(back) << text << ": " << back.error().what;
      EXPECT_EQ(back->minor, minor) << text;
    }
  }
}

TEST(Money, WritesAsManyDigitsAsTheCurrencyHas) {
  EXPECT_EQ(round_trip("1234", kYen), "1234");
  EXPECT_EQ(round_trip("12", kEuro), "12.00");
  EXPECT_EQ(round_trip("12.3", kEuro), "12.30");
  EXPECT_EQ(round_trip("-0.05", kEuro), "-0.05");
  EXPECT_EQ(round_trip("-0", kEuro), "0.00");
  EXPECT_EQ(round_trip("0.001", kDinar), "0.001");
  EXPECT_EQ(format_money(Money{INT64_MIN}, kEuro), "-92233720368547758.08");
}

TEST(Money, RefusesWhatIsNotAnAmount) {
  for (const char* text :
       {"",     "-",   ".",   "+1",    "--1",    "1-",       " 1",
        "1 ",   "1.",  ".5",  "1..2",  "1.2.3",  "1,00",     "1e3",
        "0x10", "NaN", "inf", "1_000", "12.345", "\xd9\xa1", "99999999999999999999999x"}) {
    EXPECT_EQ(code_of(text, kEuro), Code::bad_input) << text;
  }
  EXPECT_EQ(code_of("1.0", kYen), Code::bad_input);
  EXPECT_EQ(code_of("1.0001", kDinar), Code::bad_input);
  EXPECT_EQ(code_of(std::string("1\0", 2), kEuro), Code::bad_input);
}

TEST(Money, SaysWhenAnAmountIsTooLarge) {
  EXPECT_EQ(round_trip("92233720368547758.07", kEuro), "92233720368547758.07");
  EXPECT_EQ(code_of("92233720368547758.08", kEuro), Code::too_large);
  EXPECT_EQ(code_of("-92233720368547758.08", kEuro), Code::too_large);
  EXPECT_EQ(code_of("9223372036854775807", kDinar), Code::too_large);
  EXPECT_EQ(code_of(std::string(5000, '9'), kYen), Code::too_large);
  EXPECT_EQ(round_trip(std::string(5000, '0') + "1", kYen), "1");
}

TEST(Money, AddsATenthAThousandTimesExactly) {
  Money sum;
  for (int i = 0; i < 1000; ++i) sum += *parse_money("0.10", kEuro);
  EXPECT_EQ(format_money(sum, kEuro), "100.00");
}

TEST(Quantity, ReadsAndWritesThousandths) {
  EXPECT_EQ(parse_quantity("3")->thousandths, 3000);
  EXPECT_EQ(parse_quantity("0.250")->thousandths, 250);
  EXPECT_EQ(parse_quantity("-1")->thousandths, -1000);
  EXPECT_EQ(format_quantity(Quantity{3000}), "3");
  EXPECT_EQ(format_quantity(Quantity{250}), "0.25");
  EXPECT_EQ(format_quantity(Quantity{-1500}), "-1.5");
  EXPECT_EQ(format_quantity(Quantity{100'000}), "100");
  EXPECT_EQ(format_quantity(Quantity{0}), "0");
  EXPECT_FALSE(parse_quantity("0.0001"));
  EXPECT_FALSE(parse_quantity("1 kg"));
}

TEST(Rate, ReadsPercentagesFromNoneToAll) {
  EXPECT_EQ(parse_rate("19")->basis_points, 1900);
  EXPECT_EQ(parse_rate("7.5")->basis_points, 750);
  EXPECT_EQ(parse_rate("100")->basis_points, 10'000);
  EXPECT_FALSE(parse_rate("100.01"));
  EXPECT_FALSE(parse_rate("-1"));
  EXPECT_FALSE(parse_rate("19%"));
}

TEST(Money, ExtendsRoundingHalfAwayFromZero) {
  EXPECT_EQ(extend(Money{199}, Quantity{3000})->minor, 597);
  EXPECT_EQ(extend(Money{1}, Quantity{499})->minor, 0);
  EXPECT_EQ(extend(Money{1}, Quantity{500})->minor, 1);
  EXPECT_EQ(extend(Money{-1}, Quantity{500})->minor, -1);
  EXPECT_EQ(extend(Money{3}, Quantity{-500})->minor, -2);
  EXPECT_EQ(extend(Money{333}, Quantity{250})->minor, 83);
  EXPECT_EQ(extend(Money{INT64_MAX}, Quantity{1000})->minor, INT64_MAX);
  EXPECT_EQ(extend(Money{INT64_MAX}, Quantity{1001}).error().code, Code::too_large);
  EXPECT_EQ(extend(Money{INT64_MIN}, Quantity{INT64_MIN}).error().code, Code::too_large);
}

TEST(Money, SharesRoundHalfAwayFromZero) {
  EXPECT_EQ(share(Money{1000}, Rate{1900}).minor, 190);
  EXPECT_EQ(share(Money{50}, Rate{100}).minor, 1);
  EXPECT_EQ(share(Money{-50}, Rate{100}).minor, -1);
  EXPECT_EQ(share(Money{49}, Rate{100}).minor, 0);
  EXPECT_EQ(share(Money{INT64_MAX}, Rate{10'000}).minor, INT64_MAX);
}

TEST(Money, FindsTheTaxInsideAGrossAmount) {
  EXPECT_EQ(tax_inside(Money{11900}, Rate{1900}).minor, 1900);
  EXPECT_EQ(tax_inside(Money{-11900}, Rate{1900}).minor, -1900);
  EXPECT_EQ(tax_inside(Money{100}, Rate{1900}).minor, 16);  // 15.966
  EXPECT_EQ(tax_inside(Money{100}, Rate{0}).minor, 0);
  EXPECT_EQ(tax_inside(Money{3}, Rate{10'000}).minor, 2);  // 1.5
  EXPECT_EQ(tax_inside(Money{1}, Rate{2500}).minor, 0);    // 0.2
}

TEST(Money, SplitsByLargestRemainder) {
  const std::int64_t thirds[] = {1, 1, 1};
  EXPECT_EQ(split(Money{100}, thirds), (std::vector<Money>{{34}, {33}, {33}}));
  EXPECT_EQ(split(Money{-100}, thirds), (std::vector<Money>{{-34}, {-33}, {-33}}));
  const std::int64_t uneven[] = {0, 1, 2};
  EXPECT_EQ(split(Money{100}, uneven), (std::vector<Money>{{0}, {33}, {67}}));
  const std::int64_t none[] = {0, 0};
  EXPECT_EQ(split(Money{0}, none), (std::vector<Money>{{0}, {0}}));
  const std::int64_t huge[] = {INT64_MAX, INT64_MAX, INT64_MAX};
  const auto parts = split(Money{INT64_MAX}, huge);
  EXPECT_EQ(parts[0].minor + parts[1].minor + parts[2].minor, INT64_MAX);
}

TEST(Money, NeverLosesAMinorUnitInASplit) {
  std::uint64_t seed = 0x9e3779b97f4a7c15;
  const auto draw = [&seed](std::uint64_t below) {
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return static_cast<std::int64_t>(seed % below);
  };
  for (int run = 0; run < 5000; ++run) {
    std::vector<std::int64_t> weights(static_cast<std::size_t>(1 + draw(12)));
    std::int64_t total = 0;
    for (auto& weight : weights) total += weight = draw(run % 3 == 0 ? 4 : 1'000'000);
    if (total == 0) weights[0] = total = 1;
    const Money amount{draw(2'000'001) - 1'000'000};
    const auto parts = split(amount, weights);
    Money sum;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      sum += parts[i];
      // Within one minor unit of the exact share.
      const std::int64_t off = parts[i].minor * total - amount.minor * weights[i];
      ASSERT_LT(off < 0 ? -off : off, total) << "run " << run << ", part " << i;
    }
    ASSERT_EQ(sum, amount) << "run " << run;
  }
}

}  // namespace
}  // namespace tillrig::base
