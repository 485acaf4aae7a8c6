#include "pos/sync/service.hpp"

#include "pos/base/spawn.hpp"

namespace tillrig::sync {
namespace {

const base::Mutant kTwoUploaders{"two_uploaders", "INV-27", "odoo/odoo#152259, odoo/odoo#180278",
                                 "a second uploader starts when the line comes back"};

constexpr Duration kUploadTimeout = std::chrono::seconds(30);
constexpr Duration kLoginTimeout = std::chrono::seconds(10);

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
  Uploader(const ports::Ports& ports, store::Store& store, const ServiceConfig& config)
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

Service::Service(const ports::Ports& ports, store::Store& store, ServiceConfig config,
                 Listener listener)
    : ports_(ports),
      store_(store),
      config_(std::move(config)),
      listener_(std::move(listener)),
      connectivity_(config_.connectivity),
      prober_(ports, config_.cloud, config_.till),
      probe_alarm_(ports.make_alarm()) {}

Service::~Service() = default;

base::Awaitable<Cause> Service::first_contact() {
  const Instant deadline = ports_.clock.now() + config_.connectivity.probe_timeout;
  const Cause cause = co_await prober_.ping(deadline);
  heard(cause);
  if (cause != Cause::none) co_return cause;
  const bool in = co_await ensure_login();
  if (!in) co_return Cause::login;
  co_return Cause::none;
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
  probe_alarm_->ring();
  kick();
}

void Service::kick() {
  for (auto& uploader : uploaders_) uploader->ring();
}

void Service::heard(Cause cause) {
  const bool was_online = connectivity_.online();
  if (!connectivity_.step(cause, ports_.clock.now())) return;
  ports_.recorder.note(
      {.mark = connectivity_.online() ? "link.online" : "link.offline"},
      {{"link", name(connectivity_.link())}, {"cause", name(connectivity_.cause())}});
  if (listener_.connection) listener_.connection(connectivity_.link(), connectivity_.cause());
  if (connectivity_.online() == was_online || !connectivity_.online() || !running_) return;
  if (kTwoUploaders.on(config_.mutants) && uploaders_.size() < 2) start_uploader();
  for (auto& uploader : uploaders_) uploader->lane.line_is_back(ports_.clock.now());
  kick();
}

base::Awaitable<void> Service::probe_loop() {
  while (running_) {
    const Instant due = connectivity_.next_probe();
    const bool rung = co_await probe_alarm_->sleep_until(due);
    if (rung) continue;
    const Instant deadline = ports_.clock.now() + config_.connectivity.probe_timeout;
    const Cause cause = co_await prober_.ping(deadline);
    heard(cause);
  }
}

base::Awaitable<bool> Service::ensure_login() {
  if (login_) co_return true;
  if (logging_in_) co_return false;
  logging_in_ = true;
  const Instant deadline = ports_.clock.now() + kLoginTimeout;
  auto answer = co_await prober_.login(deadline);
  logging_in_ = false;
  if (!answer) {
    ports_.recorder.note({.mark = "login.failed", .severity = ports::Severity::warn},
                         {{"why", std::string_view(answer.error().what)}});
    co_return false;
  }
  login_ = std::move(*answer);
  ports_.recorder.note({.mark = "login.ok"},
                       {{"generation", static_cast<std::int64_t>(login_->generation)}});
  for (auto& uploader : uploaders_) uploader->lane.restart();
  if (listener_.logged_in) listener_.logged_in();
  kick();
  co_return true;
}

base::Awaitable<void> Service::work_loop(Worker& worker) {
  UpLane& lane = worker.uploader.lane;
  while (running_) {
    const Instant now = ports_.clock.now();
    std::optional<Outgoing> outgoing;
    if (connectivity_.online()) outgoing = lane.next(now);
    if (outgoing) {
      Outgoing batch = std::move(*outgoing);
      co_await upload(worker, std::move(batch));
      continue;
    }
    const Instant resume = connectivity_.online() ? lane.resume_at(now) : Instant::never();
    co_await worker.alarm->sleep_until(resume);
  }
}

base::Awaitable<void> Service::upload(Worker& worker, Outgoing outgoing) {
  UpLane& lane = worker.uploader.lane;
  Outcome outcome;
  const bool in = co_await ensure_login();
  if (in) {
    wire::UpBatch batch;
    batch.till = config_.till;
    batch.epoch = outgoing.epoch;
    batch.generation = login_->generation;
    batch.batch = outgoing.batch;
    batch.items = outgoing.items;
    const std::string token = login_->token;
    ports_.recorder.note({.mark = "batch.sent"},
                         {{"batch", static_cast<std::int64_t>(outgoing.batch)},
                          {"items", static_cast<std::int64_t>(outgoing.items.size())}});
    const Instant deadline = ports_.clock.now() + kUploadTimeout;
    outcome = co_await worker.client.send(std::move(batch), token, deadline);
    heard(outcome.cause);
    if (outcome.status == 401 || outcome.status == 409) login_.reset();
  } else {
    outcome.cause = Cause::login;
  }
  ports_.recorder.note({.mark = outcome.answer ? "batch.answered" : "batch.failed"},
                       {{"batch", static_cast<std::int64_t>(outgoing.batch)},
                        {"cause", name(outcome.cause)},
                        {"status", outcome.status}});
  const auto kept = lane.finish(outgoing, outcome, ports_.clock.now());
  if (!kept) {
    ports_.recorder.note({.mark = "store.failed", .severity = ports::Severity::error},
                         {{"why", std::string_view(kept.error().what)}});
  }
  const Duration debt = ports_.disk.take_debt();
  if (listener_.counters) listener_.counters();
  worker.uploader.ring();
  const Instant settled = ports_.clock.now() + debt;
  co_await ports_.timer.sleep_until(settled);
}

}  // namespace tillrig::sync
