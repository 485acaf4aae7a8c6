#include "sim/oracle/account/till.hpp"

#include "sim/oracle/account/cart_text.hpp"
#include "sim/oracle/account/points.hpp"
#include "sim/oracle/account/refusal.hpp"
#include "sim/oracle/amount.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace tillrig::oracle {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

constexpr base::Duration kAnswerWithin = 5s;  // a scan is answered at once or never

// What changes the cart on the screen.
bool changes_cart(std::string_view what) {
  static constexpr std::string_view kSuch[] = {"quantity", "void_line", "discount", "tender",
                                               "cancel",   "complete",  "reward",   "load",
                                               "park",     "resume"};
  return std::find(std::begin(kSuch), std::end(kSuch), what) != std::end(kSuch);
}

}  // namespace

std::vector<BroughtBack> brought_back(const OrderEntry& order) {
  std::vector<BroughtBack> goods;
  for (std::size_t i = 0; i < order.lines.size(); ++i) {
    goods.push_back({static_cast<std::size_t>(order.lines[i]),
                     i < order.quantities.size() ? order.quantities[i] : 0});
  }
  return goods;
}

void TillAccount::odd(Oddity::Kind kind, Instant at, int line, std::string what,
                      std::string expected, std::string seen) {
  account_.oddities_.push_back(
      {kind, name_, at, line, std::move(what), std::move(expected), std::move(seen)});
}

const OrderEntry* TillAccount::under_way(std::string_view what) const {
  for (const Asked& asked : under_way_) {
    if (asked.order->what == what) return asked.order;
  }
  return nullptr;
}

// Each code between the frame that the shop's scanner puts around it.
void TillAccount::scanned(const ScanEntry& scan) {
  expire(scan.at);
  const Shop& shop = account_.tapes_.shop;
  std::string_view rest = scan.bytes;
  while (!rest.empty()) {
    const std::size_t end = shop.scan_suffix.empty() ? rest.size() : rest.find(shop.scan_suffix);
    std::string_view code = rest.substr(0, end);
    if (code.starts_with(shop.scan_prefix)) code.remove_prefix(shop.scan_prefix.size());
    scans_.push_back({&scan, std::string(code)});
    if (end >= rest.size()) break;
    rest.remove_prefix(end + shop.scan_suffix.size());
  }
}

// Scans that nothing came of, although the till lived on.
void TillAccount::expire(Instant now) {
  while (!scans_.empty() && now - scans_.front().entry->at > kAnswerWithin) {
    lost(scans_.front());
    scans_.pop_front();
  }
}

void TillAccount::lost(const Scan& scan) {
  ++account_.scans_;
  odd(Oddity::Kind::scan_lost, scan.entry->at, scan.entry->line,
      fmt::format("The scan of {} came to nothing at {}.", scan.code, name_),
      "a line in the cart, or a refusal", "neither");
}

// Scans are answered in their order: when a later one added its item, those before it are lost.
void TillAccount::lose_before(std::string_view item) {
  const auto adds = [&](const Scan& scan) {
    const auto label = account_.labels_.read(scan.code);
    return label && label->item->name == item;
  };
  if (std::none_of(scans_.begin(), scans_.end(), adds)) return;
  while (!adds(scans_.front())) {
    lost(scans_.front());
    scans_.pop_front();
  }
}

void TillAccount::asked(const OrderEntry& order) {
  expire(order.at);
  const bool way = Refusals(*this).in_the_way(order);
  under_way_.push_back({&order, carts_, online_, way});
  card_ = card_ || order.fields.text("kind").value_or("") == "card";
  cleaned_ = cleaned_ || order.what == "clean_up" || order.what == "full_resync";
  if (order.what == "tender" && order.fields.text("kind") == "card") cards_.taking(order);
}

