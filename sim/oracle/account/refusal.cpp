#include "sim/oracle/account/refusal.hpp"

#include "sim/oracle/account/points.hpp"
#include "sim/oracle/account/till.hpp"
#include "sim/oracle/amount.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tillrig::oracle {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)
using When = RefusedWhen;

// What a till that has an answer for every question can still refuse. Each act and code stands here
// or is a violation; what others look after, or nobody can see from outside, stands with why.
constexpr RefusalRow kRows[] = {
    {"enter", "not_allowed", When::in_the_way},
    {"enter", "not_allowed", When::sale},
    {"enter", "not_found", When::unsold},
    {"enter", "bad_input", When::unsold},
    {"enter", "too_large", When::full},
    {"quantity", "not_allowed", When::in_the_way},
    {"quantity", "not_allowed", When::sale},
    {"quantity", "not_found", When::sale},
    {"quantity", "bad_input", When::sale},
    {"quantity", "too_large", When::full},
    {"void_line", "not_allowed", When::in_the_way},
    {"void_line", "not_allowed", When::sale},
    {"void_line", "not_found", When::sale},
    {"discount", "not_allowed", When::in_the_way},
    {"discount", "not_allowed", When::sale},
    {"discount", "not_found", When::sale},
    {"discount", "bad_input", When::sale},
    {"cancel", "not_allowed", When::in_the_way},
    {"tender", "not_allowed", When::in_the_way},
    {"tender", "not_allowed", When::sale},
    {"tender", "not_allowed", When::cloud},
    {"tender", "bad_input", When::sale},
    {"tender", "bad_input", When::amount},
    {"tender", "too_large", When::full},
    {"tender", "needs_connection", When::line},
    {"tender", "not_found", When::not_judged, "which purses a shop has: INV-12"},
    {"load", "not_allowed", When::in_the_way},
    {"load", "not_allowed", When::sale},
    {"load", "not_allowed", When::cloud},
    {"load", "bad_input", When::sale},
    {"load", "bad_input", When::amount},
    {"load", "too_large", When::full},
    {"load", "needs_connection", When::line},
    {"load", "not_found", When::not_judged, "which purses a shop has: INV-12"},
    {"purse", "needs_connection", When::line},
    {"purse", "not_found", When::cloud},
    {"purse", "not_found", When::not_judged, "which purses a shop has: INV-12"},
    {"purse", "bad_input", When::not_judged, "how the number of a purse looks"},
    {"purse", "not_allowed", When::not_judged, "whose it is when nobody is named"},
    {"stock", "needs_connection", When::line},
    {"stock", "not_found", When::unsold},
    {"customer", "not_allowed", When::in_the_way},
    {"customer", "not_allowed", When::sale},
    {"customer", "not_found", When::customer},
    {"reward", "not_allowed", When::in_the_way},
    {"reward", "not_allowed", When::sale},
    {"reward", "not_allowed", When::cloud},
    {"reward", "bad_input", When::sale},
    {"reward", "bad_input", When::amount},
    {"reward", "needs_connection", When::line},
    {"complete", "not_allowed", When::in_the_way},
    {"complete", "not_allowed", When::sale},
    {"complete", "not_allowed", When::cloud},
    {"complete", "needs_connection", When::line},
    {"refund", "not_allowed", When::in_the_way},
    {"refund", "not_allowed", When::sale},
    {"refund", "not_allowed", When::goods_back},
    {"refund", "not_found", When::goods_back},
    {"refund", "bad_input", When::goods_back},
    {"refund", "needs_connection", When::goods_back},
    {"open_day", "not_allowed", When::in_the_way},
    {"open_day", "not_allowed", When::sale},
    {"open_day", "not_allowed", When::day},
    {"open_day", "bad_input", When::amount},
    {"close_day", "not_allowed", When::in_the_way},
    {"close_day", "not_allowed", When::sale},
    {"close_day", "not_allowed", When::day},
    {"close_day", "bad_input", When::amount},
    {"pay_in", "not_allowed", When::in_the_way},
    {"pay_in", "not_allowed", When::sale},
    {"pay_in", "bad_input", When::amount},
    {"pay_out", "not_allowed", When::in_the_way},
    {"pay_out", "not_allowed", When::sale},
    {"pay_out", "bad_input", When::amount},
    {"sign_out", "not_allowed", When::in_the_way},
    {"sign_out", "not_allowed", When::sale},
    {"sign_out", "not_allowed", When::waits},
    {"local_mode", "bad_input", When::not_judged, "how hours are written: INV-18"},
    {"local_mode", "not_allowed", When::in_the_way},
    {"local_mode", "not_allowed", When::local},
    {"trigger_up", "not_allowed", When::in_the_way},
    {"trigger_up", "not_allowed", When::local},
    {"trigger_down", "not_allowed", When::in_the_way},
    {"trigger_down", "not_allowed", When::local},
    {"restore_service", "not_allowed", When::in_the_way},
    {"restore_service", "not_allowed", When::local},
    {"pause", "not_allowed", When::in_the_way},
    {"pause", "not_allowed", When::local},
    {"unlock_manager", "not_allowed", When::not_judged, "INV-52 knows the PIN"},
    {"rehearse", "not_allowed", When::not_judged, "INV-53 follows rehearsals"},
    {"force_resync", "bad_input", When::typed},
    {"force_resync", "needs_connection", When::line},
    {"force_resync", "not_allowed", When::not_judged, "one at a time, and INV-52 knows the PIN"},
    {"clean_up", "bad_input", When::typed},
    {"clean_up", "needs_connection", When::line},
    {"clean_up", "not_allowed", When::not_judged, "one at a time, and INV-52 knows the PIN"},
    {"full_resync", "bad_input", When::typed},
    {"full_resync", "needs_connection", When::line},
    {"full_resync", "not_allowed", When::waits},
    {"reload", "not_allowed", When::not_judged, "cards"},
    {"download", "*", When::not_judged, "cards"},
    {"park", "*", When::not_judged, "INV-40 follows orders between tills"},
    {"resume", "*", When::not_judged, "INV-40 follows orders between tills"},
    {"orders", "*", When::not_judged, "INV-40 follows orders between tills"},
    {"close", "not_allowed", When::in_the_way},
    {"export", "*", When::disk},
    {"*", "io", When::disk},
    {"*", "no_space", When::disk},
    {"*", "read_only", When::disk},
    {"*", "dead_file", When::disk},
    {"*", "corrupt", When::disk},
    {"*", "cancelled", When::not_judged, "the till was closed meanwhile"},
};

