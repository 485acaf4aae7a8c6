#include "pos/till/park_desk.hpp"

#include "pos/base/spawn.hpp"
#include "pos/till/parked_cart.hpp"
#include "pos/wire/attempt.hpp"

#include <algorithm>
#include <utility>

namespace tillrig::till {

using base::Code;
using base::fail;
using base::Failure;
using lan::OpenOrder;
using lan::OrderState;

namespace {

const base::Mutant kSoldComesBack{"lan_sold_order_comes_back", "INV-40",
                                  "a tab that is open again after a restart",
                                  "an order that was in hand when the app ended lies there again, "
                                  "although its sale was made"};

const base::Mutant kInMemory{"lan_parked_in_memory", "INV-40",
                             "held tickets that a restart forgets", "a parked sale is not stored"};

constexpr std::string_view kOrdersNote = "open_orders";
constexpr std::string_view kInHandNote = "order_in_hand";  // "id newest-event"
constexpr base::Duration kOtherTill = std::chrono::seconds(3);

}  // namespace

ParkDesk::ParkDesk(const Parts& parts, Cart& cart, Patron& patron)
    : parts_(parts), cart_(cart), patron_(patron), came_(parts.ports.make_alarm()) {}

void ParkDesk::open(std::function<void(const lan::News&)> also) {
  also_ = std::move(also);
  const Config& config = parts_.config;
  lan::Board board(config.name, config.mutants);
  if (const auto noted = parts_.store.noted(kOrdersNote)) {
    if (auto read = board.read(*noted); !read) parts_.refuse(read.error());
  }
  lan::Lan::Listener listener;
  listener.news = [this](const lan::News& news) { heard(news); };
  listener.newest = [this] {
    const base::EventId newest = parts_.store.newest();
    return newest.seq == 0 ? std::string() : newest.text();
  };
  lan_ = std::make_unique<lan::Lan>(
      parts_.ports, config.lan, config.name, config.mutants, std::move(board),
      [this](const lan::Board& now) {
        if (kInMemory.on(parts_.config.mutants)) return Result<void>();
        const std::string text = now.all().empty() ? std::string() : now.text();
        return parts_.store.keep_note(kOrdersNote, text);
      },
      std::move(listener));
  tidy();
  lan_->start();
}

void ParkDesk::stop() {
  stopped_ = true;
  came_->ring();
  if (lan_) lan_->stop();
}

void ParkDesk::heard(const lan::News& news) {
  if (stopped_) return;
  if (const auto* const refused = std::get_if<lan::Refused>(&news)) {
    if (refused->order == wanted_) refused_ = refused->why;
  }
  if (std::holds_alternative<lan::OrdersChanged>(news)) tidy();
  show();
  if (also_) also_(news);
  came_->ring();
}

void ParkDesk::note(std::string_view mark, const std::string& id) {
  parts_.ports.recorder.note({.mark = mark}, {{"order", std::string_view(id)}});
}

// Again only when it is another one.
void ParkDesk::show() {
  LanShown shown;
  const lan::Election& election = member().election();
  shown.hub = election.hub();
  shown.hub_epoch = election.epoch();
  shown.there = election.peers().size();
  shown.open = board().open().size();
  if (shown == last_shown_) return;
  last_shown_ = shown;
  parts_.screen.show(shown);
}

// Of the orders that are this till's: what was in hand in an earlier run is over, or waits again.
// One that others knew of and this store did not, because it was lost, may have been sold here.
void ParkDesk::tidy() {
  for (const OpenOrder& order : board().open()) {
    const bool here = order.holder == parts_.config.name;
    if (!here || order.id == in_hand_ || order.id == wanted_) continue;
    if (order.state == OrderState::parked && mine_.contains(order.id)) continue;
    const std::int64_t now = parts_.ports.clock.wall().ms;
    const bool sold = !kSoldComesBack.on(parts_.config.mutants) && sold_already(order.id);
    Result<void> done;
    if (sold) {
      done = member().close(order.id, OrderState::sold, now);
    } else if (order.state == OrderState::in_hand) {
      done = member().park(order, false);
    }
    if (done) mine_.insert(order.id);
  }
}

// Its sale is made, or a card may be charged for it.
bool ParkDesk::sold_already(const std::string& id) const {
  base::EventId from;
  if (const auto noted = parts_.store.noted(kInHandNote); noted && noted->starts_with(id + " ")) {
    const auto known = base::parse_event_id(std::string_view(*noted).substr(id.size() + 1));
    if (known) from = *known;
  }
  const auto made = parts_.store.made_after(from);
  if (!made) return false;
  std::map<std::string, bool> attempts;
  for (const wire::Event& event : *made) {
    if (event.kind == wire::EventKind::sale && event.tail.get(wire::kOrder) == id) return true;
    const auto* const kept = std::get_if<wire::CardAttempt>(&event.body);
    if (kept == nullptr) continue;
    const wire::AttemptState state = kept->attempt.state;
    const bool stands = wire::is_unresolved(state) || state == wire::AttemptState::approved;
    if (kept->sale_tail.find("\"" + id + "\"") != std::string::npos) {
      attempts[kept->attempt.id] = stands;
    } else if (const auto at = attempts.find(kept->attempt.id); at != attempts.end()) {
      at->second = stands;
    }
  }
  return std::any_of(attempts.begin(), attempts.end(),
                     [](const auto& each) { return each.second; });
}

Result<std::string> ParkDesk::park(std::string label) {
  if (cart_.empty()) return fail(Code::not_allowed, "there is nothing to park: scan an item first");
  auto parked = cart_.parked();
  if (!parked) return Failure(parked.error());
  if (const auto customer = patron_.shown()) parked->customer = customer->id;
  OpenOrder order;
  const bool is_new = in_hand_.empty();
  const OpenOrder* const known = is_new ? nullptr : board().find(in_hand_);
  if (known != nullptr) {
    order = *known;
  } else {
    order.id = fmt::format("{}-{:08x}", parts_.config.name,
                           parts_.ports.entropy.draw("open_order") & 0xffffffffU);
    order.since_ms = parts_.ports.clock.wall().ms;
  }
  if (!label.empty()) order.label = std::move(label);
  order.total = cart_.total();
  order.cart = write_parked(*parked);
  std::string id = order.id;
  if (auto done = member().park(std::move(order), is_new); !done) return Failure(done.error());
  in_hand_.clear();
  mine_.insert(id);
  note("order.parked", id);
  cart_.clear();
  patron_.forget();
  lan_->kick();
  show();
  return id;
}

Result<std::string> ParkDesk::find(std::string_view which) const {
  if (const OpenOrder* const known = board().find(which)) {
    if (lan::is_open(known->state)) return known->id;
    return fail(Code::not_found, "the order {} is {} already", known->id, name(known->state));
  }
  std::string found;
  for (const OpenOrder& order : board().open()) {
    if (order.label != which || which.empty()) continue;
    if (!found.empty()) {
      return fail(Code::not_found, "more than one order is called \"{}\": take its number", which);
    }
    found = order.id;
  }
  if (!found.empty()) return found;
  return fail(Code::not_found, "no order \"{}\" waits", which.substr(0, lan::kLabelBytes));
}

base::Awaitable<Result<std::string>> ParkDesk::resume(std::string which) {
  const auto known = find(which);
  if (!known) co_return Failure(known.error());
  const std::string id = *known;
  const bool elsewhere = board().find(id)->holder != parts_.config.name;
  if (elsewhere) {
    if (auto asked = member().ask_for(id); !asked) co_return Failure(asked.error());
    wanted_ = id;
    refused_.reset();
    lan_->kick();
    const base::Instant give_up = parts_.ports.clock.now() + kOtherTill;
    while (!stopped_ && !refused_ && board().find(id)->holder != parts_.config.name &&
           parts_.ports.clock.now() < give_up) {
      co_await came_->sleep_until(give_up);
    }
    wanted_.clear();
    if (stopped_) co_return fail(Code::cancelled, "the till is closed");
    if (refused_) co_return fail(Code::not_allowed, "the order {}: {}", id, *refused_);
    const OpenOrder* const now = board().find(id);
    if (now == nullptr || now->holder != parts_.config.name) {
      co_return fail(Code::timeout, "the order {} has not come over the LAN: try again", id);
    }
  }
  const std::string since = fmt::format("{} {}", id, parts_.store.newest().text());
  if (auto noted = parts_.store.keep_note(kInHandNote, since); !noted) {
    co_return Failure(noted.error());
  }
  if (auto taken = member().pick_up(id); !taken) co_return Failure(taken.error());
  in_hand_ = id;
  mine_.insert(id);
  note("order.resumed", id);
  lan_->kick();
  const OpenOrder order = *board().find(id);
  if (auto filled = fill_cart(order); !filled) {
    in_hand_.clear();
    static_cast<void>(member().park(order, false));
    co_return Failure(filled.error());
  }
  co_return id;
}

Result<void> ParkDesk::fill_cart(const OpenOrder& order) {
  auto parked = read_parked(order.cart);
  if (!parked) return base::within("the order " + order.id, parked.error());
  if (auto taken = cart_.take_parked(*parked); !taken) return taken;
  cart_.tail().set(wire::kOrder, order.id);
  if (!parked->customer.empty()) patron_.put(parked->customer);
  return {};
}

Result<void> ParkDesk::may_finish() const {
  if (in_hand_.empty()) return {};
  const OpenOrder* const known = board().find(in_hand_);
  const bool ours = known != nullptr && known->holder == parts_.config.name &&
                    known->state == OrderState::in_hand;
  if (ours) return {};
  return fail(Code::not_allowed,
              "the order {} went on at {} while this till did not know: cancel it here", in_hand_,
              known == nullptr ? "another till" : known->holder);
}

void ParkDesk::look() {
  // A database that was made anew has not what was noted in the one before: it is noted again.
  const bool kept = kInMemory.on(parts_.config.mutants) || parts_.store.noted(kOrdersNote);
  if (!board().all().empty() && !kept) {
    static_cast<void>(parts_.store.keep_note(kOrdersNote, board().text()));
  }
  if (in_hand_.empty()) return;
  if (cart_.tail().get(wire::kOrder) == in_hand_) return;
  const std::string id = std::exchange(in_hand_, {});
  const OrderState how =
      std::exchange(cancelled_, false) ? OrderState::cancelled : OrderState::sold;
  note("order.closed", id);
  // At worst the next start closes it: its sale is in the store.
  static_cast<void>(member().close(id, how, parts_.ports.clock.wall().ms));
  lan_->kick();
  show();
}

std::string ParkDesk::where(const base::EventId& event) {
  if (parts_.store.sync_state(event) == store::SyncState::acked) return "oms";
  const auto& noted = member().noted();
  return noted && event <= *noted ? "lan" : "local";
}

OrdersShown ParkDesk::shown() {
  OrdersShown shown;
  for (const OpenOrder& order : board().open()) {
    OrderRow& row = shown.open.emplace_back();
    row.order = order.id;
    row.label = order.label;
    row.total = order.total;
    row.state = order.state;
    row.till = order.holder;
    row.since_ms = order.since_ms;
    const bool elsewhere = order.holder != parts_.config.name;
    row.at = elsewhere || member().shared(order) ? "lan" : "local";
  }
  const lan::Election& election = member().election();
  shown.hub = election.hub();
  shown.hub_epoch = election.epoch();
  shown.there = election.peers();
  return shown;
}

}  // namespace tillrig::till