void TillAccount::ended(const OrderEntry& order) {
  const auto at = std::find_if(under_way_.begin(), under_way_.end(),
                               [&](const Asked& asked) { return asked.order == &order; });
  const bool shown = at != under_way_.end() && at->carts != carts_;
  const Asked asked = at != under_way_.end() ? *at : Asked();
  if (at != under_way_.end()) under_way_.erase(at);
  if (order.outcome == OrderEntry::Outcome::done) {
    carry_out(order);
    const bool by_card = order.fields.text("kind") == "card";
    cart_owed_ = cart_owed_ || (!shown && changes_cart(order.what) && !by_card);
    demand_cart(order.what);
  }
  if (order.what == "refund" && order.outcome == OrderEntry::Outcome::refused)
    refund_refused(order);
  if (order.outcome == OrderEntry::Outcome::refused) {
    Refusals(*this).look_at(order, asked);
  }
  took(order);
  lose_reward(order);
  const bool makes = order.what == "complete" || order.what == "refund";
  if (makes && order.outcome == OrderEntry::Outcome::unknown && named_ != &order) {
    document(order, {}, false);
  }
  look_at_cart();
}

// A reward that cannot be redeemed any more is taken off when it is to be paid (OUT-14).
void TillAccount::lose_reward(const OrderEntry& order) {
  const bool pays = order.what == "tender" || order.what == "complete";
  const bool told = order.code == "needs_connection";
  if (!pays || !told || online_ || !cart_.has_reward()) return;
  cart_.drop_reward();
  redeemed_ = 0;
}

// What becomes of the business day.
void TillAccount::took(const OrderEntry& order) {
  const bool moves = order.what == "open_day" || order.what == "pay_in" || order.what == "pay_out";
  const bool closes = order.what == "close_day";
  if (!moves && !closes) return;
  if (order.outcome == OrderEntry::Outcome::done) {
    day_ = closes ? Day::closed : Day::open;
    if (!order.sale.empty()) epoch_ = order.sale.substr(0, order.sale.rfind('.'));
  } else if (order.outcome == OrderEntry::Outcome::unknown) {
    day_ = Day::unknown;
  }
}

void TillAccount::shown(const CashierEntry& entry) {
  if (entry.kind == CashierEntry::Kind::acknowledged) return acknowledged(entry);
  now_ = std::max(now_, entry.at);
  if (entry.kind == CashierEntry::Kind::refused) refused_ = entry.order;
  if (entry.kind == CashierEntry::Kind::counters) owes_ = entry.pending + entry.quarantined > 0;
  if (entry.kind == CashierEntry::Kind::pressed) {
    no_rewards_ = no_rewards_ || (entry.code == "loyalty_unavailable_start" &&
                                  entry.text == "Disable real time loyalty");
  }
  if (entry.kind == CashierEntry::Kind::connection) {
    const bool before = std::exchange(online_, entry.text == "online" || entry.text == "suspect");
    if (online_ && !before) online_since_ = entry.at;
    local_ = entry.text == "local";
    for (Asked& asked : under_way_) asked.online = asked.online && online_;
  }
  page_shown(entry);
  if (entry.kind == CashierEntry::Kind::pressed && entry.code == "card_unresolved") cart_is_gone();
  if (entry.code == "card") return card_shown(entry);
  if (entry.kind == CashierEntry::Kind::refused && entry.fact("scan")) return scan_refused(entry);
  if (entry.kind != CashierEntry::Kind::other) return;
  if (entry.code == "customer") customer_shown_ = entry.facts.text("id").value_or("");
  if (entry.code == "line_added") return line_added(entry);
  if (entry.code != "cart") return;
  cart_owed_ = false;
  ++carts_;
  cart_shown_ = &entry;
  look_at_cart();
}

void TillAccount::page_shown(const CashierEntry& entry) {
  if (entry.kind == CashierEntry::Kind::stage) selling_ = entry.text == "register";
  if (entry.kind == CashierEntry::Kind::prompt && entry.fact("modal").value_or(0) != 0) {
    modal_.insert(entry.code);
  }
  if (entry.kind == CashierEntry::Kind::other && entry.code == "prompt_closed") {
    modal_.erase(std::string(entry.facts.text("prompt").value_or("")));
  }
}

Label TillAccount::offered(Label label, const CashierEntry& shown) {
  const auto offers =
      goods_.offers(label.item->sku, {!label.item->later, label.item->price}, shown.at);
  const bool sold =
      std::any_of(offers.begin(), offers.end(), [](const Offer& o) { return o.sold; });
  if (!sold) {
    odd(Oddity::Kind::wrong_item, shown.at, shown.line,
        fmt::format("{} sold {}, which was removed from its goods.", name_, label.item->name),
        "a refusal", "a new line");
  }
  if (label.embedded || !sold) return label;
  std::optional<Label> newest;
  for (const Offer& offer : offers) {
    if (!offer.sold) continue;
    Label at_offer = label;
    at_offer.price = offer.price;
    if (!newest) newest = at_offer;
    RungUp cart = cart_;
    static_cast<void>(cart.add(at_offer));
    if (cart.bill().total == shown.amount) return at_offer;
  }
  return *newest;
}

