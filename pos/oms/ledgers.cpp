#include "pos/oms/ledgers.hpp"

#include "pos/wire/customer.hpp"

#include <algorithm>
#include <vector>

namespace tillrig::oms {

using base::Code;
using base::fail;

namespace {

const base::Mutant kPointsDoubled{"points_doubled_on_retry", "INV-13", "OCA/pos#185",
                                  "a sale that is sent once more gives its points once more"};
const base::Mutant kStockDoubled{"stock_doubled_on_retry", "INV-17", "odoo/odoo#40567 and its kin",
                                 "a sale that is sent once more takes its goods once more"};
const base::Mutant kReserveLeaks{"reserve_leaks", "INV-14", "Cloud Retailer's discrepancy article",
                                 "what was held for a sale that never came stays held for ever"};

const base::Mutant kHeldThen{"hold_judged_by_the_sale", "INV-14", "a fault planted by a reviewer",
                             "whether points are kept for a sale is judged by when it was made, "
                             "not by when it comes"};
const base::Mutant kHoldBlind{"gift_hold_blind", "INV-12", "domain 1.2, OUT-26",
                              "a gift card's money is held for one till while another holds it"};

bool sound(std::int64_t points) {
  return points <= wire::kMostAmount && points >= -wire::kMostAmount;
}

// The points that an event's tail speaks of, with those that it redeems; nothing: none.
std::optional<Posting> points_of(const wire::Event& event) {
  if (!std::holds_alternative<wire::Document>(event.body)) return std::nullopt;
  const auto member = event.tail.get(wire::kMember);
  const std::int64_t earned = event.tail.get(wire::kPoints).value_or(0);
  const std::int64_t redeemed = event.tail.get(wire::kRedeemed).value_or(0);
  if (!member || !wire::is_customer_id(*member)) return std::nullopt;
  if (!sound(earned) || !sound(redeemed) || earned == redeemed) return std::nullopt;
  return Posting{0, event.id.text(), std::string(wire::kPointsLedger), *member, earned - redeemed};
}

// By item, each once; true: one was there twice.
bool join_same(std::vector<Goods>& goods) {
  std::sort(goods.begin(), goods.end(),
            [](const Goods& a, const Goods& b) { return a.sku < b.sku; });
  std::size_t kept = 0;
  for (std::size_t i = 1; i < goods.size(); ++i) {
    if (goods[i].sku == goods[kept].sku) {
      goods[kept].amount += goods[i].amount;
    } else {
      goods[++kept] = goods[i];
    }
  }
  const bool joined = !goods.empty() && kept + 1 < goods.size();
  if (joined) goods.resize(kept + 1);
  return joined;
}

wire::Held as_told(const HoldRow& hold) {
  return {hold.id, hold.state, hold.state == "open" ? hold.expires_ms : 0};
}

}  // namespace

Result<void> Ledgers::book(const wire::Event& event, base::WallTime received) {
  if (const auto id = event.tail.get(wire::kHold)) {
    auto hold = database_.postings().hold(*id);
    if (!hold) return base::Failure(hold.error());
    if (*hold && (*hold)->till == event.id.till) {
      (*hold)->state = "captured";
      if (auto done = database_.postings().put_hold(**hold); !done) return done;
    }
  }
  if (auto done = book_goods(event); !done) return done;
  if (auto done = purses_.book(event, received); !done) return done;
  const auto points = points_of(event);
  return points ? database_.postings().add(*points) : Result<void>();
}

// What is sold has left; of a refund quantities are below zero.
Result<void> Ledgers::book_goods(const wire::Event& event) {
  const auto* const document = std::get_if<wire::Document>(&event.body);
  if (document == nullptr) return {};
  std::vector<Goods> sold;
  for (const wire::Line& line : document->lines) {
    if (!wire::is_purse_sku(line.sku)) sold.push_back({line.sku, -line.quantity.thousandths});
  }
  join_same(sold);
  std::erase_if(sold, [](const Goods& goods) { return goods.amount == 0; });
  return database_.postings().add_goods(event.id.text(), sold);
}

Result<void> Ledgers::deliver(const wire::Delivery& delivery) {
  const std::string event = "delivery:" + delivery.id;
  const auto known = database_.postings().has(event, wire::kStockLedger);
  if (!known) return base::Failure(known.error());
  if (*known) return {};
  std::vector<Goods> come;
  for (const wire::Stock& goods : delivery.goods) {
    come.push_back({goods.sku, goods.quantity.thousandths});
  }
  if (join_same(come)) return fail(Code::conflict, "{} names an item twice", event);
  Transaction transaction(database_);
  auto done = transaction.begin();
  if (done) done = database_.postings().add_goods(event, come);
  if (done) done = transaction.commit();
  return done;
}

Result<void> Ledgers::book_again(const wire::Event& event) {
  if (kStockDoubled.on(mutants_)) {
    wire::Event again = event;
    again.id.seq += 1'000'000;  // as if it were another one
    const auto booked = book_goods(again);
    static_cast<void>(booked);  // the third time it is there
  }
  if (!kPointsDoubled.on(mutants_)) return {};
  auto points = points_of(event);
  if (!points) return {};
  points->event += "/again";
  const auto added = database_.postings().add(*points);
  static_cast<void>(added);  // the third time it is there
  return {};
}

Result<void> Ledgers::book_replayed(wire::Event event, std::uint64_t generation) {
  event.id.seq += generation * 1'000'000;  // as if it were another one
  const auto booked = book_goods(event);
  static_cast<void>(booked);  // the second time of that login it is there
  return {};
}

// Money has moved for it: it is booked all the same, below zero where it must be.
Result<std::string_view> Ledgers::why_flag(const wire::Event& event, base::WallTime now) {
  if (kHeldThen.on(mutants_)) now = event.wall;
  const auto moves =
      purses_.why_flag(event, [&](const HoldRow& hold) { return counts(hold, now); });
  if (!moves || !moves->empty()) return moves;
  const auto redeemed = event.tail.get(wire::kRedeemed);
  if (!redeemed || *redeemed <= 0) return "";
  const auto id = event.tail.get(wire::kHold);
  if (!id) return "no_hold";
  const auto hold = database_.postings().hold(*id);
  if (!hold) return base::Failure(hold.error());
  const bool its = *hold && (*hold)->till == event.id.till && (*hold)->amount == *redeemed &&
                   (*hold)->key == event.tail.get(wire::kMember);
  return its && counts(**hold, now) ? "" : "no_hold";
}

bool Ledgers::counts(const HoldRow& hold, base::WallTime now) const {
  if (hold.state == "kept") return true;
  return hold.state == "open" && (kReserveLeaks.on(mutants_) || hold.expires_ms > now.ms);
}

Result<std::int64_t> Ledgers::available(std::string_view ledger, std::string_view key,
                                        base::WallTime now) {
  const auto balance = purses_.limit_of(ledger, key);
  if (!balance) return balance;
  if (kHoldBlind.on(mutants_) && ledger == wire::kGift.ledger) return balance;
  const std::int64_t after = kReserveLeaks.on(mutants_) ? 0 : now.ms;
  const auto reserved = database_.postings().reserved(ledger, key, after);
  if (!reserved) return reserved;
  if (ledger == wire::kNewCard && *reserved > 0) return 0;  // a card is sold once
  return *balance - *reserved;
}

Result<wire::Held> Ledgers::hold(std::string_view till, const wire::Hold& asked,
                                 base::WallTime now) {
  const auto known = database_.postings().hold(asked.id);
  if (!known) return base::Failure(known.error());
  if (*known) {
    const HoldRow& row = **known;
    const bool same = row.till == till && row.ledger == asked.ledger && row.key == asked.key &&
                      row.amount == asked.amount && counts(row, now);
    if (same) return as_told(row);
    return fail(Code::conflict, "the hold {} is another one, or over ({})", asked.id, row.state);
  }
  const auto there = available(asked.ledger, asked.key, now);
  if (!there) return base::Failure(there.error());
  if (*there < asked.amount) {
    return fail(Code::not_allowed, "{} has {} {} that can be used, and {} were asked for",
                asked.key, *there, asked.ledger, asked.amount);
  }
  return give({asked.id, std::string(till), asked.ledger, asked.key, asked.amount,
               now.ms + wire::kHoldLastsMs, "open"});
}

Result<wire::Held> Ledgers::release(std::string_view till, std::string_view id) {
  const auto known = database_.postings().hold(id);
  if (!known) return base::Failure(known.error());
  HoldRow row = *known ? **known : HoldRow{std::string(id), std::string(till), "", "", 0, 0, ""};
  if (row.till != till) return fail(Code::conflict, "the hold {} is of another till", id);
  if (row.state == "captured") return as_told(row);
  row.state = "released";
  return give(row);
}

Result<wire::Held> Ledgers::keep(std::string_view till, std::string_view id,
                                 const wire::KeepFor& place, base::WallTime now) {
  const auto known = database_.postings().hold(id);
  if (!known) return base::Failure(known.error());
  if (!*known || (*known)->till != till ||
      ((*known)->state != "open" && (*known)->state != "kept")) {
    return fail(Code::conflict, "the hold {} is not {}'s, or was ended", id, till);
  }
  HoldRow row = **known;
  if (!counts(row, now)) {
    const auto there = available(row.ledger, row.key, now);
    if (!there) return base::Failure(there.error());
    if (*there < row.amount) {
      return fail(Code::not_allowed, "the hold {} was over after its time, and {} is gone", id,
                  row.amount);
    }
  }
  Transaction transaction(database_);
  auto done = transaction.begin();
  if (done) done = purses_.keep(row, place);
  if (done) done = transaction.commit();
  if (!done) return base::Failure(done.error());
  return as_told(row);
}

Result<std::optional<wire::InPurse>> Ledgers::in_purse(const wire::PurseKey& of,
                                                       base::WallTime now) {
  const auto there = purses_.known(of);
  if (!there) return base::Failure(there.error());
  if (!*there && of.ledger == wire::kGift.ledger) return std::nullopt;
  const auto balance = database_.postings().balance(of.ledger, of.key);
  if (!balance) return base::Failure(balance.error());
  const auto reserved = database_.postings().reserved(of.ledger, of.key, now.ms);
  if (!reserved) return base::Failure(reserved.error());
  const auto limit = database_.postings().limit(of.ledger, of.key);
  if (!limit) return base::Failure(limit.error());
  wire::InPurse in{of.text(), base::Money{*balance - *reserved}};
  if (*limit) in.limit = base::Money{**limit};
  return in;
}

Result<void> Ledgers::set_limit(const wire::AccountLimit& limit) {
  Transaction transaction(database_);
  auto done = transaction.begin();
  const auto amount = limit.limit ? std::optional(limit.limit->minor) : std::nullopt;
  if (done) {
    done = database_.postings().put_limit(wire::kAccount.ledger, limit.customer, amount);
  }
  if (done) done = transaction.commit();
  return done;
}

Result<wire::Held> Ledgers::give(const HoldRow& hold) {
  Transaction transaction(database_);
  auto done = transaction.begin();
  if (done) done = database_.postings().put_hold(hold);
  if (done && hold.state == "released") done = database_.postings().drop_kept(hold.id);
  if (done) done = transaction.commit();
  if (!done) return base::Failure(done.error());
  return as_told(hold);
}

}  // namespace tillrig::oms
