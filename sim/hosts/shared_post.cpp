#include "sim/hosts/shared_post.hpp"

#include "pos/base/assert.hpp"
#include "pos/base/spawn.hpp"

#include <utility>

namespace tillrig::hosts {

using base::Instant;

SharedPost::SharedPost(const devices::Role& role, ports::Ports ports, ports::Endpoint at,
                       world::DeviceWitness& witness, const devices::Settings& settings)
    : role_(role),
      ports_(std::move(ports)),
      at_(std::move(at)),
      witness_(witness),
      device_(role.make(settings)),
      lines_(*device_->many_lines()),
      time_(ports_.make_alarm()) {}

base::Result<void> SharedPost::open() {
  if (auto listening = listen(); !listening) return listening;
  auto timing = keep_time(this);
  base::spawn(ports_.executor, std::move(timing));
  return {};
}

base::Result<void> SharedPost::listen() {
  auto listener = ports_.network.listen(at_);
  if (!listener) return base::Failure(listener.error());
  listener_ = std::move(*listener);
  at_.port = listener_->port();
  auto serving = serve(this, listener_);
  base::spawn(ports_.executor, std::move(serving));
  return {};
}

// Its port may be taken still for a moment.
base::Awaitable<void> SharedPost::listen_again(SharedPost* self) {
  constexpr base::Duration kPause = std::chrono::milliseconds(50);
  while (self->listener_ == nullptr && !self->listen()) {
    const Instant soon = self->ports_.clock.now() + kPause;
    co_await self->ports_.timer.sleep_until(soon);
  }
}

base::Awaitable<void> SharedPost::serve(SharedPost* self,
                                        std::shared_ptr<ports::Listener> listener) {
  for (;;) {
    auto accepted = co_await listener->accept();
    if (!accepted) co_return;
    auto connection = std::make_shared<Connection>(++self->last_, std::move(*accepted),
                                                   self->ports_.make_alarm());
    self->connections_.emplace(connection->number, connection);
    if (self->connections_.size() == 1) self->witness_.connected(self->role_.name, true);
    self->lines_.line_up(connection->number, self->ports_.clock.now());
    auto reading = read_from(self, connection);
    base::spawn(self->ports_.executor, std::move(reading));
    auto writing = write_to(self, connection);
    base::spawn(self->ports_.executor, std::move(writing));
  }
}

base::Awaitable<void> SharedPost::read_from(SharedPost* self, Shared connection) {
  constexpr std::size_t kReadBytes = 4096;
  while (connection->open) {
    const Instant for_ever = Instant::never();
    auto bytes = co_await connection->channel->read(kReadBytes, for_ever);
    if (!bytes && bytes.error().code == base::Code::tls) {
      self->witness_.device({}, self->role_.name, {"no TLS:", bytes.error().what});
    }
    if (!connection->open || !bytes || bytes->empty()) break;
    const Instant now = self->ports_.clock.now();
    static_cast<void>(self->device_->poll(now));
    self->lines_.feed(connection->number, *bytes, now);
    self->say();
  }
  self->drop(connection, false);
}

base::Awaitable<void> SharedPost::write_to(SharedPost* self, Shared connection) {
  while (connection->open) {
    while (connection->open && !connection->out.empty()) {
      base::Bytes bytes = std::move(connection->out.front());
      connection->out.pop_front();
      const Instant for_ever = Instant::never();
      auto written = co_await connection->channel->write(std::move(bytes), for_ever);
      if (!written) self->drop(connection, false);
    }
    if (!connection->open) co_return;
    if (connection->closing != devices::HangUp::no) {
      self->drop(connection, connection->closing == devices::HangUp::reset);
      co_return;
    }
    const Instant for_ever = Instant::never();
    co_await connection->work->sleep_until(for_ever);
  }
}

void SharedPost::drop(const Shared& connection, bool reset) {
  if (!std::exchange(connection->open, false)) return;
  if (reset) {
    connection->channel->abort();
  } else {
    connection->channel->close();
  }
  connection->work->ring();
  connections_.erase(connection->number);
  lines_.line_down(connection->number, ports_.clock.now());
  if (connections_.empty()) witness_.connected(role_.name, false);
  say();
}

base::Awaitable<void> SharedPost::keep_time(SharedPost* self) {
  for (;;) {
    self->polled_at_ = self->device_->poll_at();
    const Instant due = self->polled_at_;
    co_await self->time_->sleep_until(due);
    const Instant now = self->ports_.clock.now();
    if (now < self->device_->poll_at()) continue;
    static_cast<void>(self->device_->poll(now));
    self->say();
  }
}

void SharedPost::say() {
  for (devices::Record& record : device_->take_records()) {
    witness_.device({}, role_.name, std::move(record));
  }
  for (devices::Said& said : lines_.take_said()) {
    const auto at = connections_.find(said.line);
    if (at == connections_.end()) continue;
    Connection& connection = *at->second;
    if (!said.bytes.empty()) connection.out.push_back(std::move(said.bytes));
    if (said.hang_up != devices::HangUp::no) connection.closing = said.hang_up;
    connection.work->ring();
  }
  if (device_->poll_at() != polled_at_) time_->ring();
}

base::Result<void> SharedPost::handle(std::string_view act, std::string_view detail) {
  auto done = device_->handle(act, detail, ports_.clock.now());
  say();
  if (!done) return base::Failure(done.error());
  return {};
}

void SharedPost::power_cut() {
  static_cast<void>(device_->power_cut(ports_.clock.now()));
  say();
}

void SharedPost::begin(const devices::Trouble& trouble, std::uint64_t /*id*/) {
  if (trouble.takes_line) {
    if (listener_ != nullptr) listener_->close();
    listener_.reset();
    const std::map<int, Shared> all = connections_;
    for (const auto& [number, connection] : all) drop(connection, true);
  }
  static_cast<void>(trouble.begin(*device_, ports_.clock.now()));
  say();
}

void SharedPost::end(const devices::Trouble& trouble, std::uint64_t /*id*/) {
  static_cast<void>(trouble.end(*device_, ports_.clock.now()));
  say();
  if (!trouble.takes_line) return;
  auto listening = listen_again(this);
  base::spawn(ports_.executor, std::move(listening));
}

}  // namespace tillrig::hosts