void TillAccount::line_added(const CashierEntry& entry) {
  demand_cart("the line before");
  line_ = entry.line;
  rang_up_ = true;
  changed_at_ = entry.at;
  cart_shown_ = nullptr;
  cart_owed_ = true;
  const OrderEntry* const enter = under_way("enter");
  if (enter != nullptr && enter != entered_) {
    const std::string_view code = enter->fields.text("code").value_or("");
    const ShopItem* const item = account_.labels_.by_sku(code);
    const auto label = item != nullptr ? std::optional(Label{item, item->price, false})
                                       : account_.labels_.read(code);
    if (label && label->item->name == entry.text) {
      entered_ = enter;
      allowed(*enter, cart_.add(offered(*label, entry)));
      return total_shown(entry, enter->line);
    }
  }
  if (scans_.empty()) {
    odd(Oddity::Kind::line_unasked, entry.at, entry.line,
        fmt::format("{} added {} although nothing was scanned.", name_, entry.text), "no new line",
        entry.text);
    return;
  }
  lose_before(entry.text);
  const Scan scan = std::move(scans_.front());
  scans_.pop_front();
  ++account_.scans_;
  const auto label = account_.labels_.read(scan.code);
  if (!label || label->item->name != entry.text) {
    odd(Oddity::Kind::wrong_item, entry.at, scan.entry->line,
        fmt::format("The scan of {} added another item at {}.", scan.code, name_),
        label ? label->item->name : "a refusal: the shop sells nothing of that code", entry.text);
  }
  if (!label) return;
  const std::string why_not = cart_.add(offered(*label, entry));
  if (why_not.empty()) return total_shown(entry, scan.entry->line);
  odd(Oddity::Kind::cart, entry.at, scan.entry->line,
      fmt::format("{} added {} to a sale that nothing can be added to.", name_, entry.text),
      "a refusal: " + why_not, "a new line");
}

// Beside the new line stands what the sale comes to by now.
void TillAccount::total_shown(const CashierEntry& entry, int line) {
  const std::int64_t total = cart_.bill().total;
  if (entry.amount == total) return;
  const auto money = [&](std::int64_t amount) {
    return amount_text(amount, account_.tapes_.exponent);
  };
  odd(Oddity::Kind::cart, entry.at, line,
      fmt::format("{} shows a wrong total beside the new line, {}.", name_, entry.text),
      money(total), money(entry.amount));
}

// What was done, but had to be refused.
void TillAccount::allowed(const OrderEntry& order, const std::string& why_not) {
  if (why_not.empty()) return;
  odd(Oddity::Kind::cart, order.at, order.line,
      fmt::format("{} carried out {}, which it has to refuse.", name_, order.what),
      "a refusal: " + why_not, "done");
}

// A till shows its cart after each change, before it answers or goes on.
void TillAccount::demand_cart(std::string_view after) {
  if (!std::exchange(cart_owed_, false)) return;
  odd(Oddity::Kind::cart, changed_at_, line_,
      fmt::format("{} does not show what was rung up.", name_),
      fmt::format("the cart on the screen after {}", after), "none");
}

void TillAccount::scan_refused(const CashierEntry& entry) {
  if (scans_.empty()) return;  // noise on the line is refused too
  const Scan scan = std::move(scans_.front());
  scans_.pop_front();
  ++account_.scans_;
  const bool unknown =
      entry.code == "not_found" || entry.code == "bad_input" || entry.code == "unreadable";
  nothing_in_the_way(entry, scan);
  const auto label = account_.labels_.read(scan.code);
  if (!unknown || !label) return;
  const auto offers =
      goods_.offers(label->item->sku, {!label->item->later, label->price}, entry.at);
  if (std::any_of(offers.begin(), offers.end(), [](const Offer& o) { return !o.sold; })) return;
  odd(Oddity::Kind::refused_wrongly, entry.at, scan.entry->line,
      fmt::format("{} does not know {}, which the shop sells.", name_, scan.code),
      label->item->name, entry.text);
}

