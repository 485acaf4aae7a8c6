#include "sim/world/device_post.hpp"

#include "pos/base/spawn.hpp"

#include <utility>

namespace tillrig::world {

using base::Instant;

DevicePost::DevicePost(const devices::Role& role, ports::Ports ports, ports::Endpoint at,
                       std::string till, Recording& recording, const devices::Settings& settings)
    : role_(role),
      ports_(std::move(ports)),
      at_(std::move(at)),
      till_(std::move(till)),
      recording_(recording),
      device_(role.make(settings)),
      work_(ports_.make_alarm()) {}

base::Result<void> DevicePost::open() {
  if (auto listening = listen(); !listening) return listening;
  auto writing = write_out(this);
  base::spawn(ports_.executor, std::move(writing));
  return {};
}

base::Result<void> DevicePost::listen() {
  auto listener = ports_.network.listen(at_);
  if (!listener) return base::Failure(listener.error());
  listener_ = std::move(*listener);
  at_.port = listener_->port();
  auto serving = serve(this, listener_);
  base::spawn(ports_.executor, std::move(serving));
  return {};
}

// On real sockets its port may be taken still for a moment.
base::Awaitable<void> DevicePost::listen_again(DevicePost* self) {
  constexpr base::Duration kPause = std::chrono::milliseconds(50);
  while (self->listener_ == nullptr && !self->listen()) {
    const Instant soon = self->ports_.clock.now() + kPause;
    co_await self->ports_.timer.sleep_until(soon);
  }
}

bool DevicePost::leave() {
  if (listener_ != nullptr) listener_->close();
  listener_.reset();
  out_.clear();
  const std::shared_ptr<base::ByteChannel> channel = std::exchange(channel_, nullptr);
  if (channel != nullptr) channel->abort();
  return channel != nullptr;
}

base::Awaitable<void> DevicePost::serve(DevicePost* self,
                                        std::shared_ptr<ports::Listener> listener) {
  constexpr std::size_t kReadBytes = 4096;
  for (;;) {
    auto accepted = co_await listener->accept();
    if (!accepted) co_return;
    const std::shared_ptr<base::ByteChannel> channel = std::move(*accepted);
    self->channel_ = channel;
    self->work_->ring();
    for (;;) {
      const Instant for_ever = Instant::never();
      auto bytes = co_await channel->read(kReadBytes, for_ever);
      if (!bytes || bytes->empty()) break;
      self->say(self->device_->feed(*bytes, self->ports_.clock.now()));
    }
    if (self->channel_ == channel) self->channel_.reset();
  }
}

base::Awaitable<void> DevicePost::write_out(DevicePost* self) {
  for (;;) {
    while (!self->out_.empty() && self->channel_ != nullptr) {
      const std::shared_ptr<base::ByteChannel> channel = self->channel_;
      base::Bytes bytes = std::move(self->out_.front());
      self->out_.pop_front();
      const Instant for_ever = Instant::never();
      auto written = co_await channel->write(std::move(bytes), for_ever);
      if (!written && channel == self->channel_) self->channel_.reset();
    }
    const Instant for_ever = Instant::never();
    co_await self->work_->sleep_until(for_ever);
  }
}

void DevicePost::say(base::Bytes bytes) {
  for (devices::Record& record : device_->take_records()) {
    recording_.device(till_, role_.name, std::move(record));
  }
  if (bytes.empty() || channel_ == nullptr) return;  // nobody is there to hear it
  out_.push_back(std::move(bytes));
  work_->ring();
}

base::Result<void> DevicePost::handle(std::string_view act, std::string_view detail) {
  auto bytes = device_->handle(act, detail, ports_.clock.now());
  if (!bytes) return base::Failure(bytes.error());
  if (channel_ != nullptr) recording_.sent(till_, role_.name, *bytes);
  say(std::move(*bytes));
  return {};
}

void DevicePost::power_cut() {
  say(device_->power_cut(ports_.clock.now()));
}

void DevicePost::begin(const devices::Trouble& trouble, words::FaultId id) {
  if (trouble.takes_line && leave()) fired(id);
  say(trouble.begin(*device_, ports_.clock.now()));
}

void DevicePost::end(const devices::Trouble& trouble, words::FaultId id) {
  if (trouble.has_hindered(*device_)) fired(id);
  say(trouble.end(*device_, ports_.clock.now()));
  if (!trouble.takes_line) return;
  auto listening = listen_again(this);
  base::spawn(ports_.executor, std::move(listening));
}

namespace {

// The troubles of all devices as faults of the vocabulary.
void add_device_faults() {
  for (const devices::Role* role : devices::roles()) {
    for (const devices::Trouble& trouble : role->troubles) {
      words::Fault fault;
      fault.name = trouble.name;
      fault.doc = trouble.doc;
      fault.example = trouble.example;
      fault.domain = role->name;
      fault.heals = trouble.heals;
      const devices::Trouble* const which = &trouble;
      fault.start = [which](words::Target& target, words::FaultId id, const words::Args&) {
        static_cast<DevicePost&>(target).begin(*which, id);
      };
      fault.heal = [which](words::Target& target, words::FaultId id) {
        static_cast<DevicePost&>(target).end(*which, id);
      };
      words::Table<words::Fault>::add(std::move(fault));
    }
  }
}

[[maybe_unused]] const bool kAdded =
    (words::Table<words::Fault>::add_from(add_device_faults), true);

}  // namespace
}  // namespace tillrig::world
