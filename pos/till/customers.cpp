#include "pos/till/customers.hpp"

#include <algorithm>

namespace tillrig::till {
namespace {

// Numbers are written with blanks and signs, each time in another way.
std::string digits_of(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c >= '0' && c <= '9') digits += c;
  }
  return digits;
}

bool is_number(std::string_view text) {
  return text.find_first_not_of("0123456789 +-/().") == std::string_view::npos;
}

char small(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

bool has_part(std::string_view text, std::string_view part) {
  if (part.empty()) return false;
  const auto same = [](char a, char b) { return small(a) == small(b); };
  return std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

Customers::Customers(std::vector<Customer> customers) {
  for (Customer& each : customers) {
    std::string id = each.id;
    by_id_.insert_or_assign(std::move(id), std::move(each));
  }
}

Customers Customers::changed(const std::vector<Change>& changes) const {
  Customers made = *this;
  for (const Change& change : changes) {
    if (change.customer) {
      made.by_id_.insert_or_assign(change.id, *change.customer);
    } else {
      made.by_id_.erase(change.id);
    }
  }
  return made;
}

const Customer* Customers::by_id(std::string_view id) const {
  const auto at = by_id_.find(id);
  return at == by_id_.end() ? nullptr : &at->second;
}

const Customer* Customers::called(std::string_view text) const {
  if (text.empty()) return nullptr;
  if (const Customer* const one = by_id(text)) return one;
  const std::string digits = is_number(text) ? digits_of(text) : std::string();
  const Customer* found = nullptr;
  for (const auto& [id, customer] : by_id_) {
    const bool phone = !digits.empty() && digits_of(customer.phone) == digits;
    if (customer.card != text && !phone) continue;
    if (found != nullptr) return nullptr;
    found = &customer;
  }
  return found;
}

std::vector<Customer> Customers::find(std::string_view text, std::size_t most) const {
  if (text.empty()) return {};
  std::vector<Customer> found;
  const Customer* const called_so = called(text);
  if (called_so != nullptr && most > 0) found.push_back(*called_so);
  const std::string digits = is_number(text) ? digits_of(text) : std::string();
  for (const auto& [id, customer] : by_id_) {
    if (found.size() >= most) break;
    const bool fits = customer.card == text || has_part(customer.name, text) ||
                      has_part(digits_of(customer.phone), digits);
    if (fits && &customer != called_so) found.push_back(customer);
  }
  return found;
}

}  // namespace tillrig::till