constexpr base::Duration kCalmFor = 20s;  // a line, before it has to do
constexpr std::int64_t kMostOfAll = 1'000'000'000'000'000;
constexpr std::int64_t kMostLoaded = 100'000'000;
constexpr std::int64_t kDearestLine = 100'000'000'000;  // minor units
constexpr std::int64_t kMostRewards = 1000;
constexpr std::size_t kMostLines = 1000;
constexpr std::size_t kManyPayments = 90;
constexpr std::size_t kManyCards = 8;
constexpr std::size_t kLongReason = 128;

// What is asked of the cloud is refused only by its word.
bool is_question(std::string_view what) {
  return what == "stock" || what == "purse";
}

bool opens_manager(std::string_view what) {
  static constexpr std::string_view kSuch[] = {"local_mode", "trigger_up", "trigger_down",
                                               "restore_service", "pause"};
  return std::find(std::begin(kSuch), std::end(kSuch), what) != std::end(kSuch);
}

// Which cannot be done while a sale is in hand.
bool apart_from_sales(std::string_view what) {
  static constexpr std::string_view kSuch[] = {"refund", "open_day", "close_day",
                                               "pay_in", "pay_out",  "sign_out"};
  return std::find(std::begin(kSuch), std::end(kSuch), what) != std::end(kSuch);
}

bool is_real(std::string_view what) {
  return apart_from_sales(what) || what == "reward" || what == "load" || what == "tender";
}

}  // namespace

std::vector<RefusalRow> refusal_rows(std::string_view what, std::string_view code) {
  std::vector<RefusalRow> found;
  for (const RefusalRow& row : kRows) {
    const bool its = (row.what == "*" || row.what == what) && (row.code == "*" || row.code == code);
    if (its) found.push_back(row);
  }
  return found;
}

// The till is right when any of the reasons is there that it may have for this code.
// Whoever keyed it in sees on the screen that it was not done.
void Refusals::demand_words(const OrderEntry& order) {
  const bool keyed =
      order.what == "quantity" || order.what == "void_line" || order.what == "discount";
  if (!keyed) return;
  ++till_.account_.refusals_;
  if (till_.refused_ > order.order) return;
  till_.odd(
      Oddity::Kind::act_refused, order.at, order.line,
      fmt::format("{} refuses \"{}\" and says nothing on its screen.", till_.name_, order.what),
      fmt::format("\"{}\"", order.why), "nothing");
}