// A till that shows its sales page, waits for no answer and finishes nothing takes what is scanned.
void TillAccount::nothing_in_the_way(const CashierEntry& refused, const Scan& scan) {
  const auto label = account_.labels_.read(scan.code);
  const bool idle = selling_ && modal_.empty() && under_way_.empty() && scans_.empty();
  if (refused.code != "not_allowed" || !label || !idle || account_.disk_faulted_) return;
  RungUp cart = cart_;
  if (!cart.add(*label).empty()) return;
  odd(Oddity::Kind::refused_wrongly, refused.at, scan.entry->line,
      fmt::format("{} refuses {} although nothing stands in its way.", name_, label->item->name),
      "a new line in the cart", refused.text);
}

// What a till says of a card payment. The first word is that it stands in its store.
void TillAccount::card_shown(const CashierEntry& entry) {
  if (cards_.begins(entry)) {
    const Tapes& tapes = account_.tapes_;
    CardTry tried;
    tried.bill = cart_.bill();
    tried.asked = tried.bill.due();
    tried.bill.from_purse += tried.asked;
    tried.member = member_;
    tried.redeemed = redeemed_;
    tried.points = points_of_sale(tried.bill.total - tried.bill.loaded, tapes.exponent,
                                  tapes.shop.points_per_unit);
    if (member_.empty()) tried.points = 0;
    if (entry.amount != tried.asked) {
      odd(Oddity::Kind::cash, entry.at, entry.line,
          fmt::format("{} asks the card for a wrong amount.", name_),
          amount_text(tried.asked, tapes.exponent), amount_text(entry.amount, tapes.exponent));
    }
    cards_.begin(std::move(tried), entry);
  }
  if (cards_.shown(entry)) cart_is_gone();
}

// The next sale begins.
void TillAccount::cart_is_gone() {
  cart_.clear();
  member_.clear();
  redeemed_ = 0;
  cards_.cart_is_gone();
}

// True: it is a sale that was paid by card, and nobody else asked for it.
bool TillAccount::card_paid(const CashierEntry& entry) {
  CardTry* const paid = cards_.paid_by(entry);
  if (paid == nullptr) return false;
  if (cards_.in_hand(*paid)) cart_is_gone();
  rang_up_ = true;
  account_.finish(due_of(*paid, entry.sale, entry.order));
  return true;
}

void TillAccount::acknowledged(const CashierEntry& entry) {
  if (under_way("complete") == nullptr && card_paid(entry)) return;
  for (const auto& [order, carts, online, way] : under_way_) {
    if ((order->what != "complete" && order->what != "refund") || order == named_) continue;
    return document(*order, entry.sale, true);
  }
}

// What is left of a sale is given back to whoever brings it.
void TillAccount::refund_refused(const OrderEntry& order) {
  if (order.why.find("given back already") == std::string::npos) return;
  const std::string of(order.fields.text("sale").value_or(""));
  const Due* const sale = account_.find(of);
  if (sale == nullptr || !sale->sure || account_.refund_in_doubt(of)) return;
  const std::string why_not =
      why_not_refund(sale->bill, account_.given_back(of, knowing(order)), brought_back(order));
  if (!why_not.empty()) return;
  odd(Oddity::Kind::refund_refused, order.at, order.line,
      fmt::format("{} does not give back what is left of {}.", name_, of), "a refund", order.why);
}

void TillAccount::document(const OrderEntry& order, std::string_view id, bool sure) {
  named_ = &order;
  if (sure) day_ = Day::open;
  if (!sure && day_ == Day::closed) day_ = Day::unknown;
  if (sure && !id.empty()) epoch_ = id.substr(0, id.rfind('.'));
  Due due;
  due.id = id;
  due.till = name_;
  due.order = &order;
  due.sure = sure;
  if (order.what == "refund" && sure && !cart_.empty()) allowed(order, "a sale is in hand");
  if (order.what == "complete") {
    cards_.touched(order);
    if (sure) allowed(order, cart_.why_not_finish());
    due.bill = cart_.bill();
    due.member = std::exchange(member_, {});
    const Tapes& tapes = account_.tapes_;
    due.points = points_of_sale(due.bill.total - due.bill.loaded, tapes.exponent,
                                tapes.shop.points_per_unit);
    if (due.member.empty()) due.points = 0;
    due.redeemed = std::exchange(redeemed_, 0);
    cart_.clear();
    cards_.cart_is_gone();
    rang_up_ = true;
    account_.finish(std::move(due));
    return;
  }
  due.refund = true;
  due.of = std::string(order.fields.text("sale").value_or(""));
  const Due* const sale = account_.find(due.of);
  if (sale == nullptr) return;  // nobody knows what was sold
  std::vector<BroughtBack> goods = brought_back(order);
  const Account::Knowing who = knowing(order);
  const std::vector<std::int64_t> before = account_.given_back(due.of, who);
  due.blind = before != account_.given_back(due.of, {name_, Instant::never()});
  if (sure) allowed(order, why_not_refund(sale->bill, before, goods));
  due.bill = bill_of_refund(sale->bill, before, std::move(goods), account_.tapes_.shop);
  due.member = sale->member;
  due.points = points_of_refund(sale->points, sale->bill,
                                gone_before(sale->bill, before, account_.tapes_.shop), due.bill);
  account_.finish(std::move(due));
}

