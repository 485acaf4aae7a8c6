#include "pos/sync/downloader.hpp"

#include "pos/base/spawn.hpp"

#include <algorithm>
#include <utility>

namespace tillrig::sync {

Downloader::Downloader(const ports::Ports& ports, store::Shelf& shelf, CloudClient client,
                       std::string_view table, LaneHost& host, base::Mutants mutants)
    : ports_(ports),
      host_(host),
      table_(table),
      lane_(shelf, ports.entropy, table, std::move(mutants)),
      client_(std::move(client)),
      alarm_(ports.make_alarm()) {}

void Downloader::start() {
  auto reading = read();
  base::spawn(ports_.executor, std::move(reading));
}

void Downloader::replace() {
  replaced_ = true;
  ring();
}

base::Awaitable<void> Downloader::read() {
  while (!host_.stopped() && !replaced_) {
    const Instant now = ports_.clock.now();
    Instant resume = Instant::never();
    if (host_.online() && host_.session().login()) {
      auto ask = lane_.next(now);
      if (ask) {
        FeedAsk page = std::move(*ask);
        co_await read_page(std::move(page));
        continue;
      }
      resume = lane_.resume_at(now);
    }
    co_await alarm_->sleep_until(resume);
  }
}

base::Awaitable<void> Downloader::read_page(FeedAsk ask) {
  Session& session = host_.session();
  const std::uint64_t generation = session.login()->generation;
  std::string token = session.login()->token;
  std::string table = ask.table;
  store::Reading after = ask.after;
  const Instant began = ports_.clock.now();
  const Duration patience = std::max(patience_.now(), host_.patience_with(client_));
  const Instant deadline = began + patience;
  FeedOutcome outcome = co_await client_.page(std::move(table), std::move(after), ask.compare,
                                              std::move(token), deadline);
  if (host_.stopped() || replaced_) co_return;
  if (out_of_time(outcome.cause)) patience_.ran_out(patience);
  if (outcome.answer) patience_.answered(ports_.clock.now() - began);
  // A cloud that answers and has no page for us says nothing of the line, neither good nor bad.
  const bool page_alone = outcome.status >= 500 && outcome.cause != Cause::portal;
  if (!page_alone) host_.heard(outcome.cause);
  if (outcome.status == 401 || outcome.status == 409) session.lost(generation);
  if (!outcome.answer) {
    ports_.recorder.note({.mark = "feed.failed"}, {{"table", std::string_view(ask.table)},
                                                   {"cause", name(outcome.cause)},
                                                   {"status", outcome.status}});
  }
  const auto kept = lane_.finish(ask, outcome, ports_.clock.now());
  if (!kept) {
    ports_.recorder.note({.mark = "store.failed", .severity = ports::Severity::error},
                         {{"why", std::string_view(kept.error().what)}});
  }
  if (kept && *kept) host_.table_changed(table_);
  if (kept && lane_.drifted()) {
    ports_.recorder.note({.mark = "feed.drifted", .severity = ports::Severity::warn},
                         {{"table", std::string_view(ask.table)}});
  }
  if (outcome.status == 401 || outcome.status == 409) host_.kick();
  co_await ports::settle(ports_);
}

}  // namespace tillrig::sync