void Refusals::look_at(const OrderEntry& order, const TillAccount::Asked& asked) {
  demand_words(order);
  if (!judges(order)) return;
  const auto rows = refusal_rows(order.what, order.code);
  ++till_.account_.refusals_;
  for (const RefusalRow& row : rows) {
    if (right(row.when, order, asked)) return;
  }
  till_.odd(
      Oddity::Kind::act_refused, order.at, order.line,
      fmt::format("{} refuses \"{}\" although nothing stands against it.", till_.name_, order.what),
      rows.empty() ? fmt::format("it is done, or refused for a reason; never with {}", order.code)
                   : "it is done",
      fmt::format("{}: {}", order.code, order.why));
}

// Nobody outside sees what the terminal is at, nor who uses a cloned till's name beside it.
bool Refusals::judges(const OrderEntry& order) const {
  const bool card = till_.card_ || order.fields.text("kind").value_or("") == "card";
  return !card && till_.account_.tapes_.clones.empty();
}

bool Refusals::right(RefusedWhen when, const OrderEntry& order, const TillAccount::Asked& asked) {
  switch (when) {
    case When::in_the_way:
      return asked.in_the_way || in_the_way(order);
    case When::sale:
      return !why_not_in_sale(order).empty();
    case When::unsold:
      return !sells(order);
    case When::full:
      return full(order);
    case When::line:
      return could_not_ask(order, asked);
    case When::cloud:
      return cloud_said_no(order);
    case When::customer:
      return nobody_called(order);
    case When::goods_back:
      return right_to_keep(order, asked);
    case When::day:
      if (till_.day_ == TillAccount::Day::unknown) return true;
      return order.what == "open_day" ? till_.day_ == TillAccount::Day::open
                                      : till_.day_ == TillAccount::Day::closed;
    case When::amount:
      return no_amount(order);
    case When::typed: {
      const std::string_view name =
          order.what == "force_resync" ? "Force full resync on all local transactions"
          : order.what == "clean_up"   ? "Clean up old transactions already on server"
                                       : "Full data resync";
      const std::int64_t days = order.fields.number("days").value_or(30);
      return order.fields.text("confirm") != name || days < 1 || days > 3650;
    }
    case When::waits:
      return till_.owes_;
    case When::local:
      return till_.local_ || !till_.account_.tapes_.shop.manager_pin.empty();
    case When::disk:
      return till_.account_.disk_faulted_;
    case When::not_judged:
      return true;
  }
  return true;
}

bool Refusals::no_amount(const OrderEntry& order) const {
  const auto number = [&](std::string_view field) {
    return order.fields.number(field).value_or(0);
  };

  const bool floats = order.what == "open_day" || order.what == "close_day";
  const std::int64_t amount =
      number(floats ? (order.what == "open_day" ? "float" : "counted") : "amount");
  if (order.what == "reward") {
    const std::int64_t times = order.fields.number("times").value_or(1);
    return times < 1 || times > kMostRewards;
  }
  if (order.what == "load" && amount > kMostLoaded) return true;
  if (order.fields.text("reason").value_or("").size() > kLongReason) return true;
  if (order.what == "load" || order.what == "tender") {
    const std::string_view of = order.fields.text("of").value_or("");
    if (of.find_first_of(" .:@=\"") != std::string_view::npos || of.size() > 32) return true;
  }
  return amount < (floats ? 0 : 1) || amount > kMostOfAll;
}

bool Refusals::in_the_way(const OrderEntry& order) const {
  if (!till_.selling_) return true;
  if (opens_manager(order.what)) return false;
  if (till_.rehearsing_ && is_real(order.what)) return true;
  // A null receipt may be under way that nobody asked for.
  if (!till_.modal_.empty() || till_.account_.tapes_.shop.null_receipt) return true;
  return std::any_of(till_.under_way_.begin(), till_.under_way_.end(),
                     [&](const TillAccount::Asked& each) {
                       return each.order != &order && !is_question(each.order->what);
                     });
}

// What the account makes of it, without doing it.
std::string Refusals::why_not_in_sale(const OrderEntry& order) {
  if (apart_from_sales(order.what)) return till_.cart_.empty() ? "" : "a sale is in hand";
  if (order.what == "complete") return till_.cart_.why_not_finish();
  if (order.what == "enter") return till_.cart_.why_not_add();
  if (order.what == "tender" || order.what == "load") {
    const bool pays = order.what == "tender";
    const std::string_view kind = order.fields.text(pays ? "kind" : "purse").value_or("");
    const std::string_view ledger = pays ? ledger_of_tender(kind) : kind;
    if (pays && ledger.empty() && !kind.empty() && kind != "cash") return "no till takes that";
    const bool nobodys = order.fields.text("of").value_or("").empty() && till_.member_.empty();
    if (!ledger.empty() && nobodys) return "nobody is named whose money it is";
  }
  if (order.what == "reward" &&
      (till_.cart_.empty() || till_.no_rewards_ || till_.account_.tapes_.shop.reward_points == 0)) {
    return "there is nothing that it could be taken off, or for";
  }
  const RungUp cart = till_.cart_;
  const std::string member = till_.member_;
  const std::int64_t redeemed = till_.redeemed_;
  const bool rang_up = till_.rang_up_;
  std::string why = till_.change_cart(order);
  till_.cart_ = cart;
  till_.member_ = member;
  till_.redeemed_ = redeemed;
  till_.rang_up_ = rang_up;
  return why;
}

