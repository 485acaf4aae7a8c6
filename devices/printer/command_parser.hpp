#pragma once

#include "pos/base/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace tillrig::printer {

// One thing that a printer does with its input.
struct Unit {
  enum class Kind {
    character,  // one byte to print
    command,    // a whole command with its arguments; of long data only the beginning is kept
    unknown     // bytes that are no ESC/POS command known here
  };
  Kind kind = Kind::character;
  base::Bytes bytes;
};

// Cuts a stream of ESC/POS into units, one byte at a time. It knows how long each command is and
// nothing of what it means. Any bytes are taken; it holds at most kKeep of them.
class CommandParser {
 public:
  static constexpr std::size_t kKeep = 64;

  // The unit that this byte completes, if it completes one.
  std::optional<Unit> take(unsigned char byte);

  // True between two units: what comes next begins a new one.
  bool between_units() const { return command_.empty(); }

  void reset();

 private:
  Unit done(Unit::Kind kind);

  base::Bytes command_;    // the unfinished command, at most kKeep bytes of it
  std::size_t taken_ = 0;  // bytes of it so far, the ones not kept included
};

}  // namespace tillrig::printer
