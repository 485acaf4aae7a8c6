#pragma once

#include "pos/base/result.hpp"

#include <sys/types.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tillrig::world {

// A descriptor of the operating system that is ours to close.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor();

  [[nodiscard]] int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

  // Sends all of the line and its end over a socket; one that nobody reads any more is not an error
  // here: whoever reads it learns that.
  void send_line(std::string line) const;

 private:
  int fd_ = -1;
};

// Two ends of one line, both ways; and a one-way one: its reading end first. Closed in what we
// start. Errors: io.
base::Result<std::pair<Descriptor, Descriptor>> socket_pair();
base::Result<std::pair<Descriptor, Descriptor>> pipe_pair();

// How a process ended: empty for an orderly end, else a sentence without its subject.
struct Ended {
  bool by_signal = false;
  int number = 0;  // signal or exit code
  [[nodiscard]] bool orderly() const { return !by_signal && number == 0; }
  [[nodiscard]] std::string text() const;  // "was ended by signal 9 (Killed)"
};

// A real process that we started. It dies with us, by SIGKILL.
class Process {
 public:
  struct Launch {
    std::string program;                                           // the file to run
    std::vector<std::string> argv;                                 // its name first
    std::vector<std::pair<std::string, std::string>> environment;  // on top of our own
    // Which of our descriptors stand in it, and as which; standard input and output that are not
    // named are the null device, standard error stays ours. All others are closed there.
    std::vector<std::pair<int, int>> descriptors;  // (ours, in the process)
    bool ignores_interrupt = false;  // a terminal's Ctrl-C is for us to pass on or not
  };

  Process() = default;
  // Errors: io, naming the program.
  static base::Result<Process> start(const Launch& launch);
  Process(Process&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}
  Process& operator=(Process&& other) noexcept {
    std::swap(pid_, other.pid_);
    return *this;
  }
  ~Process() { kill(); }

  [[nodiscard]] bool runs() const { return pid_ > 0; }  // as far as it was asked
  [[nodiscard]] pid_t pid() const { return pid_; }
  // SIGTERM; it may take its time.
  void ask_to_end() const;
  // SIGSTOP, and SIGCONT.
  void stop() const;
  void go_on() const;
  // How it ended, as soon as it has; never waits. After that there is nothing to kill.
  std::optional<Ended> ended();
  // SIGKILL, and waits until it is gone.
  void kill();

 private:
  explicit Process(pid_t pid) : pid_(pid) {}

  pid_t pid_ = -1;
};

}  // namespace tillrig::world
