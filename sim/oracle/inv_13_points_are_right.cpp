#include "pos/base/ids.hpp"
#include "sim/oracle/balance.hpp"
#include "sim/oracle/invariant.hpp"
#include "sim/oracle/selections.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace tillrig::oracle::inv_13_points_are_right {
namespace {

constexpr base::Duration kJustNow = std::chrono::milliseconds(100);  // perhaps not yet taken in
constexpr std::string_view kTotalOnPaper = "Points in all";
constexpr std::string_view kOwnOnPaper = "Points for this sale";

// The points in the line of paper that begins so; nothing: there is no such line.
std::optional<std::int64_t> points_on(std::string_view paper, std::string_view words) {
  const std::size_t at = paper.find(words);
  if (at == std::string_view::npos) return std::nullopt;
  std::string_view line = paper.substr(at, paper.find('\n', at) - at);
  line.remove_prefix(std::min(line.find_first_of("-0123456789"), line.size()));
  std::int64_t points = 0;
  std::from_chars(line.data(), line.data() + line.size(), points);
  return points;
}

std::string points_text(std::optional<std::int64_t> points) {
  return points ? fmt::format("{} points", *points) : "no points";
}

std::string digits_in(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c >= '0' && c <= '9') digits += c;
  }
  return digits;
}

class Checker {
 public:
  explicit Checker(const Evidence& evidence) : evidence_(evidence) {}

  // Each posting is of a sale or refund that gives or takes just that, and each of these has one.
  void ledger() {
    std::map<std::string, const Due*> open;
    for (const Due& due : evidence_.account->dues()) {
      if (!due.id.empty() && due.points != due.redeemed) open[due.id] = &due;
    }
    for (const PostingEntry& posting : evidence_.tapes.postings) {
      if (posting.ledger != "points") continue;
      ++judgement_.judged;
      const auto at = open.find(posting.event);
      const std::string seen = fmt::format("{} for {}", points_text(posting.amount), posting.key);
      if (at == open.end()) {
        // What a till did that nobody followed gives whatever it gives.
        const auto id = base::parse_event_id(posting.event);
        if (id && !evidence_.account->knows(id->till)) continue;
        add(posting.event, "The cloud gave points for {} that nothing gives, or gave them twice.",
            "none", seen);
        continue;
      }
      const Due& due = *at->second;
      if (due.member != posting.key || due.points - due.redeemed != posting.amount) {
        add(due.id, "The cloud gave other points for {} than it earns.",
            fmt::format("{} for {}", points_text(due.points - due.redeemed), due.member), seen);
      }
      open.erase(at);
    }
    for (const auto& [id, due] : open) {
      if (!due->sure || evidence_.in_cloud(id) == nullptr) continue;
      ++judgement_.judged;
      add(id, "The cloud has {} and gave no points for it.",
          fmt::format("{} for {}", points_text(due->points - due->redeemed), due->member), "none");
    }
  }

  void till(std::string_view till) {
    till_ = till;
    selections_ = selections_of(evidence_, till);
    one_of_two();
    questions();
    answers();
    warnings();
    screen();
    papers();
  }

  Judgement take() { return std::move(judgement_); }

 private:
  // What a till could know of the customer's points when it acknowledged a document.
  struct Live {
    std::optional<std::int64_t> told;
    bool online = false;
    bool calm = false;
    std::string member;
  };

  [[nodiscard]] bool gives_points() const { return evidence_.tapes.shop.points_per_unit > 0; }
  [[nodiscard]] bool asks(const Selection& selection) const {
    return gives_points() && selection.realtime;
  }

  // A number that two customers have names neither: the points must not go to whoever comes first.
  void one_of_two() {
    for (const OrderEntry& order : evidence_.tapes.orders) {
      const bool its = order.till == till_ && order.what == "customer" &&
                       order.outcome == OrderEntry::Outcome::done;
      if (!its || !knows_all_changes(order.at)) continue;
      const std::string_view text = order.fields.text("customer").value_or("");
      const std::vector<std::string> called = called_by_number(text, order.at);
      ++judgement_.judged;
      if (called.size() < 2) continue;
      add(order.at, order.line, "{} selected one of two customers who have the same number.",
          fmt::format("a refusal: {} is the number of {} and {}", text, called[0], called[1]),
          "one of them");
    }
  }

  // Whether each change at the cloud has come to the till, or was never made.
  [[nodiscard]] bool knows_all_changes(Instant at) const {
    const Tapes& tapes = evidence_.tapes;
    return std::none_of(
        tapes.customer_changes.begin(), tapes.customer_changes.end(),
        [&](const CustomerChange& change) {
          if (change.at > at) return false;
          if (change.v == 0) return true;
          return std::none_of(tapes.wire.begin(), tapes.wire.end(), [&](const WireEntry& wire) {
            return wire.till == till_ && wire.from_cloud && wire.status == 200 &&
                   wire.target.starts_with("/v1/sync/down?collection=customers") &&
                   wire.reached_cloud > change.at && wire.ended < at && at - wire.ended > kJustNow;
          });
        });
  }

