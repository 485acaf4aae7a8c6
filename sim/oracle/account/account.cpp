#include "sim/oracle/account/account.hpp"

#include "sim/oracle/account/search.hpp"
#include "sim/oracle/account/till.hpp"
#include "sim/oracle/wire_batch.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace tillrig::oracle {

Account::Account(const Tapes& tapes, std::vector<Orphan> orphans)
    : tapes_(tapes), life_(tapes), labels_(tapes.shop), orphans_(std::move(orphans)) {
  if (tapes.shop.items.empty()) return;
  read_held();
  read();
}

Account::~Account() = default;

// All tapes of what was done and shown, as one.
void Account::read() {
  struct Moment {
    std::uint64_t order = 0;
    std::function<void()> take;
  };
  Instant end{0};
  std::vector<Moment> moments;
  const auto till = [this](const std::string& name) -> TillAccount& {
    auto& at = tills_[name];
    if (at == nullptr) at = std::make_unique<TillAccount>(*this, name);
    return *at;
  };
  for (const CashierEntry& entry : tapes_.cashier) {
    end = std::max(end, entry.at);
    using Kind = CashierEntry::Kind;
    const bool counts =
        entry.kind == Kind::acknowledged || entry.kind == Kind::refused ||
        entry.kind == Kind::connection || entry.kind == Kind::counters ||
        entry.kind == Kind::pressed || (entry.kind == Kind::other && entry.code == "card") ||
        entry.kind == Kind::stage || entry.kind == Kind::prompt ||
        (entry.kind == Kind::other && entry.code == "prompt_closed") ||
        (entry.kind == Kind::other &&
         (entry.code == "line_added" || entry.code == "cart" || entry.code == "customer"));
    if (counts) moments.push_back({entry.order, [&] { till(entry.till).shown(entry); }});
  }
  for (const CloudLook& look : tapes_.cloud) end = std::max(end, look.at);
  for (const RegisterLook& look : tapes_.registers) end = std::max(end, look.at);
  for (const ScanEntry& scan : tapes_.scans) {
    moments.push_back({scan.order, [&] { till(scan.till).scanned(scan); }});
  }
  for (const OrderEntry& order : tapes_.orders) {
    moments.push_back({order.order, [&] { till(order.till).asked(order); }});
    const std::uint64_t ended = order.ended != 0 ? order.ended : UINT64_MAX;
    moments.push_back({ended, [&] { till(order.till).ended(order); }});
  }
  for (const WireEntry& wire : tapes_.wire) {
    const bool page = wire.from_cloud && wire.status == 200 && wire.ended != Instant::never() &&
                      wire.target.starts_with("/v1/sync/down?collection=items&");
    if (page) moments.push_back({wire.order, [&] { till(wire.till).told(wire); }});
    const bool receipt = wire.target.starts_with("/v1/receipts/");
    if (receipt) moments.push_back({wire.order, [&] { till(wire.till).told_of_sale(wire); }});
  }
  for (const FindLook& look : tapes_.finds) {
    moments.push_back({look.order, [&] { Searches(till(look.till)).look_at(look); }});
  }
  for (const ActEntry& act : tapes_.acts) {
    using Kind = ActEntry::Kind;
    disk_faulted_ = disk_faulted_ || act.what.starts_with("disk.");
    const bool life = act.kind == Kind::kill || act.kind == Kind::power_cut ||
                      act.kind == Kind::start || act.kind == Kind::stop;
    if (!life || act.what.starts_with("cloud")) continue;
    moments.push_back({act.order, [&] {
                         for (auto& [name, known] : tills_) {
                           const bool all = act.till.empty() || act.till == "*";
                           if (all || act.till == name) known->changed(act.at, act.order);
                         }
                       }});
  }
  std::stable_sort(moments.begin(), moments.end(),
                   [](const Moment& a, const Moment& b) { return a.order < b.order; });
  for (const Moment& moment : moments) moment.take();
  for (auto& [name, known] : tills_) known->over(end);
}

const ShopItem& Account::purse_item(const std::string& ledger, const std::string& key) {
  const std::string sku = ledger + ":" + key;
  ShopItem& item = purse_items_[sku];
  item.sku = sku;
  item.name = std::string(line_of_purse(ledger)) + " " + key;
  item.embedded = true;
  return item;
}

const Account::Waiting* Account::waiting(const std::string& order) {
  const auto at = waiting_.find(order);
  if (at != waiting_.end()) return &at->second;
  const auto here = std::find_if(unnamed_.begin(), unnamed_.end(), [&](const Waiting& each) {
    return order.starts_with(each.till + "-");
  });
  if (here == unnamed_.end()) return nullptr;
  const auto named = waiting_.emplace(order, std::move(*here)).first;
  unnamed_.erase(here);
  return &named->second;
}

// Of what a dying till may have finished it is known afterwards whether it did.
void Account::finish(Due due) {
  if (due.id.empty()) {
    for (Orphan& orphan : orphans_) {
      const bool same =
          orphan.till == due.till && orphan.refund == due.refund && orphan.total == due.bill.total;
      if (orphan.claimed || !same) continue;
      orphan.claimed = due.sure = true;
      due.id = orphan.id;
      break;
    }
  }
  const Due& kept = dues_.emplace_back(std::move(due));
  if (!kept.id.empty()) by_id_.emplace(kept.id, &kept);
}

bool Account::knows(std::string_view till) const {
  const auto at = tills_.find(till);
  return at != tills_.end() && at->second->rang_up();
}

const Due* Account::find(std::string_view id) const {
  const auto at = by_id_.find(id);
  return at == by_id_.end() ? nullptr : at->second;
}

bool Account::refund_in_doubt(const std::string& sale) const {
  return std::any_of(dues_.begin(), dues_.end(),
                     [&](const Due& due) { return due.refund && due.of == sale && !due.sure; });
}

// Since when the cloud has had each event, by its own answers, whoever heard them.
void Account::read_held() {
  for (const WireEntry& wire : tapes_.wire) {
    if (wire.target != "/v1/sync/up" || wire.cloud_status != 200) continue;
    const auto answers = read_answers(wire.cloud_answer);
    if (!answers) continue;
    for (const ItemAnswer& answer : *answers) {
      if (!answer.proves()) continue;
      const auto [at, fresh] = held_.emplace(answer.id, wire.reached_cloud);
      at->second = std::min(at->second, wire.reached_cloud);
    }
  }
}

bool Account::held(const std::string& id, Instant at) const {
  const auto found = held_.find(id);
  return found != held_.end() && found->second <= at;
}

std::vector<std::int64_t> Account::given_back(const std::string& sale, const Knowing& who) const {
  const Due* const sold = find(sale);
  std::vector<std::int64_t> gone(sold != nullptr ? sold->bill.lines.size() : 0, 0);
  for (const Due& due : dues_) {
    if (!due.refund || due.of != sale || !due.sure) continue;
    const bool all = who.asked == Instant::never();
    if (due.till != who.till && !all && !(who.asked && held(due.id, *who.asked))) continue;
    for (const BillLine& line : due.bill.lines) gone[line.of_line - 1] -= line.quantity;
  }
  return gone;
}

}  // namespace tillrig::oracle
