#include "pos/sync/service.hpp"

#include "pos/base/spawn.hpp"
#include "pos/sync/own_moment.hpp"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

namespace tillrig::sync {
namespace {

const base::Mutant kTwoUploaders{"two_uploaders", "INV-27", "odoo/odoo#152259, odoo/odoo#180278",
                                 "a second uploader starts when the line comes back"};

const base::Mutant kFixedDeadlines{
    "fixed_deadlines", "INV-23", "a till on a satellite's line",
    "each probe is given two seconds, so that a line which takes longer counts as none"};

const base::Mutant kPingIsSync{"ping_is_sync", "INV-20",
                               "tills that are \"in sync\" with a full queue",
                               "whoever can reach the cloud counts as in step with it, whatever "
                               "waits to be sent"};

const base::Mutant kOldWorkersStay{"old_workers_stay", "INV-27", "odoo/odoo#152259",
                                   "a service that is restored starts new workers beside the old"};

const base::Mutant kTriggerDoubles{"trigger_doubles", "INV-27", "odoo/odoo#152259",
                                   "Trigger sync up starts an uploader beside the one that runs"};

const base::Mutant kPatienceKept{"patience_kept", "INV-49", "a fault planted by a reviewer",
                                 "who had to be patient once stays so when answers come at once"};

const base::Mutant kLocalModeLooks{
    "local_mode_looks", "INV-18", "lookups that try the server first",
    "in local mode the till goes on looking whether there is a line"};

constexpr Duration kMostPatience = std::chrono::minutes(2);
// After an outage every till of a chain is back at once; they start within this, well inside the 5
// s that a shop is promised.
constexpr Duration kResumeCycle = std::chrono::milliseconds(4500);
constexpr Duration kSlow = std::chrono::seconds(1);
constexpr Duration kAnswer = std::chrono::seconds(10);  // a cashier waits for it

std::string name_what_is_missing(Cause cause) {
  return cause == Cause::none ? "the till is not logged in" : std::string(sentence(cause));
}

}  // namespace

Service::Service(const ports::Ports& ports, store::Outbox& store, store::Notebook& notebook,
                 ServiceConfig config, Listener listener, store::Shelf* shelf)
    : ports_(ports),
      store_(store),
      config_(std::move(config)),
      listener_(std::move(listener)),
      connectivity_(config_.connectivity),
      local_(notebook, ports.clock, config_.mutants),
      freshness_(notebook, ports.clock, config_.mutants),
      line_(notebook, ports.clock, config_.mutants),
      prober_(ports, config_.cloud, config_.till, config_.secret),
      probe_alarm_(ports.make_alarm()),
      patient_prober_(ports, config_.cloud, config_.till, config_.secret),
      asker_(ports, config_.cloud, config_.till, config_.secret),
      for_probes_(config_.connectivity.probe_timeout, kFixedDeadlines.on(config_.mutants)
                                                          ? config_.connectivity.probe_timeout
                                                          : kMostPatience),
      session_(ports, config_.mutants, wire::Login{config_.version, config_.home}),
      desk_(ports, session_, counter()),
      shelf_(shelf) {
  make_downloaders();
}

Service::~Service() = default;

Cause Service::cause() const {
  if (local_.on()) return Cause::local;
  const Cause line = connectivity_.cause();
  if (line != Cause::none) return line;
  if (session_.refused()) return Cause::login;
  const bool slow = connectivity_.online() && for_probes_.smoothed() >= kSlow;
  return slow ? Cause::slow : Cause::none;
}

Duration Service::patience_with(const CloudClient& client) const {
  return for_probes_.now(0, client.connected() ? Patience::Line::made : Patience::Line::to_make);
}

std::optional<base::WallTime> Service::cloud_time() const {
  if (!cloud_said_) return std::nullopt;
  const Duration since = ports_.clock.now() - cloud_said_->second;
  return base::WallTime{cloud_said_->first.ms +
                        std::chrono::duration_cast<std::chrono::milliseconds>(since).count()};
}

base::Awaitable<Cause> Service::probe(CloudClient& client, Duration patience) {
  const Instant began = ports_.clock.now();
  const Instant deadline = began + patience;
  const auto pong = co_await client.ping(deadline);
  const Duration took = ports_.clock.now() - began;
  const bool kept = kPatienceKept.on(config_.mutants) && took < for_probes_.smoothed();
  if (pong.cause == Cause::none && !kept) for_probes_.answered(took);
  line_.probed(pong.cause == Cause::none, took);
  if (pong.answer && pong.answer->server_ms > 0) {
    cloud_said_.emplace(base::WallTime{pong.answer->server_ms}, ports_.clock.now());
  }
  if (pong.answer && !stopped_) {
    for (auto& down : downloaders_) {
      down->lane().heard(pong.answer->server_epoch, pong.answer->feed);
      down->ring();
    }
  }
  co_return pong.cause;
}

base::Awaitable<Cause> Service::first_contact() {
  if (local_.on()) {
    tell();
    co_return Cause::local;
  }
  const Duration patience = patience_with(prober_);
  const Cause cause = co_await probe(prober_, patience);
  if (stopped_) co_return Cause::login;
  heard(cause);
  be_patient(cause);
  if (cause != Cause::none) co_return cause;
  if (session_.login()) co_return Cause::none;
  co_return co_await log_in(prober_);
}

base::Awaitable<base::Result<std::optional<wire::Receipt>>> Service::receipt(base::EventId sale) {
  using Answer = base::Result<std::optional<wire::Receipt>>;
  if (!online() || !session_.login()) {
    co_return base::fail(base::Code::needs_connection, "{}", name_what_is_missing(cause()));
  }
  const std::uint64_t generation = session_.login()->generation;
  const std::string token = session_.login()->token;
  const Instant deadline = ports_.clock.now() + std::max(kAnswer, patience_with(asker_));
  std::vector<std::string> refunds;
  while (true) {
    std::string which = sale.text();
    if (!refunds.empty()) which += fmt::format("?after={}", refunds.size());
    std::string by = token;
    auto reply = co_await asker_.receipt(std::move(which), std::move(by), deadline);
    if (stopped_) co_return base::fail(base::Code::cancelled, "the till is closed");
    heard(reply.cause);
    if (reply.status == 401 || reply.status == 409) session_.lost(generation);
    if (reply.answer && reply.answer->sale.empty()) co_return Answer(std::nullopt);
    if (!reply.answer || reply.answer->sale != sale.text()) {
      kick();  // a login that was lost is made anew
      co_return base::fail(base::Code::needs_connection, "{}",
                           reply.why.empty() ? "the cloud answered for another sale" : reply.why);
    }
    // What came in between is named last: the last answer counts all that was named.
    const bool more = reply.answer->more && !reply.answer->refunds.empty();
    std::ranges::move(reply.answer->refunds, std::back_inserter(refunds));
    if (more) continue;
    reply.answer->refunds = std::move(refunds);
    co_return Answer(*std::move(reply.answer));
  }
}

Desk::Counter Service::counter() {
  Desk::Counter counter{config_.cloud, config_.till, config_.secret, {}, {}, {}};
  counter.shut = [this] { return local_.on(); };
  counter.log_in = [this](CloudClient& client, Instant give_up) -> base::Awaitable<void> {
    return log_in_for(client, give_up);
  };
  counter.fenced = [this](std::uint64_t generation) {
    session_.lost(generation);
    kick();
  };
  return counter;
}

base::Awaitable<void> Service::log_in_for(CloudClient& client, Instant give_up) {
  co_await log_in_until(client, give_up);
}

void Service::start() {
  if (stopped_) return;  // for good
  running_ = true;
  start_uploader();
  auto probing = probe_loop();
  base::spawn(ports_.executor, std::move(probing));
  for (auto& down : downloaders_) down->start();
}

base::Result<void> Service::trigger_up() {
  if (local_.on()) return base::fail(base::Code::not_allowed, "{}", sentence(Cause::local));
  for (auto& uploader : uploaders_) uploader->now();
  if (kTriggerDoubles.on(config_.mutants) && uploaders_.size() < 2) start_uploader();
  probe_now();
  kick();
  return {};
}

base::Result<void> Service::trigger_down() {
  if (local_.on()) return base::fail(base::Code::not_allowed, "{}", sentence(Cause::local));
  for (auto& down : downloaders_) down->lane().now();
  probe_now();
  kick();
  return {};
}

void Service::read_anew() {
  for (auto& down : downloaders_) down->lane().read_anew();
  kick();
}

base::Result<void> Service::restore() {
  if (local_.on()) return base::fail(base::Code::not_allowed, "{}", sentence(Cause::local));
  if (!running_) return {};
  const bool all = !kOldWorkersStay.on(config_.mutants);
  for (auto& uploader : uploaders_) {
    if (all) uploader->replace();
    replaced_uploaders_.push_back(std::move(uploader));
  }
  uploaders_.clear();
  for (auto& down : downloaders_) {
    down->replace();
    replaced_downloaders_.push_back(std::move(down));
  }
  downloaders_.clear();
  if (session_.login() && all) session_.lost(session_.login()->generation);
  ports_.recorder.note({.mark = "sync.restored"});
  start_uploader();
  make_downloaders();
  for (auto& down : downloaders_) down->start();
  probe_now();
  kick();
  return {};
}

std::size_t Service::under_way() const {
  std::size_t items = 0;
  for (const auto& uploader : uploaders_) items += uploader->lane().under_way();
  return items;
}

std::vector<Service::TableShown> Service::tables() {
  std::vector<TableShown> all;
  for (const auto& down : downloaders_) {
    const auto kept = shelf_->reading(down->table());
    all.push_back({std::string(down->table()), kept ? kept->v : 0, down->lane().head()});
  }
  return all;
}

void Service::make_downloaders() {
  if (shelf_ == nullptr) return;
  LaneHost& host = *this;
  for (const std::string_view table : config_.tables) {
    CloudClient client(ports_, config_.cloud, config_.till, config_.secret);
    downloaders_.push_back(std::make_unique<Downloader>(ports_, *shelf_, std::move(client), table,
                                                        host, config_.mutants));
  }
}

void Service::start_uploader() {
  LaneHost& host = *this;
  Uploader::Config config{config_.cloud, config_.till, config_.secret, config_.mutants};
  uploaders_.push_back(std::make_unique<Uploader>(ports_, store_, std::move(config), host));
  uploaders_.back()->start();
}

void Service::uploaded() {
  if (listener_.counters) listener_.counters();
}

void Service::table_changed(std::string_view table) {
  if (listener_.table) listener_.table(table);
}

void Service::stop() {
  running_ = false;
  stopped_ = true;
  probe_alarm_->ring();
  kick();
}

void Service::kick() {
  for (auto& uploader : uploaders_) uploader->ring();
  for (auto& down : downloaders_) down->ring();
}

void Service::probe_now() {
  probe_due_ = true;
  probe_alarm_->ring();
}

void Service::doubt(Cause cause) {
  const Instant due = connectivity_.next_probe();
  const bool changed = connectivity_.doubt(cause, ports_.clock.now(), patience_with(prober_));
  note_link(changed, due);
}

void Service::note_link(bool changed, Instant due) {
  if (connectivity_.next_probe() < due) probe_alarm_->ring();
  if (changed) {
    std::string_view mark = "link.offline";
    if (connectivity_.link() == Link::online) mark = "link.online";
    if (connectivity_.link() == Link::suspect) mark = "link.suspect";
    ports_.recorder.note({.mark = mark}, {{"link", name(connectivity_.link())},
                                          {"cause", name(connectivity_.cause())}});
  }
  tell();
}

void Service::heard(Cause cause) {
  const bool was_online = connectivity_.online();
  const Instant due = connectivity_.next_probe();
  const Instant now = ports_.clock.now();
  note_link(connectivity_.step(cause, now, patience_with(prober_)), due);
  if (connectivity_.online() == was_online || !connectivity_.online() || !running_) return;
  if (kTwoUploaders.on(config_.mutants) && uploaders_.size() < 2) start_uploader();
  const base::WallTime cloud = cloud_time().value_or(ports_.clock.wall());
  const Duration wait = until_own_moment(config_.till, cloud, kResumeCycle);
  for (auto& uploader : uploaders_) uploader->lane().line_is_back(ports_.clock.now(), wait);
  for (auto& down : downloaders_) down->lane().line_is_back(ports_.clock.now());
  kick();
}

void Service::tell() {
  const std::pair now(link(), cause());
  if (std::exchange(told_, now) == now || !listener_.connection) return;
  listener_.connection(now.first, now.second);
}

base::Awaitable<void> Service::probe_loop() {
  while (running_) {
    if (local_.on() && !kLocalModeLooks.on(config_.mutants)) {
      co_await wait_out_local_mode();
      continue;
    }
    const Instant due = connectivity_.next_probe();
    if (!std::exchange(probe_due_, false) && ports_.clock.now() < due) {
      co_await probe_alarm_->sleep_until(due);
      continue;  // it may have moved meanwhile
    }
    const Duration patience = patience_with(prober_);
    const Cause cause = co_await probe(prober_, patience);
    if (stopped_) co_return;
    heard(cause);
    be_patient(cause);
    if (cause != Cause::none) drift_apart();
    if (cause == Cause::none) look_whether_in_step();
    if (listener_.beat) listener_.beat();
    co_await ports::settle(ports_);
  }
}

// Else all tills of a chain would find their lines at one moment, too.
void Service::drift_apart() {
  const auto most = static_cast<std::uint64_t>((connectivity_.heartbeat() / 4).count());
  const std::uint64_t by = ports_.entropy.below("sync.probe", std::max<std::uint64_t>(1, most));
  connectivity_.probe_earlier(Duration{static_cast<std::int64_t>(by)});
}

void Service::look_whether_in_step() {
  const bool sent = store_.pending() == 0 || kPingIsSync.on(config_.mutants);
  const bool level = std::all_of(downloaders_.begin(), downloaders_.end(),
                                 [](const auto& down) { return down->lane().level(); });
  if (!sent || !level || !online() || !session_.login()) return;
  if (auto kept = freshness_.in_step(); !kept) {
    ports_.recorder.note({.mark = "store.failed", .severity = ports::Severity::error},
                         {{"why", std::string_view(kept.error().what)}});
  }
}

base::Result<void> Service::set_local_mode(bool on, std::optional<Duration> lasts) {
  const bool was_on = local_.on();
  auto done = on ? local_.begin(lasts) : local_.end();
  if (on && !done) return done;
  if (on && !was_on) line_.local_mode_began();
  if (!on) connectivity_ = Connectivity(config_.connectivity);  // the line may be any by now
  ports_.recorder.note({.mark = on ? "local.began" : "local.ended"});
  tell();
  probe_now();
  return done;
}

// Until its end, or until somebody ends it.
base::Awaitable<void> Service::wait_out_local_mode() {
  constexpr Duration kBeat = std::chrono::minutes(1);  // of what else spans hours
  const Instant now = ports_.clock.now();
  const Instant until = now + std::min(kBeat, local_.left());
  co_await probe_alarm_->sleep_until(until);
  if (stopped_) co_return;
  if (local_.ends_by_itself() && !local_.on()) static_cast<void>(set_local_mode(false));
  if (listener_.beat) listener_.beat();
  co_await ports::settle(ports_);
}

void Service::be_patient(Cause cause) {
  if (kFixedDeadlines.on(config_.mutants)) return;
  if (!out_of_time(cause) || std::exchange(patient_, true)) return;
  auto probing = probe_patiently();
  base::spawn(ports_.executor, std::move(probing));
}

// Beside the probes, which find out soon when the line is back: one that is given twice as long
// each time, and finds out that the line is there and slow.
base::Awaitable<void> Service::probe_patiently() {
  Duration patience = for_probes_.now();
  Cause cause = Cause::slow;
  while (!stopped_ && !local_.on() && out_of_time(cause)) {
    patience = std::min(2 * patience, kMostPatience);
    cause = co_await probe(patient_prober_, patience);
    if (connectivity_.link() == Link::online) break;
  }
  patient_ = false;
  if (stopped_ || cause != Cause::none) co_return;
  heard(cause);
  if (listener_.slow_line) listener_.slow_line();
}

// One at a time; the others wait to be rung.
base::Awaitable<Cause> Service::log_in(CloudClient& client) {
  return log_in_until(client, Instant::never());
}

base::Awaitable<Cause> Service::log_in_until(CloudClient& client, Instant give_up) {
  const Duration least = patience_with(client);
  auto reply = co_await session_.ask(client, least, give_up);
  if (stopped_) co_return Cause::login;
  const Cause cause = reply.cause;
  heard(cause);
  // One that was cut short says nothing of when the next may be tried: whoever waited for it tries.
  if (give_up != Instant::never() && !reply.answer && cause != Cause::login) {
    kick();
    co_return cause;
  }
  if (session_.keep(std::move(reply))) {
    for (auto& uploader : uploaders_) uploader->lane().restart();
    if (listener_.logged_in) listener_.logged_in();
    co_await ports::settle(ports_);  // it may open an epoch
    if (stopped_) co_return Cause::login;
  }
  kick();
  co_return cause;
}

}  // namespace tillrig::sync
