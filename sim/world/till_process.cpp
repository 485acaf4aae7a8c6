#include "sim/world/till_process.hpp"

#include "sim/kernel/spawn.hpp"

namespace tillrig::world {

TillProcess::TillProcess(VirtualWorld& world, const std::string& till, unsigned run,
                         disk::Volume& volume, ports::Clock& clock, till::Config config,
                         Recording& recording, Listener listener)
    : world_(world),
      ports_(world, till, fmt::format("{}#{}", till, run), recording, &clock),
      disk_(volume),
      listener_(std::move(listener)) {
  disk_.on_boundary([this](const disk::Boundary&) { listener_.port_call(); });
  ports_.network().on_boundary([this](std::string_view, std::size_t) { listener_.port_call(); });
  till_ = std::make_unique<till::ControlLine>(ports_.ports(disk_), std::move(config),
                                              [this](std::string_view line) {
                                                if (!cut_off_) listener_.said(line);
                                              });
}

TillProcess::~TillProcess() {
  cut_off();
  ports_.close_lane();  // unwinds its coroutines while what they refer to still stands
  till_.reset();
}

void TillProcess::cut_off() {
  if (cut_off_) return;
  cut_off_ = true;
  disk_.cut_off();
  ports_.cut_off();
}

base::Awaitable<void> TillProcess::run(TillProcess* self) {
  auto started = co_await self->till_->start();
  if (!started && !self->cut_off_) self->listener_.ended(started.error());
}

void TillProcess::begin() {
  auto work = run(this);
  kernel::spawn(world_.kernel, ports_.lane(), std::move(work));
}

void TillProcess::hear(std::string line) {
  world_.kernel.post(ports_.lane(), [this, line = std::move(line)] { till_->take(line); });
}

}  // namespace tillrig::world
