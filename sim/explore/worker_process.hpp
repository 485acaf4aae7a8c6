#pragma once

#include "sim/world/process.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tillrig::explore {

// The descriptor at which a worker finds its line to the parent.
inline constexpr int kWorkerLine = 3;

// This program again, as a process of its own that plays what it is told: one line in, one line
// out. It dies with the parent, and a crash of it is the parent's to tell.
class WorkerProcess {
 public:
  // Environment variables are set on top of our own. Errors: io.
  static base::Result<std::unique_ptr<WorkerProcess>> start(
      const std::vector<std::pair<std::string, std::string>>& environment);
  // For poll(): its answers, and what it says on standard error.
  [[nodiscard]] int line_fd() const { return line_.get(); }
  [[nodiscard]] int error_fd() const { return errors_.get(); }

  void send(const std::string& line) { line_.send_line(line); }
  // Takes what has come; never waits. False: the line has ended.
  bool receive();
  void receive_errors();
  // The next whole answer that has come.
  std::optional<std::string> next_line();

  // No more requests: it ends by itself.
  void finish();
  // Waits for its end. What it ended with, as a sentence; empty for an orderly end.
  std::string reap();

 private:
  WorkerProcess(world::Process process, world::Descriptor line, world::Descriptor errors)
      : process_(std::move(process)), line_(std::move(line)), errors_(std::move(errors)) {}

  world::Process process_;
  world::Descriptor line_;
  world::Descriptor errors_;
  std::string received_;
  std::string error_text_;  // the end of it
};

}  // namespace tillrig::explore
