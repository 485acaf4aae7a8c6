#include "pos/till/balances.hpp"

#include <algorithm>

namespace tillrig::till {
namespace {

const base::Mutant kPendingLost{"pending_postings_lost", "INV-15", "odoo/odoo#288974",
                                "a balance that comes down takes the place of what this till has "
                                "not sent yet"};

constexpr std::size_t kRemembered = 200;  // newest sales that a start looks at, beside those queued

}  // namespace

void Balances::take(store::Store& store) {
  const auto records = store.records(wire::kBalances);
  if (!records) return;
  told_.clear();
  for (const store::Record& record : *records) {
    auto told = wire::read_balance(record.body);
    if (!record.deleted && told && told->of == record.id) told_[record.id] = *std::move(told);
  }
  if (kPendingLost.on(mutants_)) own_.clear();
  std::erase_if(own_, [this](const Own& own) { return covered(own); });
}

void Balances::remember(store::Store& store) {
  const std::size_t most = store.counters().pending + kRemembered;
  std::size_t seen = 0;
  for (const store::SaleRow& row : store.sales(most)) {
    if (++seen > kRemembered && row.sync != store::SyncState::queued) continue;
    if (row.kind != wire::EventKind::sale) continue;
    if (const auto event = store.find(row.id)) add(*event);
  }
}

void Balances::add(const wire::Event& event) {
  const auto moves = wire::moves_of(event);
  if (!moves) return;
  for (const wire::Move& move : *moves) {
    Own own{event.id, move};
    if (move.of.ledger != wire::kGift.ledger && !covered(own)) own_.push_back(std::move(own));
  }
}

bool Balances::covered(const Own& own) const {
  const auto at = told_.find(own.move.of.text());
  if (at == told_.end()) return false;
  return std::any_of(at->second.through.begin(), at->second.through.end(), [&](const auto& each) {
    return each.till == till_ &&
           (own.id.epoch < each.epoch || (own.id.epoch == each.epoch && own.id.seq <= each.seq));
  });
}

std::optional<Balances::Known> Balances::of(const wire::PurseKey& key) const {
  const auto at = told_.find(key.text());
  Known known;
  bool any = at != told_.end();
  if (any) known = {at->second.balance, at->second.as_of};
  for (const Own& own : own_) {
    if (own.move.of != key) continue;
    known.balance += Money{own.move.amount};
    any = true;
  }
  return any ? std::optional(known) : std::nullopt;
}

}  // namespace tillrig::till
