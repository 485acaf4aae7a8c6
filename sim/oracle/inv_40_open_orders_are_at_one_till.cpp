#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tillrig::oracle::inv_40_open_orders_are_at_one_till {
namespace {

// What does not hold between tills is nobody's alone: what led to it may have happened at any.
constexpr std::string_view kAllTills;

// What has become of an order that waited, by what cashiers did about it.
enum class Stands { waiting, in_hand, sold, cancelled, doubtful };

struct Order {
  Stands stands = Stands::waiting;
  std::string till;  // that had it last
};

std::string_view word(Stands stands) {
  switch (stands) {
    case Stands::waiting:
      return "parked";
    case Stands::in_hand:
      return "in hand";
    case Stands::sold:
      return "sold";
    case Stands::cancelled:
      return "cancelled";
    case Stands::doubtful:
      break;
  }
  return "perhaps sold";
}

// All tapes of what was done about orders, as one.
class Reader {
 public:
  Reader(const Evidence& evidence, Judgement& judgement)
      : evidence_(evidence), judgement_(judgement) {}

  void read() {
    struct Moment {
      std::uint64_t order = 0;
      std::function<void()> take;
    };
    std::vector<Moment> moments;
    const Tapes& tapes = evidence_.tapes;
    for (const OrderEntry& order : tapes.orders) {
      const std::uint64_t ended = order.ended != 0 ? order.ended : UINT64_MAX;
      moments.push_back({ended, [this, &order] { ended_order(order); }});
    }
    for (const CashierEntry& entry : tapes.cashier) {
      moments.push_back({entry.order, [this, &entry] { shown(entry); }});
    }
    for (const ActEntry& act : tapes.acts) {
      using Kind = ActEntry::Kind;
      const bool over =
          act.kind == Kind::kill || act.kind == Kind::power_cut || act.kind == Kind::stop;
      if (over) moments.push_back({act.order, [this, &act] { over_at(act.till); }});
    }
    std::stable_sort(moments.begin(), moments.end(),
                     [](const Moment& a, const Moment& b) { return a.order < b.order; });
    for (const Moment& moment : moments) moment.take();
  }

  [[nodiscard]] const std::map<std::string, Order, std::less<>>& orders() const { return orders_; }
  // Orders that a dying till may have parked.
  [[nodiscard]] std::size_t unnamed() const { return unnamed_; }

 private:
  void ended_order(const OrderEntry& order) {
    const bool done = order.outcome == OrderEntry::Outcome::done;
    const bool unknown = order.outcome == OrderEntry::Outcome::unknown;
    if (order.what == "park" && done) park(order);
    if (order.what == "park" && unknown) doubt(order.till, true);
    if (order.what == "resume" && done) resume(order);
    if (order.what == "complete" && unknown) doubt(order.till, false);
    if (order.what == "cancel" && done) end(order.till, Stands::cancelled);
    if (order.what == "cancel" && unknown) doubt(order.till, false);
  }

  void park(const OrderEntry& order) {
    ++judgement_.judged;
    in_hand_.erase(order.till);
    orders_[order.open_order] = {Stands::waiting, order.till};
  }

  void resume(const OrderEntry& order) {
    ++judgement_.judged;
    const std::string& id = order.open_order;
    const auto at = orders_.find(id);
    if (at == orders_.end()) {
      if (unnamed_ == 0) {
        judgement_.blame(kAllTills, order.at, order.line,
                         fmt::format("{} goes on with an order that nobody parked.", order.till),
                         "one that was parked", id);
      } else {
        --unnamed_;
      }
    } else if (at->second.stands == Stands::in_hand && at->second.till != order.till) {
      judgement_.blame(kAllTills, order.at, order.line,
                       fmt::format("The order {} is in hand at two tills.", id),
                       fmt::format("a refusal: it is in hand at {}", at->second.till),
                       "it came into the cart of " + order.till);
    } else if (at->second.stands == Stands::sold || at->second.stands == Stands::cancelled) {
      judgement_.blame(
          kAllTills, order.at, order.line,
          fmt::format("The order {} came back at {}.", id, order.till),
          fmt::format("a refusal: it was {} at {}", word(at->second.stands), at->second.till),
          "it came into the cart");
    }
    in_hand_[order.till] = id;
    orders_[id] = {Stands::in_hand, order.till};
  }

