#include "pos/till/purse_desk.hpp"

#include "pos/base/spawn.hpp"
#include "pos/store/store.hpp"
#include "pos/sync/service.hpp"

#include <algorithm>
#include <utility>

namespace tillrig::till {

using base::Code;
using base::fail;
using base::Failure;

namespace {

const base::Mutant kSoldOffline{"gift_sold_offline", "INV-33", "domain 1.2, OUT-25",
                                "a gift card is sold without a connection, and activated later"};
const base::Mutant kPaidOffline{"gift_redeemed_offline", "INV-33", "domain 1.2, OUT-26",
                                "a gift card is taken without asking when there is no connection"};
const base::Mutant kEveryShop{"gift_in_every_shop", "INV-12", "domain 1.2, OUT-02",
                              "gift cards are sold and taken in a shop that has none"};
const base::Mutant kAccountOffline{"account_offline", "INV-33", "domain 1.2, OUT-27 and OUT-28",
                                   "what is on account is taken and paid off without a connection"};
const base::Mutant kPolicyIgnored{"credit_policy_ignored", "INV-33", "domain 1.4, SM-24",
                                  "store credit is changed without a connection whatever the shop "
                                  "says"};
const base::Mutant kNeedsRestart{"controls_need_restart", "INV-33", "domain 1.2, OUT-29",
                                 "what was refused without a connection stays so until the app is "
                                 "opened again"};
const base::Mutant kUnkept{"gift_hold_unkept", "INV-12", "domain 1.2, OUT-26",
                           "a sale is completed on a hold that may end before the sale is sent"};

const base::Mutant kVoidedSold{"voided_card_sold", "INV-01", "a fault planted by a reviewer",
                               "a card that is taken off a sale is sold by it all the same"};
const base::Mutant kOnSaleTwice{"card_on_sale_twice", "INV-41", "a fault planted by a reviewer",
                                "the same card pays twice in a sale"};
const base::Mutant kSecondUnkept{"second_card_unkept", "INV-12", "a fault planted by a reviewer",
                                 "of the cards on a sale only the first is kept for it"};

}  // namespace

bool PurseDesk::online() const {
  const bool is = service_.online();
  lost_ = lost_ || !is;
  return is && !(lost_ && kNeedsRestart.on(config_.mutants));
}

std::string PurseDesk::what(const wire::PurseKey& of) const {
  const wire::Purse* const purse = wire::purse_of(of.ledger);
  return fmt::format("the {} {}", purse != nullptr ? purse->tender : "purse", of.key);
}

// The article's words (S2).
base::Error PurseDesk::needs_line(std::string_view why) const {
  return {Code::needs_connection,
          fmt::format("gift cards and on account tenders or payments require real time "
                      "connectivity: wait until the connection is back ({})",
                      why)};
}

Result<wire::PurseKey> PurseDesk::named(std::string_view purse, std::string_view of) const {
  const wire::Purse* const known = wire::purse_of(purse);
  const bool here =
      known != nullptr && (config_.purses.has(*known) || kEveryShop.on(config_.mutants));
  if (!here) {
    return fail(Code::not_found, "this shop has no \"{}\" that money could be kept in", purse);
  }
  std::string whose(of);
  const bool customers = purse != wire::kGift.ledger;
  if (customers && whose.empty()) {
    const auto selected = patron_.shown();
    if (!selected) {
      return fail(Code::not_allowed, "the {} is a customer's: select the customer first",
                  known->tender);
    }
    whose = selected->id;
  }
  if (customers && patron_.customers().by_id(whose) == nullptr) {
    return fail(Code::not_found, "no customer has the id \"{}\"", whose.substr(0, 64));
  }
  auto key = wire::read_purse_key(fmt::format("{}:{}", purse, whose));
  if (!key) {
    return fail(Code::bad_input,
                "\"{}\" cannot be the number of a {}; expected 1 to {} of A-Z, a-z, 0-9, - and _",
                of.substr(0, 64), known->tender, wire::kCustomerId);
  }
  return *std::move(key);
}

// One move of each purse in a sale, and all of them go into one entry of its tail.
Result<void> PurseDesk::check_new(const wire::Move& move) const {
  if (asking_ > 0) return fail(Code::not_allowed, "the cloud is being asked: wait for its answer");
  const bool twice = std::any_of(moves_.begin(), moves_.end(),
                                 [&](const wire::Move& each) { return each.of == move.of; });
  if (twice && !kOnSaleTwice.on(config_.mutants))
    return fail(Code::not_allowed, "{} is on this sale already", what(move.of));
  std::vector<wire::Move> all = moves_;
  all.push_back(move);
  if (wire::write_moves(all).size() > wire::kTailBytes) {
    return fail(Code::too_large, "there are too many cards on this sale: take {} in another one",
                what(move.of));
  }
  return {};
}

// Store credit is posted without asking when nobody can be asked, unless the shop refuses that.
bool PurseDesk::posts_offline(const wire::Move& move) const {
  const bool refuses = config_.purses.credit_offline == pay::CreditOffline::refuse;
  return move.of.ledger == wire::kCredit.ledger && (!refuses || kPolicyIgnored.on(config_.mutants));
}

Result<bool> PurseDesk::has_to_ask(const wire::Move& move) {
  const bool blind =
      !online() &&
      (move.of.ledger == wire::kGift.ledger
           ? (move.amount > 0 ? kSoldOffline : kPaidOffline).on(config_.mutants)
           : move.of.ledger == wire::kAccount.ledger && kAccountOffline.on(config_.mutants));
  if (blind) return false;
  const bool unlimited =
      move.of.ledger == wire::kAccount.ledger && move.amount < 0 && config_.purses.account_no_limit;
  if (unlimited) return false;
  if (online()) return true;
  if (!posts_offline(move)) {
    return Failure(needs_line(fmt::format("the till is {}", name(service_.link()))));
  }
  if (config_.purses.credit_offline == pay::CreditOffline::warn) {
    prompts_.open(kCreditOffline,
                  fmt::format("The store credit of {} cannot be looked up now: another till may "
                              "have used it. What is done here is sent later.",
                              move.of.key));
  }
  return false;
}

// What the cloud has to say before a move stands in the cart; its hold is left empty where none is
// needed.
base::Awaitable<Result<void>> PurseDesk::prepare(wire::Move& move) {
  const auto asks = has_to_ask(move);
  if (!asks) co_return Failure(asks.error());
  if (!*asks) co_return Result<void>{};
  const bool card = move.of.ledger == wire::kGift.ledger;
  if (move.amount > 0 && !card) {  // money that comes in needs a word, and no hold
    if (move.of.ledger == wire::kCredit.ledger) co_return Result<void>{};
    ++asking_;
    auto asking = ask_cloud(move.of);
    const Result<wire::InPurse> told = co_await std::move(asking);
    --asking_;
    if (!told) co_return Failure(told.error());
    co_return Result<void>{};
  }
  move.hold = fmt::format("{}-{:016x}", config_.name, ports_.entropy.draw("pay.hold"));
  const wire::Move asked = move;
  auto holding = hold(asked, move.amount > 0 ? wire::kNewCard : std::string_view(asked.of.ledger));
  co_return co_await std::move(holding);
}

base::Awaitable<Result<void>> PurseDesk::load(LoadPurse load) {
  auto of = named(load.purse, load.of);
  if (!of) co_return Failure(of.error());
  wire::Move move{*std::move(of), load.amount.minor, {}};
  if (auto fine = cart_.check_load(load.amount); !fine) co_return fine;
  if (auto fine = check_new(move); !fine) co_return fine;
  auto preparing = prepare(move);
  const Result<void> held = co_await std::move(preparing);
  if (!held) {
    if (held.error().code != Code::not_allowed) co_return held;
    co_return fail(Code::not_allowed, "{} was sold already, or is being sold", what(move.of));
  }
  const wire::Purse* const purse = wire::purse_of(move.of.ledger);
  auto added =
      cart_.load(move.of.text(), fmt::format("{} {}", purse->line, move.of.key), load.amount);
  if (!added) {
    release(move.hold);
    co_return added;
  }
  add(std::move(move));
  co_return Result<void>{};
}

base::Awaitable<Result<void>> PurseDesk::pay(Tender tender) {
  const wire::Purse* const purse = wire::purse_of_tender(tender.kind);
  auto of = named(purse->ledger, tender.of);
  if (!of) co_return Failure(of.error());
  wire::Move move{*std::move(of), -tender.amount.minor, {}};
  if (auto fine = cart_.check_tender(tender.amount); !fine) co_return fine;
  if (auto fine = check_new(move); !fine) co_return fine;
  auto preparing = prepare(move);
  const Result<void> held = co_await std::move(preparing);
  if (!held) {
    if (held.error().code != Code::not_allowed) co_return held;
    const auto currency =
        base::find_currency(config_.currency).value_or(base::Currency{config_.currency, 2});
    co_return fail(Code::not_allowed, "there is not so much on {}: {} was asked for", what(move.of),
                   base::format_money(tender.amount, currency));
  }
  if (auto paid = cart_.tender_purse(tender.kind, tender.amount); !paid) {
    release(move.hold);
    co_return paid;
  }
  add(std::move(move));
  co_return Result<void>{};
}

base::Awaitable<Result<void>> PurseDesk::hold(wire::Move move, std::string_view ledger) {
  ++asking_;
  wire::Hold asked{move.hold, std::string(ledger), move.of.key, std::abs(move.amount)};
  const base::Instant deadline = ports_.clock.now() + config_.loyalty.patience;
  auto holding = service_.desk().hold(std::move(asked), deadline);
  const Result<wire::Held> given = co_await std::move(holding);
  --asking_;
  if (stopped_) co_return fail(Code::cancelled, "the till is closed");
  if (given) {
    ports_.recorder.note({.mark = "purse.held"}, {{"of", std::string_view(move.of.key)}});
    co_return Result<void>{};
  }
  if (given.error().code != Code::needs_connection) co_return Failure(given.error());
  release(move.hold);  // it may have been given
  co_return Failure(needs_line(given.error().what));
}

base::Awaitable<Result<PurseShown>> PurseDesk::ask(AskPurse ask) {
  auto of = named(ask.purse, ask.of);
  if (!of) co_return Failure(of.error());
  PurseShown shown;
  shown.purse = of->ledger;
  shown.of = of->key;
  wire::PurseKey whose = *std::move(of);
  const auto as_of = known(whose);
  auto asking = ask_cloud(std::move(whose));
  const Result<wire::InPurse> told = co_await std::move(asking);
  if (!told && told.error().code == Code::needs_connection && as_of) co_return *as_of;
  if (!told) co_return Failure(told.error());
  shown.balance = told->balance;
  shown.limit = told->limit;
  co_return shown;
}

base::Awaitable<Result<wire::InPurse>> PurseDesk::ask_cloud(wire::PurseKey of) {
  if (!online()) {
    co_return Failure(needs_line(fmt::format("the till is {}", name(service_.link()))));
  }
  const base::Instant deadline = ports_.clock.now() + config_.loyalty.patience;
  auto asking = service_.desk().purse(std::move(of), deadline);
  Result<wire::InPurse> told = co_await std::move(asking);
  if (stopped_) co_return fail(Code::cancelled, "the till is closed");
  if (!told && told.error().code == Code::needs_connection) {
    co_return Failure(needs_line(told.error().what));
  }
  co_return told;
}

Result<void> PurseDesk::check_tender() const {
  const bool blind = kSoldOffline.on(config_.mutants) || kAccountOffline.on(config_.mutants);
  if (online() || blind) return {};
  const bool loads = std::any_of(moves_.begin(), moves_.end(), [this](const wire::Move& move) {
    return move.amount > 0 && !posts_offline(move);
  });
  if (!loads) return {};
  return Failure(needs_line("take the card off the sale, or wait"));
}

bool PurseDesk::has_to_keep() const {
  return !moves_.empty() && cart_.due() == Money{} && !kUnkept.on(config_.mutants);
}

base::Awaitable<Result<void>> PurseDesk::keep() {
  const base::EventId next = store_.next_id();
  for (std::size_t i = 0; i < moves_.size(); ++i) {
    const wire::Move move = moves_[i];
    if (move.hold.empty()) continue;
    ++asking_;
    std::string id = move.hold;
    const wire::KeepFor place{next.epoch, next.seq};
    const base::Instant deadline = ports_.clock.now() + config_.loyalty.patience;
    auto keeping = service_.desk().keep(std::move(id), place, deadline);
    const Result<wire::Held> kept = co_await std::move(keeping);
    --asking_;
    if (stopped_) co_return fail(Code::cancelled, "the till is closed");
    if (kept) {
      ports_.recorder.note({.mark = "purse.kept"}, {{"of", std::string_view(move.of.key)}});
      if (kSecondUnkept.on(config_.mutants)) break;
      continue;
    }
    if (kept.error().code == Code::needs_connection && posts_offline(move)) {
      moves_[i].hold.clear();  // it is posted without one
      say_moves();
      release(move.hold);
      continue;
    }
    if (kept.error().code == Code::needs_connection) {
      co_return Failure(needs_line(kept.error().what));
    }
    co_return fail(Code::not_allowed, "{} cannot be used any more ({}): cancel the sale",
                   what(move.of), kept.error().what);
  }
  co_return Result<void>{};
}

void PurseDesk::add(wire::Move move) {
  moves_.push_back(std::move(move));
  say_moves();
}

// Lines first, then tenders, each in their order in the cart: the cloud compares them.
void PurseDesk::say_moves() {
  cart_.tail().drop(wire::kMoves.tag);
  if (!moves_.empty() && config_.mutants.has("balance_lww")) {
    const auto seen = balances_.of(moves_.back().of);
    cart_.tail().set(wire::kReason, std::to_string(seen ? seen->balance.minor : 0));
  }
  if (!moves_.empty()) cart_.tail().set(wire::kMoves, wire::write_moves(moves_));
}

void PurseDesk::lines_changed() {
  const auto gone = [&](const wire::Move& move) {
    const auto& lines = cart_.lines();
    return move.amount > 0 && std::none_of(lines.begin(), lines.end(), [&](const wire::Line& line) {
             return line.sku == move.of.text();
           });
  };
  for (const wire::Move& move : moves_) {
    if (gone(move)) release(move.hold);
  }
  std::erase_if(moves_, gone);
  if (!kVoidedSold.on(config_.mutants)) say_moves();
}

void PurseDesk::sold(const wire::Event& event) {
  moves_.clear();
  if (config_.purses.has_balances()) balances_.add(event);
}

std::optional<PurseShown> PurseDesk::known(const wire::PurseKey& of) const {
  const auto balance = balances_.of(of);
  if (!balance) return std::nullopt;
  PurseShown shown;
  shown.purse = of.ledger;
  shown.of = of.key;
  shown.balance = balance->balance;
  shown.as_of_ms = std::max<std::int64_t>(balance->as_of.ms, 1);
  return shown;
}

std::vector<PurseShown> PurseDesk::known_of(const std::vector<Customer>& customers) const {
  std::vector<PurseShown> all;
  for (const Customer& each : customers) {
    for (const wire::Purse& purse : {wire::kAccount, wire::kCredit}) {
      if (!config_.purses.has(purse)) continue;
      if (auto shown = known({std::string(purse.ledger), each.id}))
        all.push_back(*std::move(shown));
    }
  }
  return all;
}

void PurseDesk::forget() {
  for (const wire::Move& move : std::exchange(moves_, {})) release(move.hold);
}

void PurseDesk::release(const std::string& hold) {
  if (hold.empty()) return;
  to_release_.push_back(hold);
  try_to_release();
}

void PurseDesk::line_is_back() {
  prompts_.withdraw(kCreditOffline, "the connection is back");
  try_to_release();
}

void PurseDesk::try_to_release() {
  if (to_release_.empty() || std::exchange(releasing_, true)) return;
  auto releasing = release_all();
  base::spawn(ports_.executor, std::move(releasing));
}

// What fails is tried again when a line comes back.
base::Awaitable<void> PurseDesk::release_all() {
  while (!to_release_.empty() && !stopped_) {
    const std::string hold = to_release_.front();
    std::string id = hold;
    const base::Instant deadline = ports_.clock.now() + config_.loyalty.patience;
    auto releasing = service_.desk().release(std::move(id), deadline);
    const Result<wire::Held> done = co_await std::move(releasing);
    if (!done && done.error().code == Code::needs_connection) break;
    std::erase(to_release_, hold);
  }
  releasing_ = false;
}

}  // namespace tillrig::till
