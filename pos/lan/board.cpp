#include "pos/lan/board.hpp"

#include "pos/base/hash.hpp"
#include "pos/base/json_fields.hpp"

#include <algorithm>
#include <utility>

namespace tillrig::lan {

using base::Code;
using base::fail;
using base::Failure;

namespace {

const base::Mutant kLastWordWins{"lan_last_word_wins", "INV-40",
                                 "open orders that come back after an outage",
                                 "what is told last of an open order counts, however old it is"};
const base::Mutant kDoubled{"lan_healed_orders_doubled", "INV-40",
                            "Toast: duplicate items after offline mode",
                            "an order that has become another till's meanwhile is listed twice"};
const base::Mutant kOwnStays{"lan_handed_over_and_kept", "INV-40",
                             "a till that trusts its own copy",
                             "a till that hands an order over keeps it, too"};

struct Kept {
  std::vector<OpenOrder> orders;
  static void describe(auto& self, auto& fields) {
    fields("orders", self.orders, {.entries = kMostOrders});
  }
};

// Of two tellings with one version, which only a till whose disk was put back can bring about, all
// tills take the same: what is closed stays closed.
bool is_newer(const OpenOrder& told, const OpenOrder& known) {
  if (told.version != known.version) return told.version > known.version;
  if (is_open(told.state) != is_open(known.state)) return !is_open(told.state);
  if (told.holder != known.holder) return told.holder < known.holder;
  return told.state > known.state;
}

}  // namespace

Board::Board(std::string self, base::Mutants mutants)
    : self_(std::move(self)), mutants_(std::move(mutants)) {}

bool Board::merge(const OpenOrder& told) {
  const auto at = orders_.find(told.id);
  if (at == orders_.end()) {
    orders_.emplace(told.id, told);
    forget_old();
    return orders_.contains(told.id);
  }
  if (kOwnStays.on(mutants_) && at->second.holder == self_) return false;
  if (kLastWordWins.on(mutants_)) return std::exchange(at->second, told) != told;
  if (!is_newer(told, at->second)) return false;
  if (kDoubled.on(mutants_) && told.holder != at->second.holder) {
    OpenOrder copy = at->second;
    copy.id += "'";
    orders_.emplace(copy.id, copy);
  }
  at->second = told;
  forget_old();
  return true;
}

Result<void> Board::add(OpenOrder order) {
  if (orders_.contains(order.id)) return fail(Code::exists, "there is an order {}", order.id);
  if (open().size() >= kMostOpen) {
    return fail(Code::too_large, "{} orders wait already: finish one first", kMostOpen);
  }
  if (order.cart.size() > kCartBytes) {
    return fail(Code::too_large, "the sale is too long to be parked: finish it");
  }
  order.version = 1;
  order.holder = self_;
  order.state = OrderState::parked;
  std::string id = order.id;
  orders_.emplace(std::move(id), std::move(order));
  return {};
}

Result<OpenOrder*> Board::own(std::string_view id) {
  const auto at = orders_.find(id);
  if (at == orders_.end() || !is_open(at->second.state)) {
    return fail(Code::not_found, "no order \"{}\" is open", id.substr(0, kLabelBytes));
  }
  if (at->second.holder != self_) {
    return fail(Code::not_allowed, "the order {} is at {}", at->first, at->second.holder);
  }
  return &at->second;
}

Result<OpenOrder> Board::hand_over(std::string_view id, const std::string& to) {
  auto order = own(id);
  if (!order) return Failure(order.error());
  if ((*order)->state != OrderState::parked) {
    return fail(Code::not_allowed, "the order {} is being worked on at {}", id, self_);
  }
  OpenOrder theirs = **order;
  theirs.holder = to;
  ++theirs.version;
  if (!kOwnStays.on(mutants_)) **order = theirs;
  return theirs;
}

Result<void> Board::pick_up(std::string_view id) {
  auto order = own(id);
  if (!order) return Failure(order.error());
  if ((*order)->state != OrderState::parked) {
    return fail(Code::not_allowed, "the order {} is in hand", id);
  }
  (*order)->state = OrderState::in_hand;
  ++(*order)->version;
  return {};
}

Result<void> Board::put_down(OpenOrder changed) {
  auto order = own(changed.id);
  if (!order) return Failure(order.error());
  if (changed.cart.size() > kCartBytes) {
    return fail(Code::too_large, "the sale is too long to be parked: finish it");
  }
  changed.version = (*order)->version + 1;
  changed.holder = self_;
  changed.state = OrderState::parked;
  **order = std::move(changed);
  return {};
}

Result<void> Board::close(std::string_view id, OrderState how, std::int64_t now_ms) {
  auto order = own(id);
  if (!order) return Failure(order.error());
  (*order)->state = how;
  ++(*order)->version;
  (*order)->cart.clear();
  (*order)->since_ms = now_ms;
  forget_old();
  return {};
}

const OpenOrder* Board::find(std::string_view id) const {
  const auto at = orders_.find(id);
  return at == orders_.end() ? nullptr : &at->second;
}

std::vector<OpenOrder> Board::open() const {
  std::vector<OpenOrder> rows;
  for (const auto& [id, order] : orders_) {
    if (is_open(order.state)) rows.push_back(order);
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const OpenOrder& a, const OpenOrder& b) { return a.since_ms < b.since_ms; });
  return rows;
}

// The order of rows does not count, and the sum stays a whole number of JSON.
std::int64_t Board::digest() const {
  std::uint64_t sum = 0;
  for (const auto& [id, order] : orders_) {
    sum +=
        base::fnv1a(fmt::format("{}/{}/{}/{}", id, order.version, order.holder, name(order.state)));
  }
  return static_cast<std::int64_t>(sum >> 2U);
}

// By its own stamp: all tills forget the same.
void Board::forget_old() {
  std::vector<std::pair<std::int64_t, std::string>> closed;
  for (const auto& [id, order] : orders_) {
    if (!is_open(order.state)) closed.emplace_back(order.since_ms, id);
  }
  if (closed.size() <= kClosedKept) return;
  std::sort(closed.begin(), closed.end());
  closed.resize(closed.size() - kClosedKept);
  for (const auto& [since, id] : closed) orders_.erase(id);
}

std::string Board::text() const {
  Kept kept;
  for (const auto& [id, order] : orders_) kept.orders.push_back(order);
  return base::write_message(kept);
}

Result<void> Board::read(std::string_view text) {
  auto kept = base::read_message<Kept>(text, "the open orders");
  if (!kept) return fail(Code::corrupt, "{}", kept.error().what);
  orders_.clear();
  for (OpenOrder& order : kept->orders) {
    std::string id = order.id;
    orders_.emplace(std::move(id), std::move(order));
  }
  return {};
}

}  // namespace tillrig::lan