// A till that is online asks the cloud before it gives money back; one that is not, or gets no
// answer, sells on with what it knows itself.
Account::Knowing TillAccount::knowing(const OrderEntry& order) const {
  const std::string question =
      "/v1/receipts/" + std::string(order.fields.text("sale").value_or(""));
  const WireEntry* const wire = asked_of_sale_;
  const bool asked = wire != nullptr && wire->sent >= order.at &&
                     std::string_view(wire->target).substr(0, wire->target.find('?')) == question;
  if (asked && wire->from_cloud && wire->status == 200) return {name_, wire->reached_cloud};
  if (asked) return {name_, std::nullopt};
  const auto at = std::find_if(under_way_.begin(), under_way_.end(),
                               [&](const Asked& each) { return each.order == &order; });
  const bool online = online_ && (at == under_way_.end() || at->online);
  return {name_, online ? std::optional(Instant::never()) : std::nullopt};
}

void TillAccount::carry_out(const OrderEntry& order) {
  line_ = order.line;
  const bool makes = order.what == "complete" || order.what == "refund";
  if (named_ != &order && changes_cart(order.what)) cards_.touched(order);
  if (order.what == "rehearse") rehearsing_ = order.fields.number("on").value_or(0) != 0;
  if (rehearsing_ && order.what == "complete" && named_ != &order) return rehearsed(order);
  if (makes && named_ != &order) document(order, order.sale, true);
  if (!makes) allowed(order, change_cart(order));
  if (order.what == "customer") demand_customer(order);
}

// Whose sale it is stands on the screen before the till answers.
void TillAccount::demand_customer(const OrderEntry& order) {
  if (member_.empty() || customer_shown_.empty() || customer_shown_ == member_) return;
  odd(Oddity::Kind::cart, order.at, order.line,
      fmt::format("{} does not show whose sale it is.", name_), member_, customer_shown_);
}

// A sale of a rehearsal is none; whether it left a trace is another question (INV-53).
void TillAccount::rehearsed(const OrderEntry& order) {
  allowed(order, cart_.why_not_finish());
  cart_.clear();
  member_.clear();
}

// Gives why it had to be refused.
std::string TillAccount::change_cart(const OrderEntry& order) {
  const auto number = [&](std::string_view field) {
    return order.fields.number(field).value_or(0);
  };
  const auto line = static_cast<std::size_t>(number("line"));
  const std::string_view what = order.what;
  if (what == "quantity") return cart_.quantity(line, number("quantity"));
  if (what == "void_line") return cart_.drop(line);
  if (what == "discount") return cart_.off(line, {number("rate"), number("amount")});
  std::string of(order.fields.text("of").value_or(""));
  if (of.empty()) of = member_;
  if (what == "tender" && order.fields.text("kind") == "card") {
    cards_.taking(order);  // the cart is as it was until the card has paid
    return cart_.empty() ? "there is nothing to pay" : "";
  }
  if (what == "tender") {
    const std::string_view ledger = ledger_of_tender(order.fields.text("kind").value_or(""));
    return ledger.empty() ? cart_.pay(number("amount"))
                          : cart_.pay_from(ledger, of, number("amount"));
  }
  if (what == "load") {
    const std::string ledger(order.fields.text("purse").value_or(""));
    rang_up_ = true;
    return cart_.load(account_.purse_item(ledger, of), number("amount"));
  }
  if (what == "cancel") cart_is_gone();
  if (what == "park") {
    const bool empty = cart_.empty();
    account_.waiting_.insert_or_assign(order.open_order, Account::Waiting{cart_, member_, name_});
    cart_is_gone();
    return empty ? "there is nothing in the cart" : "";
  }
  if (what == "resume") {
    const bool empty = cart_.empty();
    const Account::Waiting* const waiting = account_.waiting(order.open_order);
    if (waiting == nullptr) return "no order of that id was ever parked";
    cart_ = waiting->cart;
    member_ = waiting->member;
    rang_up_ = true;
    return empty ? "" : "a sale is in hand";
  }
  if (what == "reward") {
    const std::int64_t times = order.fields.number("times").value_or(1);
    redeemed_ = times * account_.tapes_.shop.reward_points;
    const std::string why = cart_.reward(times * account_.tapes_.shop.reward_amount);
    return member_.empty() ? "the sale is nobody's" : why;
  }
  if (what == "customer") {
    const std::string called = customer_called(account_.tapes_.shop, order);
    const bool others = cart_.has_reward() && !member_.empty() && called != member_;
    member_ = called;
    if (others) return "the sale has a reward of another customer";
  }
  return {};
}

