#include "sim/oracle/selections.hpp"

#include "sim/oracle/account/points.hpp"
#include "sim/oracle/json_scan.hpp"

#include <algorithm>

namespace tillrig::oracle {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

constexpr std::string_view kLoyaltyPath = "/v1/loyalty/";
constexpr base::Duration kOnItsWay = 100ms;  // beyond the till's patience: to ask, and to hear

std::optional<std::int64_t> read_points(std::string_view body) {
  std::optional<std::int64_t> points;
  JsonScan scan(body);
  scan.object([&](std::string_view key) {
    if (key == "points") {
      points = scan.number();
    } else {
      scan.skip();
    }
  });
  return scan.finished() ? points : std::nullopt;
}

// Whether the cloud died at any time: then nothing can be said of the way to it.
bool cloud_died(const Tapes& tapes) {
  return std::any_of(tapes.acts.begin(), tapes.acts.end(),
                     [](const ActEntry& act) { return act.what == "cloud.kill"; });
}

class SelectionReader {
 public:
  SelectionReader(const Evidence& evidence, std::string_view till)
      : evidence_(evidence),
        till_(till),
        within_(std::chrono::milliseconds(evidence.tapes.shop.points_within_ms) + kOnItsWay) {}

  Selections read() {
    read_orders();
    for (const WireEntry& wire : evidence_.tapes.wire) {
      if (wire.till == till_ && wire.target.starts_with(kLoyaltyPath)) question(wire);
    }
    return std::move(found_);
  }

 private:
  void read_orders() {
    const bool died = cloud_died(evidence_.tapes);
    for (const OrderEntry& order : evidence_.tapes.orders) {
      if (order.till != till_ || order.what != "customer") continue;
      if (order.outcome == OrderEntry::Outcome::refused) continue;
      Selection made;
      made.order = &order;
      made.member = customer_called(evidence_.tapes.shop, order);
      const Instant over = order.at + within_;
      made.realtime = !disabled_at(order);
      made.whole = evidence_.life.next_change(till_, order.at) > over &&
                   evidence_.life.end() > over && order.outcome == OrderEntry::Outcome::done;
      made.calm = !died && !local_at(order) &&
                  !evidence_.life.faulted("wan", till_, order.at, over) &&
                  !evidence_.life.faulted("cloud", till_, order.at, over) &&
                  !evidence_.life.faulted("disk", till_, order.at, over);
      found_.all.push_back(std::move(made));
    }
  }

  // The till says nothing to its cloud then, and shows so.
  [[nodiscard]] bool local_at(const OrderEntry& order) const {
    bool local = false;
    for (const CashierEntry& entry : evidence_.tapes.cashier) {
      if (entry.till != till_ || entry.order > order.order) continue;
      if (entry.kind == CashierEntry::Kind::connection) local = entry.text == "local";
    }
    return local;
  }

  // Somebody had pressed so since the app was opened.
  [[nodiscard]] bool disabled_at(const OrderEntry& order) const {
    bool disabled = false;
    Life::Moment last;
    for (const CashierEntry& entry : evidence_.tapes.cashier) {
      if (entry.till != till_ || entry.order > order.order) continue;
      const Life::Moment now{entry.at, entry.order};
      if (evidence_.life.changed(till_, last, now)) disabled = false;
      last = now;
      if (entry.kind == CashierEntry::Kind::pressed && entry.code == "loyalty_unavailable_start") {
        disabled = entry.text == "Disable real time loyalty";
      }
    }
    if (evidence_.life.changed(till_, last, {order.at, order.order})) disabled = false;
    return disabled;
  }

  void question(const WireEntry& wire) {
    const std::string_view member = std::string_view(wire.target).substr(kLoyaltyPath.size());
    for (Selection& each : found_.all) {
      const bool its = each.asked == nullptr && each.member == member &&
                       each.order->at <= wire.sent && wire.sent - each.order->at <= within_;
      if (!its) continue;
      each.asked = &wire;
      if (wire.from_cloud && wire.status == 200 && wire.ended != Instant::never()) {
        each.told = read_points(wire.answer);
      }
      return;
    }
    found_.strays.push_back(&wire);
  }

  const Evidence& evidence_;
  std::string_view till_;
  base::Duration within_;
  Selections found_;
};

}  // namespace

const Selection* Selections::before(std::uint64_t order) const {
  const Selection* last = nullptr;
  for (const Selection& each : all) {
    if (each.order->order < order) last = &each;
  }
  return last;
}

Selections selections_of(const Evidence& evidence, std::string_view till) {
  return SelectionReader(evidence, till).read();
}

}  // namespace tillrig::oracle
