#include "sim/scenario/play/sales.hpp"

#include "pos/base/ids.hpp"
#include "sim/scenario/read/values.hpp"
#include "sim/world/sold_before.hpp"

#include <algorithm>
#include <charconv>
#include <set>

namespace tillrig::scenario {

void Sales::note_poison(const std::string& id) {
  bed_.recording().tapes().poisoned.push_back(id);
}

void Sales::add(const std::string& till, const base::Result<world::Reply>& reply, bool poisoned,
                std::string name) {
  Sale sale;
  sale.name = std::move(name);
  sale.till = till;
  sale.line = story_.line();
  sale.poisoned = poisoned;
  if (reply) {
    sale.state = Sale::State::completed;
    sale.id = reply->sale;
    ++outcome_.sales;
    if (poisoned) note_poison(sale.id);
  } else {
    const base::Code why = reply.error().code;
    const bool lost = why == base::Code::closed || why == base::Code::in_doubt;
    sale.state = lost ? Sale::State::unknown : Sale::State::refused;
  }
  sales_.push_back(std::move(sale));
}

void Sales::try_card(const std::string& till, std::string attempt, bool poisoned,
                     std::string name) {
  Sale sale;
  sale.name = std::move(name);
  sale.till = till;
  sale.line = story_.line();
  sale.poisoned = poisoned;
  sale.state = Sale::State::completed;
  cards_[std::move(attempt)] = std::move(sale);
}

namespace {

// Whether it is the answer to something that the cashier asked for.
bool was_asked_for(const oracle::Tapes& tapes, const oracle::CashierEntry& acknowledged) {
  for (auto order = tapes.orders.rbegin(); order != tapes.orders.rend(); ++order) {
    if (order->till != acknowledged.till || order->order > acknowledged.order) continue;
    if (order->what != "complete" && order->what != "refund") continue;
    return order->ended == 0 || order->ended > acknowledged.order;
  }
  return false;
}

}  // namespace

std::vector<std::string> Sales::take_card_sales() {
  using Kind = oracle::CashierEntry::Kind;
  const oracle::Tapes& tapes = bed_.recording().tapes();
  std::vector<std::string> tills;
  if (!tapes.settlement_known) return tills;
  for (; seen_ < tapes.cashier.size(); ++seen_) {
    const oracle::CashierEntry& entry = tapes.cashier[seen_];
    if (entry.kind == Kind::other && entry.code == "card" &&
        entry.facts.text("state") == "approved") {
      card_approved_[entry.till] = entry.facts.text("attempt").value_or("");
    }
    if (entry.kind != Kind::acknowledged || was_asked_for(tapes, entry)) continue;
    Sale sale = cards_[card_approved_[entry.till]];
    sale.till = entry.till;
    sale.id = entry.sale;
    sale.state = Sale::State::completed;
    ++outcome_.sales;
    if (sale.poisoned) note_poison(sale.id);
    sales_.push_back(std::move(sale));
    tills.push_back(entry.till);
  }
  return tills;
}

void Sales::refund(const std::string& id, const world::Reply& reply) {
  for (Sale& sale : sales_) {
    if (sale.id != id) continue;
    sale.state = Sale::State::refunded;
    if (sale.poisoned) note_poison(reply.sale);
  }
}

Sale* Sales::find(std::string_view which, std::string_view till, bool completed) {
  std::vector<Sale*> those;
  for (Sale& sale : sales_) {
    if (!till.empty() && sale.till != till) continue;
    const bool sold = sale.state == Sale::State::completed || sale.state == Sale::State::refunded;
    if (completed && !sold) continue;
    those.push_back(&sale);
  }
  if (!by_place(which)) {
    const auto named = std::find_if(those.rbegin(), those.rend(),
                                    [&](const Sale* sale) { return sale->name == which; });
    return named == those.rend() ? nullptr : *named;
  }
  std::size_t number = 0;
  const auto digits = which.substr(std::min(which.find_first_of("0123456789"), which.size()));
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const std::size_t count = those.size();
  if (which == "first") number = 1;
  if (which == "last") number = count;
  if (which.starts_with("last-")) number = count > number ? count - number : 0;
  return number >= 1 && number <= count ? those[number - 1] : nullptr;
}

bool Sales::any_unknown(const std::string& till) const {
  return std::any_of(sales_.begin(), sales_.end(), [&](const Sale& sale) {
    return sale.till == till && sale.state == Sale::State::unknown;
  });
}

base::Awaitable<void> Sales::resolve(std::string till) {
  if (!any_unknown(till) || !bed_.running(till)) co_return;
  const world::Order ask = world::SoldBefore::ask_sales(bed_.setup());
  auto answer = co_await bed_.command(till, ask);
  if (answer) resolve_from(till, answer->sales);
}

void Sales::resolve_from(const std::string& till, const std::vector<world::SaleRow>& rows) {
  std::set<std::string> claimed;
  for (const Sale& sale : sales_) claimed.insert(sale.id);
  std::vector<std::string> found;  // oldest first
  for (const world::SaleRow& row : rows) {
    const auto id = base::parse_event_id(row.sale);
    const bool sold = row.kind == "sale" && id && id->till == till;
    if (sold && !claimed.contains(row.sale)) found.push_back(row.sale);
  }
  std::reverse(found.begin(), found.end());
  std::size_t next = 0;
  for (Sale& sale : sales_) {
    if (sale.till != till || sale.state != Sale::State::unknown) continue;
    if (next == found.size()) {
      sale.state = Sale::State::absent;
      continue;
    }
    sale.state = Sale::State::completed;
    sale.id = found[next++];
    if (sale.poisoned) note_poison(sale.id);
  }
}

void Sales::settle_unknown(const std::vector<oracle::CloudEntry>* rows) {
  for (Sale& sale : sales_) {
    if (sale.state != Sale::State::unknown) continue;
    // The till cannot be asked any more; what reached the cloud is evidence too, if it is clear
    // whose it is.
    const auto same_till = std::count_if(
        sales_.begin(), sales_.end(), [&](const Sale& other) { return other.till == sale.till; });
    if (rows != nullptr && same_till == 1) {
      for (const oracle::CloudEntry& row : *rows) {
        if (row.till == sale.till && row.kind == "sale") sale.id = row.id;
      }
    }
    if (!sale.id.empty()) {
      sale.state = Sale::State::completed;
      continue;
    }
    Failure failure;
    failure.kind = Failure::Kind::inconclusive;
    failure.line = sale.line;
    failure.till = sale.till;
    failure.what = "nobody knows whether this sale was completed, and no evidence settles it";
    failure.expected = "a till that can be asked at the end";
    failure.seen = sale.till + " could not be asked";
    story_.fail(std::move(failure));
  }
}

}  // namespace tillrig::scenario