// Only when nothing is under way: what was shown then is all that there is.
void TillAccount::look_at_cart() {
  if (cart_shown_ == nullptr || !under_way_.empty() || !scans_.empty()) return;
  const CashierEntry& shown = *std::exchange(cart_shown_, nullptr);
  const Tapes& tapes = account_.tapes_;
  const Bill bill = cart_.bill();
  ++account_.carts_;
  const auto lines = shown.facts.text("lines");
  const std::string expected = cart_text(bill, tapes.exponent);
  const auto money = [&](std::int64_t amount) { return amount_text(amount, tapes.exponent); };
  const int line = shown.line != 0 ? shown.line : line_;
  if (lines && *lines != expected) {
    auto [right, wrong] = first_difference(expected, *lines);
    odd(Oddity::Kind::cart, shown.at, line,
        fmt::format("The cart on the screen of {} is not what was rung up.", name_),
        std::move(right), std::move(wrong));
    return;
  }
  if (const auto total = shown.fact("total"); total && *total != bill.total) {
    odd(Oddity::Kind::cart, shown.at, line,
        fmt::format("The total on the screen of {} is not that of what was rung up.", name_),
        money(bill.total), money(*total));
    return;
  }
  if (const auto tax = shown.fact("tax"); tax && *tax != bill.tax) {
    odd(Oddity::Kind::tax, shown.at, line,
        fmt::format("The tax on the screen of {} is wrong.", name_), money(bill.tax), money(*tax));
    return;
  }
  if (const auto due = shown.fact("due"); due && *due != bill.due()) {
    odd(Oddity::Kind::cash, shown.at, line,
        fmt::format("{} asks for a wrong amount of cash.", name_), money(bill.due()), money(*due));
    return;
  }
  if (shown.change != bill.change) {
    odd(Oddity::Kind::cash, shown.at, line,
        fmt::format("{} gives back a wrong amount of cash.", name_), money(bill.change),
        money(shown.change));
  }
}

void TillAccount::changed(Instant now, std::uint64_t at) {
  goods_.changed(now);
  began_ = at;
  no_rewards_ = local_ = false;
  owes_ = true;
  if (account_.disk_faulted_) day_ = Day::unknown;
  rehearsing_ = false;
  for (const auto& [order, carts, online, way] : std::vector(under_way_)) {
    const bool makes = order->what == "complete" || order->what == "refund";
    if (makes && order != named_) document(*order, {}, false);
    if (order->what == "park") account_.unnamed_.push_back({cart_, member_, name_});
  }
  cart_is_gone();
  cards_.changed();
  online_ = false;
  scans_.clear();
  cart_shown_ = nullptr;
  customer_shown_.clear();
  cart_owed_ = false;
  selling_ = false;
  modal_.clear();
}

void TillAccount::over(Instant end) {
  expire(end);
  // A sale that its till died over before it could say so.
  while (CardTry* const tried = cards_.untold()) {
    account_.finish(due_of(*tried, {}, 0));
    const std::string& found = account_.dues_.back().id;
    tried->sale = found.empty() ? "nobody knows" : found;
  }
}

}  // namespace tillrig::oracle
