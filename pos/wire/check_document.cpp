#include "pos/wire/event.hpp"

#include <cstddef>
#include <cstdint>

namespace tillrig::wire {
namespace {

using base::Code;
using base::fail;

// Adds up amounts and remembers whether the sum left 64 bits.
class Sum {
 public:
  void add(Money amount) {
    overflowed_ = __builtin_add_overflow(minor_, amount.minor, &minor_) || overflowed_;
  }
  void subtract(Money amount) {
    overflowed_ = __builtin_sub_overflow(minor_, amount.minor, &minor_) || overflowed_;
  }
  [[nodiscard]] bool is(Money amount) const { return !overflowed_ && minor_ == amount.minor; }
  [[nodiscard]] bool is(const Sum& other) const {
    return !other.overflowed_ && is(Money{other.minor_});
  }
  [[nodiscard]] std::string text() const {
    return overflowed_ ? std::string("more than 64 bits hold") : std::to_string(minor_);
  }

 private:
  std::int64_t minor_ = 0;
  bool overflowed_ = false;
};

Result<void> check_lines(const Document& document) {
  Sum totals;
  Sum taxes;
  for (std::size_t i = 0; i < document.lines.size(); ++i) {
    const Line& line = document.lines[i];
    const auto price = base::extend(line.unit_price, line.quantity);
    if (!price) {
      return fail(Code::bad_input, "line {} ({}): {}", i + 1, line.sku, price.error().what);
    }
    Sum expected;
    expected.add(*price);
    expected.subtract(line.discount);
    if (!expected.is(line.total)) {
      return fail(Code::bad_input, "line {} ({}) has total {}; price x quantity - discount is {}",
                  i + 1, line.sku, line.total.minor, expected.text());
    }
    totals.add(line.total);
    taxes.add(line.tax);
  }
  if (document.on_top) totals.add(document.tax);
  if (!totals.is(document.total)) {
    return fail(Code::bad_input, "the total is {}; the lines{} sum to {}", document.total.minor,
                document.on_top ? " and the tax" : "", totals.text());
  }
  if (!taxes.is(document.tax)) {
    return fail(Code::bad_input, "the tax is {}; the taxes of the lines sum to {}",
                document.tax.minor, taxes.text());
  }
  return {};
}

Result<void> check_payments(const Document& document) {
  Sum paid;
  for (std::size_t i = 0; i < document.payments.size(); ++i) {
    const Payment& payment = document.payments[i];
    Sum expected;
    expected.add(payment.given);
    expected.subtract(payment.change);
    if (!expected.is(payment.amount)) {
      return fail(Code::bad_input, "payment {} ({}) counts {}; given - change is {}", i + 1,
                  payment.kind, payment.amount.minor, expected.text());
    }
    paid.add(payment.amount);
  }
  Sum asked;
  asked.add(document.total);
  asked.add(document.rounding);
  if (!paid.is(asked)) {
    return fail(Code::bad_input, "the total, rounded for cash, is {}; the payments sum to {}",
                asked.text(), paid.text());
  }
  return {};
}

}  // namespace

Result<void> check_document(const Document& document, EventKind kind) {
  const bool refund = kind == EventKind::refund;
  if (!refund && kind != EventKind::sale) {
    return fail(Code::bad_input, "a {} event has no document", name(kind));
  }
  if (refund && document.of.empty()) {
    return fail(Code::bad_input, "the refund does not name its sale in 'of'");
  }
  if (!refund && !document.of.empty()) {
    return fail(Code::bad_input, "the sale has 'of' = '{}'; only a refund names another sale",
                document.of);
  }
  if (refund ? document.total.minor > 0 : document.total.minor < 0) {
    return fail(Code::bad_input, "the total of the {} is {}; expected {}", name(kind),
                document.total.minor, refund ? "0 or less" : "0 or more");
  }
  if (auto lines = check_lines(document); !lines) return lines;
  return check_payments(document);
}

}  // namespace tillrig::wire
