#pragma once

#include "pos/base/names.hpp"
#include "pos/base/time.hpp"
#include "sim/words/fault.hpp"

#include <cstdint>

namespace tillrig::world {

// What happens to one message on the line between a till and a device.
enum class CutMessage {
  none,
  lost,         // it does not arrive
  reset,        // the connection breaks, and it does not arrive
  reset_after,  // it arrives, and then the connection breaks
  twice,        // it arrives twice
  late,         // it arrives later, and whatever comes behind it
};
constexpr auto names_of(CutMessage) {
  return base::named<CutMessage>({{CutMessage::none, "none"},
                                  {CutMessage::lost, "lost"},
                                  {CutMessage::reset, "reset"},
                                  {CutMessage::reset_after, "reset_after"},
                                  {CutMessage::twice, "twice"},
                                  {CutMessage::late, "late"}});
}

// The n-th message from now on, in whichever direction, counted by who stands at the device's end.
class LineCut {
 public:
  void arm(words::FaultId id, std::uint64_t n, CutMessage how, base::Duration by) {
    id_ = id;
    n_ = n;
    how_ = how;
    by_ = by;
    met_ = 0;
  }
  void disarm(words::FaultId id) {
    if (id_ == id) how_ = CutMessage::none;
  }
  // The payment begins: counted from here on.
  void count_from_here() { met_ = 0; }
  // One message is about to arrive: what happens to it.
  CutMessage met() {
    ++met_;
    return how_ != CutMessage::none && met_ == n_ ? how_ : CutMessage::none;
  }
  // It has happened, and does not again.
  words::FaultId done() {
    how_ = CutMessage::none;
    return id_;
  }
  [[nodiscard]] std::uint64_t messages() const { return met_; }
  [[nodiscard]] base::Duration by() const { return by_; }

 private:
  words::FaultId id_ = 0;
  std::uint64_t n_ = 0;
  CutMessage how_ = CutMessage::none;
  base::Duration by_{};
  std::uint64_t met_ = 0;
};

}  // namespace tillrig::world
