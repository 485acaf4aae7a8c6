#include "pos/sync/service.hpp"

#include "pos/base/spawn.hpp"

#include <utility>

namespace tillrig::sync {
namespace {

const base::Mutant kTwoUploaders{"two_uploaders", "INV-27", "odoo/odoo#152259, odoo/odoo#180278",
                                 "a second uploader starts when the line comes back"};

constexpr Duration kUploadTimeout = std::chrono::seconds(30);

}  // namespace

// One connection's worth of the window.
struct Service::Worker {
  Worker(const ports::Ports& ports, const ServiceConfig& config, Uploader& owner)
      : uploader(owner), client(ports, config.cloud, config.till), alarm(ports.make_alarm()) {}

  Uploader& uploader;
  CloudClient client;
  std::unique_ptr<ports::Alarm> alarm;
};

// The rules of the lane and the workers that carry them out. There is one; more is a mutant.
struct Service::Uploader {
  Uploader(const ports::Ports& ports, store::Outbox& store, const ServiceConfig& config)
      : lane(store, ports.entropy, config.mutants) {
    for (std::size_t i = 0; i < wire::kWindow; ++i) {
      workers.push_back(std::make_unique<Worker>(ports, config, *this));
    }
  }

  void ring() {
    for (auto& worker : workers) worker->alarm->ring();
  }

  UpLane lane;
  std::vector<std::unique_ptr<Worker>> workers;
};

Service::Service(const ports::Ports& ports, store::Outbox& store, ServiceConfig config,
                 Listener listener)
    : ports_(ports),
      store_(store),
      config_(std::move(config)),
      listener_(std::move(listener)),
      connectivity_(config_.connectivity),
      prober_(ports, config_.cloud, config_.till),
      probe_alarm_(ports.make_alarm()),
      session_(ports) {}

Service::~Service() = default;

base::Awaitable<Cause> Service::first_contact() {
  const Instant deadline = ports_.clock.now() + config_.connectivity.probe_timeout;
  const Cause cause = co_await prober_.ping(deadline);
  if (stopped_) co_return Cause::login;
  heard(cause);
  if (cause != Cause::none) co_return cause;
  if (session_.login()) co_return Cause::none;
  co_return co_await log_in(prober_);
}

void Service::start() {
  running_ = true;
  start_uploader();
  auto probing = probe_loop();
  base::spawn(ports_.executor, std::move(probing));
}

void Service::start_uploader() {
  uploaders_.push_back(std::make_unique<Uploader>(ports_, store_, config_));
  for (auto& worker : uploaders_.back()->workers) {
    auto working = work_loop(*worker);
    base::spawn(ports_.executor, std::move(working));
  }
}

void Service::stop() {
  running_ = false;
  stopped_ = true;
  probe_alarm_->ring();
  kick();
}

void Service::kick() {
  for (auto& uploader : uploaders_) uploader->ring();
}

void Service::probe_now() {
  probe_due_ = true;
  probe_alarm_->ring();
}

void Service::heard(Cause cause) {
  const bool was_online = connectivity_.online();
  const Instant due = connectivity_.next_probe();
  const bool changed = connectivity_.step(cause, ports_.clock.now());
  if (connectivity_.next_probe() < due) probe_alarm_->ring();
  if (changed) {
    std::string_view mark = "link.offline";
    if (connectivity_.link() == Link::online) mark = "link.online";
    if (connectivity_.link() == Link::suspect) mark = "link.suspect";
    ports_.recorder.note({.mark = mark}, {{"link", name(connectivity_.link())},
                                          {"cause", name(connectivity_.cause())}});
  }
  tell();
  if (connectivity_.online() == was_online || !connectivity_.online() || !running_) return;
  if (kTwoUploaders.on(config_.mutants) && uploaders_.size() < 2) start_uploader();
  for (auto& uploader : uploaders_) uploader->lane.line_is_back(ports_.clock.now());
  kick();
}

void Service::tell() {
  const std::pair now(link(), cause());
  if (std::exchange(told_, now) == now || !listener_.connection) return;
  listener_.connection(now.first, now.second);
}

base::Awaitable<void> Service::probe_loop() {
  while (running_) {
    const Instant due = connectivity_.next_probe();
    if (!std::exchange(probe_due_, false) && ports_.clock.now() < due) {
      co_await probe_alarm_->sleep_until(due);
      continue;  // it may have moved meanwhile
    }
    const Instant deadline = ports_.clock.now() + config_.connectivity.probe_timeout;
    const Cause cause = co_await prober_.ping(deadline);
    if (stopped_) co_return;
    heard(cause);
  }
}

// One at a time; the others wait to be rung.
base::Awaitable<Cause> Service::log_in(CloudClient& client) {
  auto reply = co_await session_.ask(client);
  if (stopped_) co_return Cause::login;
  const Cause cause = reply.cause;
  heard(cause);
  if (session_.keep(std::move(reply))) {
    for (auto& uploader : uploaders_) uploader->lane.restart();
    if (listener_.logged_in) listener_.logged_in();
    co_await ports::settle(ports_);  // it may open an epoch
    if (stopped_) co_return Cause::login;
  }
  kick();
  co_return cause;
}

base::Awaitable<void> Service::work_loop(Worker& worker) {
  UpLane& lane = worker.uploader.lane;
  while (running_) {
    const Instant now = ports_.clock.now();
    Instant resume = Instant::never();
    if (connectivity_.online() && session_.login()) {
      auto outgoing = lane.next(now);
      if (outgoing) {
        Outgoing batch = std::move(*outgoing);
        co_await upload(worker, std::move(batch));
        continue;
      }
      resume = lane.resume_at(now);
    } else if (connectivity_.online() && !session_.logging_in()) {
      if (now >= session_.not_before()) {
        co_await log_in(worker.client);
        continue;
      }
      resume = session_.not_before();
    }
    co_await worker.alarm->sleep_until(resume);
  }
}

base::Awaitable<void> Service::upload(Worker& worker, Outgoing outgoing) {
  UpLane& lane = worker.uploader.lane;
  const std::uint64_t generation = session_.login()->generation;
  const std::string token = session_.login()->token;
  co_await ports::settle(ports_);  // of reading what goes up
  if (stopped_) co_return;
  wire::UpBatch head;
  head.till = config_.till;
  head.epoch = outgoing.epoch;
  head.generation = generation;
  head.batch = outgoing.batch;
  base::Bytes body = wire::write_json(head, outgoing.list);
  ports_.recorder.note({.mark = "batch.sent"},
                       {{"batch", static_cast<std::int64_t>(outgoing.batch)},
                        {"items", static_cast<std::int64_t>(outgoing.items.size())}});
  const Instant deadline = ports_.clock.now() + kUploadTimeout;
  Outcome outcome = co_await worker.client.send(std::move(body), token, deadline);
  if (stopped_) co_return;
  heard(outcome.cause);
  if (outcome.status == 401 || outcome.status == 409) session_.lost(generation);
  ports_.recorder.note({.mark = outcome.answer ? "batch.answered" : "batch.failed"},
                       {{"batch", static_cast<std::int64_t>(outgoing.batch)},
                        {"cause", name(outcome.cause)},
                        {"status", outcome.status}});
  const auto kept = lane.finish(outgoing, outcome, ports_.clock.now());
  if (!kept) {
    ports_.recorder.note({.mark = "store.failed", .severity = ports::Severity::error},
                         {{"why", std::string_view(kept.error().what)}});
  }
  if (listener_.counters) listener_.counters();
  worker.uploader.ring();
  co_await ports::settle(ports_);
}

}  // namespace tillrig::sync
