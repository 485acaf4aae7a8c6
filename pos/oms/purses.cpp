#include "pos/oms/purses.hpp"

#include <algorithm>
#include <cstdlib>

namespace tillrig::oms {
namespace {

using base::Money;

const base::Mutant kMultiRedeem{"gift_multi_redeem", "INV-12", "odoo/odoo#79235, odoo/odoo#135393",
                                "what is spent of a gift card stays on it"};

const base::Mutant kLimitForgotten{"account_limit_forgotten", "INV-15", "domain 1.2, OUT-27",
                                   "an account goes as far below zero as anybody likes"};
const base::Mutant kAccountLost{"account_lost_offline", "INV-15", "domain 1.2, OUT-27",
                                "what was taken on account without a connection is not owed"};
const base::Mutant kBalanceLww{
    "balance_lww", "INV-15", "S4: a credit balance can be overwritten",
    "a till sends the balance that it knows with its sale, and the cloud "
    "goes on from that"};
const base::Mutant kRefusedAtUpload{
    "credit_refused_at_upload", "INV-15", "domain 1.4, SM-24",
    "store credit that was spent without asking and is not there is "
    "not booked"};
const base::Mutant kKeptLeaks{"kept_leaks", "INV-14", "Cloud Retailer's discrepancy article",
                              "what was kept for a sale that was never stored stays kept"};

// The moves that a sale's lines and payments say, without their keys where these do not.
struct Said {
  std::vector<wire::Move> in;
  std::vector<std::pair<std::string_view, std::int64_t>> out;  // ledger, amount
};

Said said_by(const wire::Document& document) {
  Said said;
  for (const wire::Line& line : document.lines) {
    auto of = wire::read_purse_key(line.sku);
    if (of) said.in.push_back({*std::move(of), line.total.minor, {}});
  }
  for (const wire::Payment& payment : document.payments) {
    const wire::Purse* const purse = wire::purse_of_tender(payment.kind);
    if (purse != nullptr) said.out.emplace_back(purse->ledger, -payment.amount.minor);
  }
  return said;
}

bool is_bad_line(const wire::Line& line) {
  return wire::is_purse_sku(line.sku) &&
         (line.quantity.thousandths != 1000 || line.discount != Money{} || line.tax != Money{} ||
          line.tax_rate != base::Rate{} || line.total <= Money{});
}

}  // namespace

std::string_view Purses::find_fault(const wire::Event& event) {
  const auto* const document = std::get_if<wire::Document>(&event.body);
  const auto moves = wire::moves_of(event);
  if (!moves) return "purse";
  if (document == nullptr) return moves->empty() ? "" : "purse";
  if (std::any_of(document->lines.begin(), document->lines.end(), is_bad_line)) return "purse";
  const Said said = said_by(*document);
  std::size_t in = 0;
  std::size_t out = 0;
  for (const wire::Move& move : *moves) {
    if (move.amount > 0) {
      if (in >= said.in.size()) return "purse";
      const wire::Move& line = said.in[in++];
      if (line.of != move.of || line.amount != move.amount) return "purse";
    } else {
      if (out >= said.out.size()) return "purse";
      const auto& [ledger, amount] = said.out[out++];
      if (ledger != move.of.ledger || amount != move.amount) return "purse";
    }
  }
  return in == said.in.size() && out == said.out.size() ? "" : "purse";
}

Result<std::int64_t> Purses::limit_of(std::string_view ledger, std::string_view key) {
  if (ledger == wire::kAccount.ledger) {
    const auto limit = database_.postings().limit(ledger, key);
    if (!limit) return base::Failure(limit.error());
    if (!*limit) return wire::kMostAmount;
    const auto balance = database_.postings().balance(ledger, key);
    if (!balance || kLimitForgotten.on(mutants_)) return balance ? wire::kMostAmount : balance;
    return *balance + **limit;
  }
  if (ledger != wire::kNewCard) return database_.postings().balance(ledger, key);
  const auto sold = known({std::string(wire::kGift.ledger), std::string(key)});
  if (!sold) return base::Failure(sold.error());
  return *sold ? 0 : wire::kMostAmount;
}

Result<bool> Purses::known(const wire::PurseKey& of) {
  return database_.postings().any(of.ledger, of.key);
}

Result<void> Purses::book(const wire::Event& event, base::WallTime received) {
  if (auto done = settle_kept(event); !done) return done;
  const auto moves = wire::moves_of(event);
  if (!moves) return {};
  for (const wire::Move& move : *moves) {
    if (!move.hold.empty()) {
      auto hold = database_.postings().hold(move.hold);
      if (!hold) return base::Failure(hold.error());
      if (*hold && (*hold)->till == event.id.till) {
        (*hold)->state = "captured";
        if (auto done = database_.postings().put_hold(**hold); !done) return done;
        if (auto done = database_.postings().drop_kept(move.hold); !done) return done;
      }
    }
    const bool lost = move.of.ledger == wire::kAccount.ledger && move.hold.empty() &&
                      move.amount < 0 && kAccountLost.on(mutants_);
    if (lost) continue;
    const bool stays = move.amount < 0 && move.of.ledger == wire::kGift.ledger;
    if (stays && kMultiRedeem.on(mutants_)) continue;
    if (move.of.ledger == wire::kCredit.ledger && kRefusedAtUpload.on(mutants_)) {
      const auto left = database_.postings().balance(move.of.ledger, move.of.key);
      if (left && *left + move.amount < 0) continue;
    }
    std::int64_t amount = move.amount;
    const auto seen = event.tail.get(wire::kReason);
    if (seen && move.of.ledger == wire::kCredit.ledger && kBalanceLww.on(mutants_)) {
      const auto balance = database_.postings().balance(move.of.ledger, move.of.key);
      if (!balance) return base::Failure(balance.error());
      amount += std::strtoll(seen->c_str(), nullptr, 10) - *balance;
    }
    auto done = database_.postings().add({0, event.id.text(), move.of.ledger, move.of.key, amount});
    if (!done) return done;
    if (move.of.ledger == wire::kGift.ledger) continue;
    if (auto told = tell(move.of, event.id, received); !told) return told;
  }
  return {};
}

Result<void> Purses::tell(const wire::PurseKey& of, const base::EventId& event,
                          base::WallTime received) {
  const auto balance = database_.postings().balance(of.ledger, of.key);
  if (!balance) return base::Failure(balance.error());
  const auto before = database_.feed_row(wire::kBalances, of.text());
  if (!before) return base::Failure(before.error());
  auto head = database_.feed_head();
  if (!head) return base::Failure(head.error());
  if (!*before && ++head->ids > wire::kFeedIds) return {};  // tills ask where they are not told
  wire::Balance row{of.text(), Money{*balance}, received, {}};
  wire::Balance::Through through{event.till, event.epoch, event.seq};
  if (*before) {
    if (auto known = wire::read_balance((*before)->body)) row.through = std::move(known->through);
  }
  for (const auto& each : row.through) {  // what was forgotten for long may be heard late
    if (each.till != event.till || each.epoch < event.epoch) continue;
    const bool newer = each.epoch > event.epoch || each.seq > event.seq;
    if (newer) through = each;
  }
  std::erase_if(row.through, [&](const auto& each) { return each.till == event.till; });
  row.through.push_back(through);
  if (row.through.size() > wire::kBalanceTills) row.through.erase(row.through.begin());
  const std::uint64_t rev = *before ? (*before)->rev + 1 : 1;
  const wire::FeedRow put{++head->v, of.text(), rev, false, wire::write_balance(row)};
  if (auto done = database_.put_feed_row(wire::kBalances, put); !done) return done;
  return database_.set_feed_head(*head);
}

// Whoever has an event in that place does not have the sale there that it was kept for.
Result<void> Purses::settle_kept(const wire::Event& event) {
  const auto kept = database_.postings().kept(event.id.till);
  if (!kept) return base::Failure(kept.error());
  if (kept->empty() || kKeptLeaks.on(mutants_)) return {};
  const auto moves = wire::moves_of(event);
  for (const KeptRow& row : *kept) {
    const bool named = moves && std::any_of(moves->begin(), moves->end(),
                                            [&](const auto& move) { return move.hold == row.id; });
    const bool passed =
        (row.epoch == event.id.epoch && row.seq == event.id.seq) || row.epoch < event.id.epoch;
    if (named || !passed) continue;
    auto hold = database_.postings().hold(row.id);
    if (!hold) return base::Failure(hold.error());
    if (*hold && (*hold)->state == "kept") {
      (*hold)->state = "released";
      if (auto done = database_.postings().put_hold(**hold); !done) return done;
    }
    if (auto done = database_.postings().drop_kept(row.id); !done) return done;
  }
  return {};
}

Result<void> Purses::keep(HoldRow& hold, const wire::KeepFor& place) {
  hold.state = "kept";
  if (auto done = database_.postings().put_hold(hold); !done) return done;
  return database_.postings().put_kept({hold.id, hold.till, place.epoch, place.seq});
}

}  // namespace tillrig::oms
