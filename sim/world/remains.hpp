#pragma once

#include "sim/world/virtual_ports.hpp"

#include <deque>
#include <memory>
#include <utility>

namespace tillrig::world {

// Simulated processes that were cut off. An event of another lane destroys them, because a process
// may be killed from deep inside its own calls.
template <class Process>
class Remains {
 public:
  explicit Remains(VirtualWorld& world) : world_(world) {}
  Remains(const Remains&) = delete;
  Remains& operator=(const Remains&) = delete;

  void take(std::unique_ptr<Process> process) {
    processes_.push_back(std::move(process));
    world_.kernel.post(world_.player, [this] {
      if (!processes_.empty()) processes_.pop_front();
    });
  }
  [[nodiscard]] bool empty() const { return processes_.empty(); }
  // At the end of the world.
  void clear() { processes_.clear(); }

 private:
  VirtualWorld& world_;
  std::deque<std::unique_ptr<Process>> processes_;
};

}  // namespace tillrig::world
