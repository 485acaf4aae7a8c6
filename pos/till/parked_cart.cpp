#include "pos/till/parked_cart.hpp"

#include "pos/base/json_fields.hpp"
#include "pos/wire/api.hpp"

#include <utility>

namespace tillrig::till {
namespace {

// A line as it is written down.
struct WrittenLine {
  std::string sku;
  std::string name;
  Quantity quantity;
  Money price;
  Rate tax;
  Rate off_rate;
  Money off_amount;
  bool embedded = false;

  static void describe(auto& self, auto& fields) {
    fields("sku", self.sku, {.bytes = wire::kTextBytes})(
        "name", self.name, {.bytes = wire::kTextBytes})("quantity", self.quantity, {.least = 1})(
        "price", self.price, {.least = 0})("tax", self.tax, {.least = 0});
    fields.maybe("off_rate", self.off_rate, {.least = 0, .most = 10'000})
        .maybe("off_amount", self.off_amount, {.least = 0})
        .maybe("embedded", self.embedded);
  }
};

struct WrittenCart {
  std::vector<WrittenLine> lines;
  Rate off_rate;
  Money off_amount;
  std::string customer;

  static void describe(auto& self, auto& fields) {
    fields("lines", self.lines, {.entries = wire::kDocumentLines})
        .maybe("off_rate", self.off_rate, {.least = 0, .most = 10'000})
        .maybe("off_amount", self.off_amount, {.least = 0})
        .maybe("customer", self.customer);
  }
};

}  // namespace

std::string write_parked(const ParkedCart& cart) {
  WrittenCart written;
  for (const CartLine& each : cart.lines) {
    written.lines.push_back({each.line.sku, each.line.name, each.line.quantity,
                             each.line.unit_price, each.line.tax_rate, each.off.rate,
                             each.off.amount, each.embedded});
  }
  written.off_rate = cart.off_sale.rate;
  written.off_amount = cart.off_sale.amount;
  written.customer = cart.customer;
  return base::write_message(written);
}

Result<ParkedCart> read_parked(std::string_view text) {
  auto written = base::read_message<WrittenCart>(text, "a parked sale", wire::kTextBytes);
  if (!written) return base::Failure(written.error());
  ParkedCart cart;
  for (WrittenLine& each : written->lines) {
    CartLine& line = cart.lines.emplace_back();
    line.line.sku = std::move(each.sku);
    line.line.name = std::move(each.name);
    line.line.quantity = each.quantity;
    line.line.unit_price = each.price;
    line.line.tax_rate = each.tax;
    line.off = {each.off_rate, each.off_amount};
    line.embedded = each.embedded;
  }
  cart.off_sale = {written->off_rate, written->off_amount};
  cart.customer = std::move(written->customer);
  return cart;
}

}  // namespace tillrig::till
