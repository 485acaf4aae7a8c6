#pragma once

#include "sim/world/remains.hpp"
#include "sim/world/seat.hpp"
#include "sim/world/till_process.hpp"

#include <functional>
#include <memory>
#include <string>

namespace tillrig::world {

// The program of a till in virtual time, started once more while the first one runs: a double click,
// or autostart and a person. It is asked and seen as any till is, on the line, the devices and the
// disk of the first.
class SecondProgram final : public Seat {
 public:
  using Make = std::function<std::unique_ptr<TillProcess>(TillProcess::Listener)>;
  // `make` gives a process of the till `first`.
  SecondProgram(Seat& first, VirtualWorld& world, const ports::Ports& rig, Recording& recording,
                Make make)
      : Seat(first.name(), rig, recording),
        first_(first),
        make_(std::move(make)),
        remains_(world) {}

  net::Link& link() override { return first_.link(); }
  disk::Volume* volume() override { return first_.volume(); }
  Awaitable<Result<void>> retire() override;

 private:
  Result<void> launch() override;
  void cut_off() override { remains_.take(std::move(process_)); }
  void say(std::string line) override { process_->hear(std::move(line)); }
  [[nodiscard]] base::Duration patience() const override { return base::Duration::max(); }

  Seat& first_;
  Make make_;
  Remains<TillProcess> remains_;
  std::unique_ptr<TillProcess> process_;
};

}  // namespace tillrig::world
