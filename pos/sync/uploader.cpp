#include "pos/sync/uploader.hpp"

#include "pos/base/spawn.hpp"

#include <algorithm>
#include <utility>

namespace tillrig::sync {

const base::Mutant kUploadsAreTheLine{"uploads_are_the_line", "INV-55",
                                      "a fault planted by a reviewer",
                                      "a cloud that takes no upload counts as no line, though it "
                                      "answers"};

// One connection's worth of the window.
struct Uploader::Worker {
  Worker(const ports::Ports& ports, const Config& config)
      : client(ports, config.cloud, config.till, config.secret), alarm(ports.make_alarm()) {}

  CloudClient client;
  std::unique_ptr<ports::Alarm> alarm;
};

Uploader::Uploader(const ports::Ports& ports, store::Outbox& store, Config config, LaneHost& host)
    : ports_(ports),
      config_(std::move(config)),
      host_(host),
      lane_(store, ports.entropy, config_.mutants) {
  for (std::size_t i = 0; i < wire::kWindow; ++i) {
    workers_.push_back(std::make_unique<Worker>(ports, config_));
  }
}

Uploader::~Uploader() = default;

void Uploader::start() {
  for (auto& worker : workers_) {
    auto working = work_loop(*worker);
    base::spawn(ports_.executor, std::move(working));
  }
}

void Uploader::replace() {
  replaced_ = true;
  ring();
}

void Uploader::ring() {
  for (auto& worker : workers_) worker->alarm->ring();
}

void Uploader::now() {
  lane_.now(ports_.clock.now());
  wanted_ = true;
}

bool Uploader::may_send() const {
  return host_.online() || (wanted_ && !host_.in_local_mode());
}

base::Awaitable<void> Uploader::work_loop(Worker& worker) {
  Session& session = host_.session();
  while (!host_.stopped() && !replaced_) {
    const Instant now = ports_.clock.now();
    Instant resume = Instant::never();
    if (may_send() && session.login()) {
      wanted_ = false;
      auto outgoing = lane_.next(now);
      if (outgoing) {
        Outgoing batch = std::move(*outgoing);
        co_await upload(worker, std::move(batch));
        continue;
      }
      resume = lane_.resume_at(now);
    } else if (host_.online() && !session.logging_in()) {
      if (now >= session.not_before()) {
        co_await host_.log_in(worker.client);
        continue;
      }
      resume = session.not_before();
    }
    co_await worker.alarm->sleep_until(resume);
  }
}

base::Awaitable<void> Uploader::upload(Worker& worker, Outgoing outgoing) {
  Session& session = host_.session();
  const std::uint64_t generation = session.login()->generation;
  const std::string token = session.login()->token;
  co_await ports::settle(ports_);  // of reading what goes up
  if (host_.stopped()) co_return;
  wire::UpBatch head;
  head.till = config_.till;
  head.epoch = outgoing.epoch;
  head.generation = generation;
  head.batch = outgoing.batch;
  base::Bytes body = wire::write_json(head, outgoing.list);
  ports_.recorder.note({.mark = "batch.sent"},
                       {{"batch", static_cast<std::int64_t>(outgoing.batch)},
                        {"items", static_cast<std::int64_t>(outgoing.items.size())}});
  const std::size_t bytes = body.size();
  const Instant began = ports_.clock.now();
  const Duration patience =
      std::max(host_.for_uploads().now(bytes), host_.patience_with(worker.client));
  const Instant deadline = began + patience;
  Outcome outcome = co_await worker.client.send(std::move(body), token, deadline);
  if (host_.stopped() || replaced_) co_return;
  if (out_of_time(outcome.cause)) host_.for_uploads().ran_out(patience, bytes);
  if (outcome.answer) host_.for_uploads().answered(ports_.clock.now() - began, bytes);
  // A cloud that answers and takes no upload says nothing of the line, and one whose answer is lost
  // not much: else the line would be lost and found again every few seconds, and each time what
  // waits would be sent at once.
  const bool whole = outcome.cause == Cause::none || outcome.cause == Cause::login ||
                     outcome.cause == Cause::portal || kUploadsAreTheLine.on(config_.mutants);
  if (whole) {
    host_.heard(outcome.cause);
  } else if (outcome.status < 500) {
    host_.doubt(outcome.cause);
  }
  if (outcome.status == 401 || outcome.status == 409) session.lost(generation);
  ports_.recorder.note({.mark = outcome.answer ? "batch.answered" : "batch.failed"},
                       {{"batch", static_cast<std::int64_t>(outgoing.batch)},
                        {"cause", name(outcome.cause)},
                        {"status", outcome.status}});
  const auto kept = lane_.finish(outgoing, outcome, ports_.clock.now());
  if (!kept) {
    ports_.recorder.note({.mark = "store.failed", .severity = ports::Severity::error},
                         {{"why", std::string_view(kept.error().what)}});
  }
  host_.uploaded();
  ring();
  co_await ports::settle(ports_);
}

}  // namespace tillrig::sync
