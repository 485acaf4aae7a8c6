#include "sim/world/till_process.hpp"

#include "pos/till/control.hpp"
#include "sim/kernel/spawn.hpp"

namespace tillrig::world {

// What the till shows, as lines.
class TillProcess::Screen final : public till::Screen {
 public:
  explicit Screen(TillProcess& process) : process_(process) {}
  void show(const till::Shown& shown) override { process_.say(till::write_shown(shown)); }

 private:
  TillProcess& process_;
};

TillProcess::TillProcess(VirtualWorld& world, const std::string& till, unsigned run,
                         disk::Volume& volume, till::Config config, Recording& recording,
                         Listener listener)
    : world_(world),
      ports_(world, till, fmt::format("{}#{}", till, run), recording),
      disk_(volume),
      listener_(std::move(listener)),
      screen_(std::make_unique<Screen>(*this)) {
  disk_.on_boundary([this](const disk::Boundary&) { listener_.port_call(); });
  ports_.network().on_boundary([this](std::string_view, std::size_t) { listener_.port_call(); });
  till_ = std::make_unique<till::Till>(ports_.ports(disk_), std::move(config), *screen_);
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

void TillProcess::say(std::string_view line) {
  if (!cut_off_) listener_.said(line);
}

base::Awaitable<void> TillProcess::run(TillProcess* self) {
  auto started = co_await self->till_->start();
  if (!started && !self->cut_off_) self->listener_.ended(started.error());
}

base::Awaitable<void> TillProcess::carry_out(TillProcess* self, std::string line) {
  auto request = till::read_request(line);
  if (!request) {
    self->say(till::write_answer(0, base::Failure(request.error())));
    co_return;
  }
  const std::int64_t id = request->id;
  auto handling = self->till_->handle(std::move(request->command));
  auto answer = co_await std::move(handling);
  self->say(till::write_answer(id, answer));
}

void TillProcess::begin() {
  auto work = run(this);
  kernel::spawn(world_.kernel, ports_.lane(), std::move(work));
}

void TillProcess::hear(std::string line) {
  auto work = carry_out(this, std::move(line));
  kernel::spawn(world_.kernel, ports_.lane(), std::move(work));
}

}  // namespace tillrig::world