bool Refusals::sells(const OrderEntry& order) const {
  const std::string_view code =
      order.fields.text(order.what == "stock" ? "sku" : "code").value_or("");
  const ShopItem* item = till_.account_.labels_.by_sku(code);
  if (item == nullptr) {
    const auto label = till_.account_.labels_.read(code);
    if (!label) return false;
    item = label->item;
  }
  const auto offers = till_.goods_.offers(item->sku, {!item->later, item->price}, order.at);
  return std::all_of(offers.begin(), offers.end(), [](const Offer& offer) { return offer.sold; });
}

bool Refusals::full(const OrderEntry& order) const {
  const Bill bill = till_.cart_.bill();
  if (bill.lines.size() >= kMostLines || bill.moves.size() >= kManyCards) return true;
  if (order.what == "tender") return till_.cart_.payments() >= kManyPayments;
  if (order.what != "quantity" && order.what != "enter") return false;
  RungUp cart = till_.cart_;
  if (order.what == "quantity") {
    static_cast<void>(
        cart.quantity(static_cast<std::size_t>(order.fields.number("line").value_or(0)),
                      order.fields.number("quantity").value_or(0)));
  }
  const Bill after = cart.bill();
  return std::any_of(after.lines.begin(), after.lines.end(), [](const BillLine& line) {
    return line.total + line.discount >= kDearestLine;
  });
}

// Only where nothing was wrong for long a till has no excuse for asking nobody.
bool Refusals::could_not_ask(const OrderEntry& order, const TillAccount::Asked& asked) const {
  const bool online = asked.online && till_.online_ && till_.online_since_ + kCalmFor < order.at;
  return !online || !calm(order.at);
}

bool Refusals::calm(Instant at) const {
  const Instant from = at - std::min(kCalmFor, at - Instant{0});
  const Instant to = till_.now_ + 1s;
  const Life& life = till_.account_.life_;
  return !life.faulted("wan", till_.name_, from, to) &&
         !life.faulted("cloud", till_.name_, from, to) &&
         !life.faulted("app", till_.name_, from, to) && !life.cloud_put_back(Instant{0}, to);
}

bool Refusals::cloud_said_no(const OrderEntry& order) const {
  const auto& wire = till_.account_.tapes_.wire;
  return std::any_of(wire.begin(), wire.end(), [&](const WireEntry& each) {
    const bool its = each.till == till_.name_ && each.sent >= order.at && each.order <= order.ended;
    const bool said = each.status >= 400 && each.status < 500;
    return its && said && !each.target.starts_with("/v1/sync/");
  });
}

bool Refusals::nobody_called(const OrderEntry& order) const {
  if (!till_.account_.tapes_.customer_changes.empty()) return true;  // they come and go
  return customer_called(till_.account_.tapes_.shop, order).empty();
}

// Whether the sale was made here since the app was opened, and nothing took it away since.
bool Refusals::own(const Due& sale) const {
  return sale.till == till_.name_ && sale.order != nullptr && sale.order->order > till_.began_ &&
         !till_.cleaned_ && sale.id.substr(0, sale.id.rfind('.')) == till_.epoch_;
}

bool Refusals::right_to_keep(const OrderEntry& order, const TillAccount::Asked& asked) const {
  const std::string of(order.fields.text("sale").value_or(""));
  const Due* const sale = till_.account_.find(of);
  if (sale == nullptr || sale->refund || !sale->sure || till_.account_.refund_in_doubt(of))
    return true;
  if (order.quantities.size() > order.lines.size()) return true;
  const Account::Knowing who = till_.knowing(order);
  const std::vector<std::int64_t> before = till_.account_.given_back(of, who);
  if (!why_not_refund(sale->bill, before, brought_back(order)).empty()) return true;
  if (own(*sale)) return false;
  const WireEntry* const wire = till_.asked_of_sale_;
  const bool question = wire != nullptr && wire->sent >= order.at;
  if (!question) return could_not_ask(order, asked);
  if (!wire->from_cloud || wire->status != 200) return true;  // no answer, or it has no such sale
  return !till_.account_.held(of, wire->reached_cloud);
}

}  // namespace tillrig::oracle
