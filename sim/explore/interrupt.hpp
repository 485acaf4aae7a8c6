#pragma once

namespace tillrig::explore {

// Ctrl-C, SIGTERM and a closed terminal from construction to destruction: they are noted, and wake
// whoever polls fd(). One at a time.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  [[nodiscard]] bool requested() const;
  // Readable as soon as there was one.
  [[nodiscard]] int fd() const;
};

}  // namespace tillrig::explore
