#include "sim/world/device_post.hpp"

#include "pos/base/spawn.hpp"

#include <utility>

namespace tillrig::world {

using base::Instant;

DevicePost::DevicePost(const devices::Role& role, ports::Ports ports, ports::Endpoint at,
                       std::string till, DeviceWitness& witness, const devices::Settings& settings)
    : role_(role),
      ports_(std::move(ports)),
      at_(std::move(at)),
      till_(std::move(till)),
      witness_(witness),
      device_(role.make(settings)),
      work_(ports_.make_alarm()),
      time_(ports_.make_alarm()) {}

base::Result<void> DevicePost::open() {
  if (auto listening = listen(); !listening) return listening;
  auto writing = write_out(this);
  base::spawn(ports_.executor, std::move(writing));
  auto timing = keep_time(this);
  base::spawn(ports_.executor, std::move(timing));
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
  const bool connected = channel_ != nullptr;
  if (connected) channel_->abort();
  drop();
  return connected;
}

void DevicePost::drop() {
  out_.clear();
  held_in_.clear();
  held_out_.clear();
  late_in_ = late_out_ = false;
  closing_ = devices::HangUp::no;
  if (std::exchange(channel_, nullptr) == nullptr) return;
  device_->line_down(ports_.clock.now());
  witness_.connected(role_.name, false);
}

base::Awaitable<void> DevicePost::serve(DevicePost* self,
                                        std::shared_ptr<ports::Listener> listener) {
  for (;;) {
    auto accepted = co_await listener->accept();
    if (!accepted) co_return;
    if (self->channel_ != nullptr) self->channel_->abort();
    self->drop();
    self->channel_ = std::move(*accepted);
    self->witness_.connected(self->role_.name, true);
    self->device_->line_up(self->ports_.clock.now());
    self->work_->ring();
    auto reading = read_from(self, self->channel_);
    base::spawn(self->ports_.executor, std::move(reading));
  }
}

base::Awaitable<void> DevicePost::read_from(DevicePost* self,
                                            std::shared_ptr<base::ByteChannel> channel) {
  constexpr std::size_t kReadBytes = 4096;
  for (;;) {
    const Instant for_ever = Instant::never();
    auto bytes = co_await channel->read(kReadBytes, for_ever);
    if (channel != self->channel_) co_return;  // another one has taken its place
    if (!bytes || bytes->empty()) break;
    self->hear(*std::move(bytes));
    if (channel != self->channel_) co_return;
  }
  self->drop();
}

void DevicePost::hear(base::Bytes bytes) {
  const base::Instant now = ports_.clock.now();
  if (late_in_) return held_in_.push_back(std::move(bytes));
  const CutMessage how = cut_.met();
  if (how == CutMessage::none) return say(device_->feed(bytes, now));
  fired(cut_.done());
  if (how == CutMessage::lost) return;
  if (how == CutMessage::late) return hold(true, std::move(bytes));
  if (how != CutMessage::reset) say(device_->feed(bytes, now));
  if (how == CutMessage::twice) return say(device_->feed(bytes, now));
  if (channel_ != nullptr) channel_->abort();
  drop();
}

void DevicePost::send(base::Bytes bytes) {
  if (late_out_) return held_out_.push_back(std::move(bytes));
  const CutMessage how = cut_.met();
  if (how == CutMessage::none) return out_.push_back(std::move(bytes));
  fired(cut_.done());
  if (how == CutMessage::lost) return;
  if (how == CutMessage::late) return hold(false, std::move(bytes));
  if (how != CutMessage::reset) out_.push_back(bytes);
  if (how == CutMessage::twice) return out_.push_back(std::move(bytes));
  closing_ = devices::HangUp::reset;  // when all has been written
}

void DevicePost::hold(bool in, base::Bytes bytes) {
  (in ? late_in_ : late_out_) = true;
  (in ? held_in_ : held_out_).push_back(std::move(bytes));
  auto letting = let_go(this, channel_, in);
  base::spawn(ports_.executor, std::move(letting));
}

base::Awaitable<void> DevicePost::let_go(DevicePost* self,
                                         std::shared_ptr<base::ByteChannel> channel, bool in) {
  const Instant then = self->ports_.clock.now() + self->cut_.by();
  co_await self->ports_.timer.sleep_until(then);
  if (channel != self->channel_) co_return;  // what was on it is gone with it
  (in ? self->late_in_ : self->late_out_) = false;
  auto held = std::exchange(in ? self->held_in_ : self->held_out_, {});
  for (base::Bytes& bytes : held) {
    if (in) {
      self->hear(std::move(bytes));
    } else {
      self->send(std::move(bytes));
    }
  }
  self->work_->ring();
}

base::Awaitable<void> DevicePost::write_out(DevicePost* self) {
  for (;;) {
    while (!self->out_.empty() && self->channel_ != nullptr) {
      const std::shared_ptr<base::ByteChannel> channel = self->channel_;
      base::Bytes bytes = std::move(self->out_.front());
      self->out_.pop_front();
      const Instant for_ever = Instant::never();
      auto written = co_await channel->write(std::move(bytes), for_ever);
      if (!written && channel == self->channel_) self->drop();
    }
    if (self->closing_ != devices::HangUp::no && self->channel_ != nullptr) {
      if (self->closing_ == devices::HangUp::reset) {
        self->channel_->abort();
      } else {
        self->channel_->close();
      }
      self->drop();
    }
    const Instant for_ever = Instant::never();
    co_await self->work_->sleep_until(for_ever);
  }
}

// A device that does nothing by itself is never polled.
base::Awaitable<void> DevicePost::keep_time(DevicePost* self) {
  for (;;) {
    self->polled_at_ = self->device_->poll_at();
    const Instant due = self->polled_at_;
    co_await self->time_->sleep_until(due);
    if (self->ports_.clock.now() >= self->device_->poll_at()) self->look();
  }
}

void DevicePost::look() {
  say(device_->poll(ports_.clock.now()));
}

void DevicePost::say(base::Bytes bytes) {
  for (devices::Record& record : device_->take_records()) {
    witness_.device(till_, role_.name, std::move(record));
  }
  if (device_->poll_at() != polled_at_) time_->ring();
  const devices::HangUp hang_up = device_->hang_up();
  if (channel_ == nullptr) return;  // nobody is there to hear it
  if (!bytes.empty()) send(std::move(bytes));
  if (hang_up != devices::HangUp::no) closing_ = hang_up;
  if (!out_.empty() || closing_ != devices::HangUp::no) work_->ring();
}

base::Result<void> DevicePost::handle(std::string_view act, std::string_view detail) {
  auto bytes = device_->handle(act, detail, ports_.clock.now());
  if (!bytes) return base::Failure(bytes.error());
  if (channel_ != nullptr) witness_.sent(till_, role_.name, *bytes);
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
