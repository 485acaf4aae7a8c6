#include "pos/lan/member.hpp"

#include <algorithm>
#include <utility>

namespace tillrig::lan {

using base::Code;
using base::fail;
using base::Failure;

namespace {

const base::Mutant kFromCopy{"lan_taken_from_copy", "INV-40", "domain 5.5: edited on both sides",
                             "an order whose till cannot be reached is taken from the copy here"};

constexpr std::size_t kRowsBytes = 256 * 1024;  // of carts in a message

}  // namespace

Member::Member(MemberConfig config, Board board, Keep keep)
    : config_(std::move(config)),
      board_(std::move(board)),
      keep_(std::move(keep)),
      election_(config_.self, config_.wired, config_.rules, config_.mutants) {}

void Member::begin(Instant now) {
  election_.begin(now);
  beat_at_ = now;
}

bool Member::shared(const OpenOrder& order) const {
  const auto at = shared_.find(order.id);
  return at != shared_.end() && at->second >= order.version;
}

void Member::heard(const Said& said, Instant now) {
  const auto& peers = config_.peers;
  if (std::find(peers.begin(), peers.end(), said.from) == peers.end()) return;
  std::visit([&](const auto& message) { take(said.from, message, now); }, said.message);
}

void Member::lost(const std::string& peer, Instant now) {
  const std::string before = election_.hub();
  election_.lost(peer);
  election_.tick(now);
  look_who_is_hub(before);
}

void Member::tick(Instant now) {
  const std::string before = election_.hub();
  const std::size_t there = election_.peers().size();
  election_.tick(now);
  look_who_is_hub(before);
  if (election_.peers().size() != there) news_.emplace_back(HubChanged{});
  if (now >= beat_at_) beat_all(now);
}

void Member::look_who_is_hub(const std::string& before) {
  if (election_.hub() == before) return;
  news_.emplace_back(HubChanged{});
  beat_at_ = Instant{0};  // all are told at once
}

Instant Member::next(Instant now) const {
  return std::min(beat_at_, election_.next(now));
}

// To all that are configured: whoever cannot be reached drops it.
void Member::beat_all(Instant now) {
  beat_at_ = now + config_.rules.beat;
  for (const std::string& peer : config_.peers) {
    const auto known = newest_of_.find(peer);
    Beat beat{config_.wired,   election_.epoch(),
              election_.hub(), board_.digest(),
              newest_,         known == newest_of_.end() ? std::string() : known->second};
    out_.push_back({peer, std::move(beat)});
  }
}

void Member::take(const std::string& from, const Beat& beat, Instant now) {
  const std::string before = election_.hub();
  const bool is_new = !election_.there(from);
  election_.heard(from, beat.wired, beat.hub, beat.epoch, now);
  election_.tick(now);
  look_who_is_hub(before);
  if (is_new) news_.emplace_back(HubChanged{});
  if (!beat.newest.empty()) newest_of_[from] = beat.newest;
  const auto noted = base::parse_event_id(beat.noted);
  if (noted && noted->till == config_.self && (!noted_ || *noted_ < *noted)) noted_ = *noted;
  if (beat.digest == board_.digest()) {
    for (const auto& [id, order] : board_.all()) shared_[id] = order.version;
    return;
  }
  // A till tells its hub all that it knows, and a hub tells all others.
  const bool mine = election_.is_hub() || election_.hub() == from || election_.hub().empty();
  if (mine) send_all(from);
}

void Member::take(const std::string& from, const Rows& rows, Instant /*now*/) {
  Rows news;
  const Board before = board_;
  for (const OpenOrder& order : rows.orders) {
    if (board_.merge(order)) news.orders.push_back(order);
  }
  if (news.orders.empty()) return;
  if (!keep_or_go_back(before)) return;  // told again with the next beat
  news_.emplace_back(OrdersChanged{});
  if (election_.is_hub() || election_.hub().empty()) spread(news, from);
  beat_at_ = Instant{0};  // who told it learns that it is known
}

void Member::take(const std::string& /*from*/, const Take& take, Instant /*now*/) {
  const OpenOrder* const order = board_.find(take.order);
  if (order == nullptr || !is_open(order->state)) {
    return deny(take.by, take.order, "it is not open any more");
  }
  if (order->holder == take.by) {  // it was handed over already
    Rows again;
    again.orders.push_back(*order);
    static_cast<void>(send(take.by, std::move(again)));
    return;
  }
  if (order->holder != config_.self) {
    const bool way = election_.is_hub() && election_.there(order->holder);
    if (!way) return deny(take.by, take.order, fmt::format("{} cannot be reached", order->holder));
    static_cast<void>(send(order->holder, Take{take.order, take.by, election_.epoch()}));
    return;
  }
  if (take.epoch < election_.epoch()) {
    return deny(take.by, take.order, "another till has become hub meanwhile: try again");
  }
  const Board before = board_;
  auto handed = board_.hand_over(take.order, take.by);
  if (!handed) return deny(take.by, take.order, handed.error().what);
  if (auto kept = keep_or_go_back(before); !kept) {
    return deny(take.by, take.order, kept.error().what);
  }
  news_.emplace_back(OrdersChanged{});
  Rows rows;
  rows.orders.push_back(*handed);
  if (election_.there(take.by)) static_cast<void>(send(take.by, Message(rows)));
  spread(rows, take.by);
}

void Member::take(const std::string& /*from*/, const Denied& denied, Instant /*now*/) {
  if (denied.by == config_.self) {
    news_.emplace_back(Refused{denied.order, denied.why});
  } else if (election_.is_hub() && election_.there(denied.by)) {
    static_cast<void>(send(denied.by, Message(denied)));
  }
}

// The hub asks the others for whoever does not hear them.
void Member::take(const std::string& from, const Ask& ask, Instant /*now*/) {
  news_.emplace_back(AttemptAsked{ask.attempt, ask.by});
  if (!election_.is_hub() || from != ask.by) return;
  for (const std::string& peer : election_.peers()) {
    if (peer != from) static_cast<void>(send(peer, Message(ask)));
  }
}

void Member::take(const std::string& from, const Told& told, Instant /*now*/) {
  news_.emplace_back(AttemptTold{told.attempt, told.by, told.body});
  const bool for_another = told.by != config_.self && told.by != from;
  if (for_another && election_.is_hub() && election_.there(told.by)) {
    static_cast<void>(send(told.by, Message(told)));
  }
}

Result<void> Member::keep_or_go_back(const Board& before) {
  auto kept = keep_(board_);
  if (!kept) board_ = before;
  return kept;
}

void Member::changed(const std::string& id, const std::string& but) {
  const OpenOrder* const order = board_.find(id);
  if (order == nullptr) return;
  Rows rows;
  rows.orders.push_back(*order);
  spread(rows, but);
}

void Member::spread(const Rows& rows, const std::string& but) {
  const bool to_hub =
      !election_.is_hub() && !election_.hub().empty() && election_.there(election_.hub());
  if (to_hub) {
    if (election_.hub() != but) out_.push_back({election_.hub(), Message(rows)});
    return;
  }
  for (const std::string& peer : election_.peers()) {
    if (peer != but) out_.push_back({peer, Message(rows)});
  }
}

void Member::send_all(const std::string& to) {
  Rows rows;
  std::size_t bytes = 0;
  for (const auto& [id, order] : board_.all()) {
    rows.orders.push_back(order);
    bytes += order.cart.size();
    if (bytes < kRowsBytes) continue;
    out_.push_back({to, std::exchange(rows, {})});
    bytes = 0;
  }
  if (!rows.orders.empty()) out_.push_back({to, std::move(rows)});
}

// Directly, or over the hub.
bool Member::send(const std::string& to, Message message) {
  std::string next = to;
  if (!election_.there(to)) next = election_.hub();
  if (next.empty() || next == config_.self || !election_.there(next)) return false;
  out_.push_back({std::move(next), std::move(message)});
  return true;
}

void Member::deny(const std::string& by, const std::string& order, std::string why) {
  static_cast<void>(send(by, Denied{order, by, std::move(why)}));
}

Result<void> Member::park(OpenOrder order, bool is_new) {
  const Board before = board_;
  const std::string id = order.id;
  auto done = is_new ? board_.add(std::move(order)) : board_.put_down(std::move(order));
  if (done) done = keep_or_go_back(before);
  if (done) changed(id);
  return done;
}

Result<void> Member::pick_up(const std::string& id) {
  const Board before = board_;
  auto done = board_.pick_up(id);
  if (done) done = keep_or_go_back(before);
  if (done) changed(id);
  return done;
}

Result<void> Member::close(const std::string& id, OrderState how, std::int64_t now_ms) {
  const Board before = board_;
  auto done = board_.close(id, how, now_ms);
  if (done) done = keep_or_go_back(before);
  if (done) changed(id);
  return done;
}

Result<void> Member::ask_for(const std::string& id) {
  const OpenOrder* const order = board_.find(id);
  if (order == nullptr || !is_open(order->state)) {
    return fail(Code::not_found, "no order \"{}\" is open", id.substr(0, kLabelBytes));
  }
  if (order->holder == config_.self) return {};
  const std::string holder = order->holder;
  if (kFromCopy.on(config_.mutants) && !election_.there(holder)) {
    OpenOrder copy = *order;
    copy.holder = config_.self;
    ++copy.version;
    static_cast<void>(board_.merge(copy));
    return keep_(board_);
  }
  const std::string& hub = election_.hub();
  const bool over_hub = !hub.empty() && hub != config_.self && election_.there(hub);
  if (over_hub) {
    out_.push_back({hub, Take{id, config_.self, election_.epoch()}});
    return {};
  }
  if (!election_.there(holder)) {
    return fail(Code::needs_connection,
                "the order {} is at {}, which cannot be reached over the LAN: go on with it there",
                id, holder);
  }
  out_.push_back({holder, Take{id, config_.self, election_.epoch()}});
  return {};
}

bool Member::ask_attempt(const std::string& attempt) {
  bool any = false;
  for (const std::string& peer : election_.peers()) {
    any = send(peer, Ask{attempt, config_.self}) || any;
  }
  return any;
}

void Member::tell_attempt(const std::string& attempt, const std::string& by,
                          const std::string& body) {
  static_cast<void>(send(by, Told{attempt, by, body}));
}

}  // namespace tillrig::lan