  // Those whose phone number this is; nobody when it is somebody's id or card, or no number.
  [[nodiscard]] std::vector<std::string> called_by_number(std::string_view text, Instant at) const {
    constexpr std::size_t kLeastDigits = 6;
    const std::string digits = digits_in(text);
    std::map<std::string, std::string> phones;
    for (const ShopCustomer& each : evidence_.tapes.shop.customers) {
      if (each.id == text || each.card == text) return {};
      phones[each.id] = each.phone;
    }
    for (const CustomerChange& change : evidence_.tapes.customer_changes) {
      if (change.at <= at) phones[change.id] = change.known ? change.phone : std::string();
    }
    std::vector<std::string> called;
    if (digits.size() < kLeastDigits) return called;
    for (const auto& [id, phone] : phones) {
      if (digits_in(phone) == digits) called.push_back(id);
    }
    return called;
  }

  // One for each selection, and none at any other time.
  void questions() {
    for (const WireEntry* wire : selections_.strays) {
      ++judgement_.judged;
      add(wire->sent, 0, "{} asked for a customer's points although nobody was selected.",
          "one question for each selection", wire->target);
    }
    for (const Selection& each : selections_.all) {
      if (each.member.empty()) continue;
      ++judgement_.judged;
      if (each.asked != nullptr && !asks(each)) {
        add(each.order->at, each.order->line,
            "{} asked for a customer's points although real time loyalty is off.", "no question",
            each.asked->target);
      }
      if (each.asked == nullptr && asks(each) && each.whole && each.calm) {
        add(each.order->at, each.order->line, "{} did not ask for the points of its customer.",
            "one question to the cloud", "none");
      }
    }
  }

  // What the cloud says of a member is what it has booked by then.
  void answers() {
    for (const Selection& each : selections_.all) {
      if (!each.told || !each.calm) continue;
      const auto right = balance_when(evidence_, each.member, *each.asked);
      if (!right) continue;
      ++judgement_.judged;
      if (*each.told == *right) continue;
      add(each.order->at, each.order->line, "{} was told other points than its customer has.",
          points_text(right), points_text(each.told));
    }
  }

  // As many as there are selections without an answer.
  void warnings() {
    std::size_t least = 0;
    std::size_t most = 0;
    int line = 0;
    Instant at{0};
    for (const Selection& each : selections_.all) {
      if (!asks(each) || (each.told && each.calm)) continue;
      ++most;
      if (!each.whole || each.told) continue;
      ++least;
      line = each.order->line;
      at = each.order->at;
    }
    std::size_t seen = 0;
    for (const CashierEntry& entry : evidence_.tapes.cashier) {
      const bool warned = entry.till == till_ && entry.kind == CashierEntry::Kind::prompt;
      if (warned && entry.code == "loyalty_unavailable") ++seen;
      if (warned && entry.code == "loyalty_unavailable_start" && !gives_points()) {
        add(entry.at, entry.line, "{} asks about loyalty, which the shop does not have.",
            "no such prompt", entry.code);
      }
    }
    if (selections_.all.empty() && seen == 0) return;
    ++judgement_.judged;
    if (seen >= least && seen <= most) return;
    add(at, line, "{} did not say at each selection without an answer that loyalty is unavailable.",
        least == most ? fmt::format("{} times", least) : fmt::format("{} to {} times", least, most),
        fmt::format("{}", seen));
  }

  // Points are shown only while they are known, and then they are.
  void screen() {
    bool online = false;
    bool lost = false;  // the line, since the selection in hand
    std::optional<std::int64_t> showing;
    const Selection* current = nullptr;
    bool shown_for_current = true;
    Life::Moment last;
    for (const CashierEntry& entry : evidence_.tapes.cashier) {
      if (entry.till != till_) continue;
      const Life::Moment now{entry.at, entry.order};
      if (evidence_.life.changed(till_, last, now)) {
        online = false;
        showing.reset();
        shown_for_current = true;
      }
      last = now;
      const Selection* const latest = selections_.before(entry.order);
      if (latest != current) {
        missing(current, shown_for_current || lost);
        current = latest;
        shown_for_current = lost = false;
        over_ = UINT64_MAX;
      }
      if (entry.kind == CashierEntry::Kind::connection) {
        online = entry.text == "online" || entry.text == "suspect";
        const bool heard =
            current != nullptr && current->asked != nullptr && entry.order > current->asked->order;
        lost = lost || (!online && heard);
      } else if (entry.kind == CashierEntry::Kind::other && entry.code == "customer") {
        ++judgement_.judged;
        showing = entry.fact("points");
        const auto known = current != nullptr && !lost ? current->told : std::nullopt;
        if (showing && showing != known) {
          add(entry.at, entry.line, "{} shows points that the cloud did not say just now.",
              points_text(known), points_text(showing));
        }
        shown_for_current = shown_for_current || showing.has_value();
        const bool nobody = entry.facts.text("id").value_or("").empty();
        if (nobody) over_ = std::min(over_, entry.order);
      } else if (showing && lost && entry.kind != CashierEntry::Kind::pressed) {
        add(entry.at, entry.line, "{} goes on showing points without a connection.", "no points",
            points_text(showing));
        showing.reset();
      }
      if (entry.kind == CashierEntry::Kind::acknowledged) {
        known_[entry.sale] = live_at(entry, lost ? nullptr : current, online);
      }
    }
    missing(current, shown_for_current || lost);
  }

