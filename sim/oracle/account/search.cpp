#include "sim/oracle/account/search.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace tillrig::oracle {
namespace {

constexpr std::size_t kMostFound = 20;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

std::string lowered(std::string_view text) {
  std::string all(text);
  std::transform(all.begin(), all.end(), all.begin(), lower);
  return all;
}

bool within(std::string_view text, std::string_view part) {
  return !part.empty() && lowered(text).find(lowered(part)) != std::string::npos;
}

// The digits of what is written like a number; else none.
std::string number_in(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      digits += c;
    } else if (std::string_view(" +-/().").find(c) == std::string_view::npos) {
      return {};
    }
  }
  return digits;
}

bool fits_customer(const ShopCustomer& customer, std::string_view text) {
  return customer.id == text || customer.card == text || within(customer.name, text) ||
         within(number_in(customer.phone), number_in(text));
}

}  // namespace

// By SKU, by what a scanner reads of it, by a part of the name in any case.
bool Searches::fits(const ShopItem& item, std::string_view text) const {
  if (item.sku == text || within(item.name, text)) return true;
  const auto label = till_.account_.labels_.read(text);
  return label && label->item == &item;
}

// All that is there is found, up to as much as a till shows, and nothing else.
void Searches::look_at(const FindLook& look) {
  if (look.text.empty()) return;
  ++till_.account_.searches_;
  for (const ShopItem& item : till_.account_.tapes_.shop.items) {
    const auto offers = till_.goods_.offers(item.sku, {!item.later, item.price}, look.at);
    const auto sold = [](const Offer& offer) { return offer.sold; };
    const bool fit = fits(item, look.text);
    compare(look, look.items, item.sku, fit && std::all_of(offers.begin(), offers.end(), sold),
            fit && std::any_of(offers.begin(), offers.end(), sold));
  }
  const auto& changes = till_.account_.tapes_.customer_changes;
  for (const ShopCustomer& customer : till_.account_.tapes_.shop.customers) {
    const bool changed =
        std::any_of(changes.begin(), changes.end(),
                    [&](const CustomerChange& each) { return each.id == customer.id; });
    if (changed) continue;  // INV-21 follows them
    const bool fit = fits_customer(customer, look.text);
    compare(look, look.customers, customer.id, fit, fit);
  }
}

void Searches::compare(const FindLook& look, const std::vector<std::string>& seen,
                       std::string_view name, bool has_to, bool may) {
  const bool there = std::find(seen.begin(), seen.end(), name) != seen.end();
  if (there ? may : !has_to || seen.size() >= kMostFound) return;
  till_.odd(Oddity::Kind::not_found, look.at, 0,
            fmt::format("{} looks for \"{}\" and {} {}.", till_.name_, look.text,
                        there ? "finds" : "does not find", name),
            there ? "not found: it does not fit, or is not sold" : std::string(name),
            seen.empty() ? "nothing" : fmt::format("{}", fmt::join(seen, ", ")));
}

}  // namespace tillrig::oracle
