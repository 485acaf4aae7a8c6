#include "tests/pos/wire/samples.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace tillrig::wire {
namespace {

Document sound() {
  return std::get<Document>(samples::sale(1).body);
}

TEST(CheckDocument, TakesASaleAndARefundThatAddUp) {
  EXPECT_TRUE(check_document(sound(), EventKind::sale));
  const Event refund = samples::refund(2, samples::sale(1).id);
  const auto checked = check_document(std::get<Document>(refund.body), EventKind::refund);
  EXPECT_TRUE(checked) << checked.error().what;
}

TEST(CheckDocument, RefusesASingleMinorUnitTooManyAnywhere) {
  const std::function<void(Document&)> damages[] = {
      [](Document& d) { d.total += Money{1}; },
      [](Document& d) { d.tax += Money{1}; },
      [](Document& d) { d.lines[0].total += Money{1}; },
      [](Document& d) { d.lines[0].tax += Money{1}; },
      [](Document& d) { d.lines[1].discount += Money{1}; },
      [](Document& d) { d.lines[0].unit_price += Money{1}; },
      [](Document& d) { d.payments[0].given += Money{1}; },
      [](Document& d) { d.payments[0].amount += Money{1}; },
      [](Document& d) { d.payments.push_back(d.payments[0]); },
      [](Document& d) { d.lines.pop_back(); },
      [](Document& d) { d.of = "till-1.3.1"; },
  };
  for (const auto& damage : damages) {
    Document document = sound();
    damage(document);
    EXPECT_FALSE(check_document(document, EventKind::sale)) << &damage - damages;
  }
}

TEST(CheckDocument, RefusesSumsThatLeave64Bits) {
  Document document = sound();
  document.payments.assign(2, Payment{"cash", Money{INT64_MAX}, Money{}, Money{INT64_MAX}});
  EXPECT_FALSE(check_document(document, EventKind::sale));
  document = sound();
  document.lines[0].unit_price = Money{INT64_MAX};
  EXPECT_FALSE(check_document(document, EventKind::sale));
}

TEST(CheckDocument, RefusesARefundOfNothingOrOfMoneyTheWrongWay) {
  EXPECT_FALSE(check_document(sound(), EventKind::refund));
  Document wrong_way = sound();
  wrong_way.of = "till-1.3.1";
  EXPECT_FALSE(check_document(wrong_way, EventKind::refund));
}

}  // namespace
}  // namespace tillrig::wire