  // Where the points come beside the sale, it may be over before they are there.
  [[nodiscard]] static Live live_at(const CashierEntry& acked, const Selection* current,
                                    bool online) {
    if (current == nullptr) return {{}, online, false, {}};
    Live live{{}, online, current->calm, current->member};
    if (!current->told || current->asked->order > acked.order) return live;
    live.told = current->told;
    live.calm = live.calm && acked.at - current->asked->ended >= kJustNow;
    return live;
  }

  // Of a selection that was answered the points have to be seen.
  void missing(const Selection* selection, bool seen) {
    if (selection == nullptr || seen || !selection->told || !selection->calm || !selection->whole) {
      return;
    }
    const Selection* const next = next_after(*selection);
    const std::uint64_t end = next != nullptr ? std::min(over_, next->order->order) : over_;
    if (selection->asked->order > end) return;  // the sale was another's, or over
    add(selection->order->at, selection->order->line,
        "{} does not show the points that the cloud said.", points_text(selection->told), "none");
  }

  [[nodiscard]] const Selection* next_after(const Selection& selection) const {
    const Selection* const next = &selection + 1;
    return next == selections_.all.data() + selections_.all.size() ? nullptr : next;
  }

  // Printed when they are known at that moment, and only then.
  void papers() {
    for (const Document& document : evidence_.documents) {
      const bool mine = document.till() == till_ && document.acked != nullptr;
      if (!mine || document.receipt == nullptr) continue;
      const auto on_paper = points_on(document.receipt->paper->text, kTotalOnPaper);
      const Due* const due = evidence_.account->find(document.id);
      const auto known = known_.find(document.id);
      if (due == nullptr || known == known_.end()) continue;
      if (!on_paper && due->member.empty()) continue;
      ++judgement_.judged;
      const Live& live = known->second;
      std::optional<std::int64_t> right;
      const bool its = !due->refund && !due->member.empty() && live.member == due->member;
      if (its && due->in_hand && live.online && live.told)
        right = *live.told + due->points - due->redeemed;
      if (on_paper != right && (on_paper || live.calm)) {
        add(document.id, "The receipt of {} has other points than are known.", points_text(right),
            points_text(on_paper));
        continue;
      }
      // What this sale gives stands above them, and never alone.
      const auto own = points_on(document.receipt->paper->text, kOwnOnPaper);
      const auto gives = on_paper ? std::optional(due->points) : std::nullopt;
      if (own == gives) continue;
      add(document.id, "The receipt of {} has other points for the sale than it gives.",
          points_text(gives), points_text(own));
    }
  }

  void add(std::string_view id, std::string_view what, std::string expected, std::string seen) {
    Violation violation = evidence_.witness(id);
    violation.what = fmt::format(fmt::runtime(what), evidence_.name(id));
    violation.expected = std::move(expected);
    violation.seen = std::move(seen);
    judgement_.violations.push_back(std::move(violation));
  }
  void add(Instant at, int line, std::string_view what, std::string expected, std::string seen) {
    Violation violation;
    violation.till = till_;
    violation.at = at;
    violation.line = line;
    violation.what = fmt::format(fmt::runtime(what), till_);
    violation.expected = std::move(expected);
    violation.seen = std::move(seen);
    judgement_.violations.push_back(std::move(violation));
  }

  const Evidence& evidence_;
  std::string_view till_;
  Selections selections_;
  std::map<std::string_view, Live> known_;
  std::uint64_t over_ = UINT64_MAX;  // when the sale that was looked at last was nobody's any more
  Judgement judgement_;
};

Judgement check(const Evidence& evidence) {
  Checker checker(evidence);
  checker.ledger();
  for (const std::string_view till : evidence.tills) checker.till(till);
  return checker.take();
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-13",
     .doc = "Points are those of the sales and refunds in the cloud, each once; a till asks for a "
            "customer's once at each selection and is told what the cloud has booked, says each "
            "time that "
            "no answer came, and shows and prints them only while they are known.",
     .params = {},
     .example = "waive = { INV-13 = \"why it cannot hold here\" }"},
    "when quiet",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_13_points_are_right
