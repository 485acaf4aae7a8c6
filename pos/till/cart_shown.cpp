#include "pos/till/cart_shown.hpp"

namespace tillrig::till {

CartShown shown_of(const Cart& cart, std::string_view currency) {
  const base::Currency of =
      base::find_currency(currency).value_or(base::Currency{std::string(currency), 2});
  CartShown shown;
  for (const wire::Line& line : cart.lines()) {
    shown.lines.push_back(fmt::format("{} x {} {}", base::format_quantity(line.quantity), line.name,
                                      base::format_money(line.total, of)));
  }
  shown.total = cart.total();
  shown.tax = cart.tax();
  shown.due = cart.due();
  shown.change = cart.change();
  shown.reward = cart.reward();
  return shown;
}

}  // namespace tillrig::till