  // A sale is over when it is acknowledged, however it was paid.
  void shown(const CashierEntry& entry) {
    if (entry.kind == CashierEntry::Kind::acknowledged) end(entry.till, Stands::sold);
    if (entry.code == "card" && entry.facts.text("state") == "parked") doubt(entry.till, false);
  }

  void end(const std::string& till, Stands how) {
    const auto at = in_hand_.find(till);
    if (at == in_hand_.end()) return;
    orders_[at->second] = {how, till};
    in_hand_.erase(at);
  }

  void over_at(const std::string& till) {
    const auto at = in_hand_.find(till);
    if (at == in_hand_.end()) return;
    died_with_[till] = at->second;
    orders_[at->second].stands = Stands::waiting;
    in_hand_.erase(at);
  }

  // The till died over it, or says nothing.
  void doubt(const std::string& till, bool parks) {
    std::string id;
    if (const auto at = in_hand_.find(till); at != in_hand_.end()) id = at->second;
    if (const auto at = died_with_.find(till); id.empty() && at != died_with_.end())
      id = at->second;
    if (id.empty() && parks) ++unnamed_;
    if (!id.empty() && !parks) orders_[id].stands = Stands::doubtful;
    in_hand_.erase(till);
  }

  const Evidence& evidence_;
  Judgement& judgement_;
  std::map<std::string, Order, std::less<>> orders_;
  std::map<std::string, std::string, std::less<>> in_hand_;
  std::map<std::string, std::string, std::less<>> died_with_;
  std::size_t unnamed_ = 0;
};

// The sales that the cloud has of an order.
std::vector<std::string> sales_of(const Evidence& evidence, const std::string& id) {
  const std::string mark = fmt::format("\"order\":\"{}\"", id);
  std::vector<std::string> sales;
  for (const HeldBody& held : evidence.tapes.held) {
    const bool of_it = held.body.find(mark) != std::string::npos;
    if (of_it && evidence.document(held.id) != nullptr) sales.push_back(held.id);
  }
  return sales;
}

// No order is the order of two sales.
void sold_once(const Evidence& evidence, const std::map<std::string, Order, std::less<>>& orders,
               Judgement& judgement) {
  for (const auto& [id, order] : orders) {
    ++judgement.judged;
    const std::vector<std::string> sales = sales_of(evidence, id);
    if (sales.size() < 2) continue;
    judgement.blame(kAllTills, evidence.life.end(), 0,
                    fmt::format("The order {} was sold twice.", id), "one sale",
                    fmt::format("{}", fmt::join(sales, ", ")));
  }
}

// A hub of an older epoch is not believed again, as long as the app runs.
void epochs_go_on(const Evidence& evidence, Judgement& judgement) {
  std::map<std::string, std::uint64_t, std::less<>> last;
  for (const CashierEntry& entry : evidence.tapes.cashier) {
    if (entry.kind == CashierEntry::Kind::stage && entry.text == "starting") last[entry.till] = 0;
    if (entry.code != "lan") continue;
    const auto epoch = static_cast<std::uint64_t>(entry.fact("hub_epoch").value_or(0));
    std::uint64_t& before = last[entry.till];
    const bool fresh = evidence.life.started(entry.till) > entry.at;  // of an earlier run
    if (fresh) continue;
    ++judgement.judged;
    if (epoch < before) {
      judgement.blame(
          kAllTills, entry.at, entry.line,
          fmt::format("{} believes a hub of an older epoch again.", entry.till),
          fmt::format("epoch {} or later", before),
          fmt::format("{}, of epoch {}", entry.facts.text("hub").value_or("none"), epoch));
    }
    before = epoch;
  }
}

using Looks = std::map<std::string, const LanLook*, std::less<>>;

// The last look at each till that still ran when all was quiet.
Looks last_looks(const Evidence& evidence) {
  Looks looks;
  for (const LanLook& look : evidence.tapes.lan_looks) {
    if (evidence.life.ended(look.till) || look.at < *evidence.life.quiet()) continue;
    looks[look.till] = &look;
  }
  return looks;
}

// The tills agree who is hub, and hear each other.
void one_hub(const Looks& looks, Judgement& judgement) {
  const LanLook& first = *looks.begin()->second;
  for (const auto& [till, look] : looks) {
    ++judgement.judged;
    const bool same = look->hub == first.hub && look->epoch == first.epoch && !look->hub.empty();
    if (same) continue;
    judgement.blame(kAllTills, look->at, 0,
                    "The tills do not agree on a hub, although the LAN is whole.",
                    fmt::format("{} of epoch {}, as at {}", first.hub, first.epoch, first.till),
                    fmt::format("\"{}\" of epoch {}", look->hub, look->epoch));
    return;
  }
}

// Each open order once, the same at all tills, and none that is over.
void listed_once(const Evidence& evidence, const Reader& reader, const Looks& looks,
                 Judgement& judgement) {
  const auto& orders = reader.orders();
  const LanLook& first = *looks.begin()->second;
  const bool all_run = std::all_of(evidence.tills.begin(), evidence.tills.end(),
                                   [&](auto till) { return looks.contains(till); });
  const bool lost = evidence.life.disk_faulted() || !evidence.tapes.clones.empty() ||
                    std::any_of(evidence.tills.begin(), evidence.tills.end(), [&](auto till) {
                      return evidence.life.disk_put_back(till, Instant{0}, evidence.life.end());
                    });
  std::set<std::string> listed;
  for (const auto& [till, look] : looks) {
    std::map<std::string, std::string> here;
    std::size_t strange = 0;
    for (const OrderLook& each : look->open) {
      ++judgement.judged;
      const auto known = orders.find(each.id);
      listed.insert(each.id);
      if (known == orders.end() && ++strange > reader.unnamed()) {
        judgement.blame(kAllTills, look->at, 0, fmt::format("{} lists an order of nobody's.", till),
                        "orders that were parked", each.id);
      }
      const bool known_over = known != orders.end() && (known->second.stands == Stands::sold ||
                                                        known->second.stands == Stands::cancelled);
      if (known_over || !sales_of(evidence, each.id).empty()) {
        judgement.blame(kAllTills, look->at, 0,
                        fmt::format("{} lists an order that is over.", till),
                        fmt::format("{} is sold or cancelled", each.id),
                        fmt::format("{} at {}", each.state, each.till));
      }
      if (!here.emplace(each.id, each.till).second) {
        judgement.blame(kAllTills, look->at, 0, fmt::format("{} lists an order twice.", till),
                        each.id, "two of it");
      }
    }
    if (!evidence.tapes.lan) continue;
    std::map<std::string, std::string> there;
    for (const OrderLook& each : first.open) there.emplace(each.id, each.till);
    if (here == there) continue;
    judgement.blame(kAllTills, look->at, 0,
                    fmt::format("{} and {} do not list the same orders.", first.till, till),
                    fmt::format("{} orders, each at the till that holds it", there.size()),
                    fmt::format("{} orders", here.size()));
  }
  if (!all_run || lost) return;
  for (const auto& [id, order] : orders) {
    const bool open = order.stands == Stands::waiting || order.stands == Stands::in_hand;
    if (!open || listed.contains(id)) continue;
    judgement.blame(kAllTills, evidence.life.end(), 0, fmt::format("The order {} is lost.", id),
                    fmt::format("{} at {}", word(order.stands), order.till), "no till lists it");
  }
}

Judgement check(const Evidence& evidence) {
  Judgement judgement;
  Reader reader(evidence, judgement);
  reader.read();
  epochs_go_on(evidence, judgement);
  sold_once(evidence, reader.orders(), judgement);
  if (!evidence.life.quiet() || !evidence.life.whole()) return judgement;
  const Looks looks = last_looks(evidence);
  if (looks.empty()) return judgement;
  if (evidence.tapes.lan && evidence.tapes.clones.empty()) one_hub(looks, judgement);
  listed_once(evidence, reader, looks, judgement);
  return judgement;
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-40",
     .doc =
         "An order that waits is at exactly one till, whatever happens to the LAN: it is in hand "
         "at one, sold once, and, when the LAN is whole, listed once and alike at all tills, "
         "which have one hub and never believe one of an older epoch again.",
     .params = {},
     .example = "waive = { INV-40 = \"why it cannot hold here\" }"},
    "always",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_40_open_orders_are_at_one_till
