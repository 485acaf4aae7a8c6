#include "sim/explore/interrupt.hpp"

#include "pos/base/assert.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

namespace tillrig::explore {
namespace {

// A signal handler can reach nothing else.
std::atomic<bool> g_requested{false};
int g_pipe[2] = {-1, -1};

void note(int /*signal*/) {
  const int kept = errno;
  g_requested = true;
  const char byte = 1;
  static_cast<void>(::write(g_pipe[1], &byte, 1) + 0);
  errno = kept;
}

// Whoever started us with a signal ignored, as nohup does with SIGHUP, wants it so.
void handle(int signal, void (*with)(int)) {
  struct sigaction before = {};
  ::sigaction(signal, nullptr, &before);
  if (signal == SIGHUP && before.sa_handler == SIG_IGN) return;
  struct sigaction action = {};
  action.sa_handler = with;
  ::sigaction(signal, &action, nullptr);
}

}  // namespace

Interrupt::Interrupt() {
  TILLRIG_ASSERT(g_pipe[0] < 0, "one Interrupt at a time");
  TILLRIG_ASSERT(::pipe2(g_pipe, O_CLOEXEC | O_NONBLOCK) == 0, "a pipe can be made");
  g_requested = false;
  handle(SIGINT, note);
  handle(SIGTERM, note);
  handle(SIGHUP, note);
}

Interrupt::~Interrupt() {
  handle(SIGINT, SIG_DFL);
  handle(SIGTERM, SIG_DFL);
  handle(SIGHUP, SIG_DFL);
  ::close(g_pipe[0]);
  ::close(g_pipe[1]);
  g_pipe[0] = g_pipe[1] = -1;
}

bool Interrupt::requested() const {
  return g_requested;
}

int Interrupt::fd() const {
  return g_pipe[0];
}

}  // namespace tillrig::explore
