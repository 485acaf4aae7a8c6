#pragma once

#include "sim/disk/op.hpp"
#include "sim/disk/pending.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace tillrig::disk {

// Something done to a volume that a power cut may take back.
struct PendingOp {
  std::uint64_t seq = 0;  // order over the whole volume
  OpKind kind = OpKind::write;
  std::string path;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;  // bytes; 0 for names and truncates
};

// Says for one pending op (index: its place among all of them, oldest first) what outlives the cut.
using Survivors = std::function<Span(std::uint64_t index, const PendingOp& op)>;

// How the power goes (reference: storage 2.2, rows 16 to 18).
struct Cut {
  enum class How : std::uint8_t { lose_pending, keep_prefix, keep_all, torn };
  How how = How::lose_pending;
  std::uint64_t ops = 0;      // keep_prefix, torn: as many of the oldest pending ops survive whole
  std::uint64_t sectors = 0;  // torn: of the next op only its first sectors survive

  static Cut lose_pending() { return {}; }
  static Cut keep_prefix(std::uint64_t ops) { return {How::keep_prefix, ops, 0}; }
  static Cut keep_all() { return {How::keep_all, 0, 0}; }
  static Cut torn(std::uint64_t ops, std::uint64_t sectors) { return {How::torn, ops, sectors}; }
};

Survivors survivors_of(const Cut& cut, std::uint32_t sector);

// A whole number in [0, below), below > 0: from the run's own random stream.
using Draw = std::function<std::uint64_t(std::uint64_t below)>;

// Any of the ways, over `pending` ops at stake.
Cut draw_cut(std::uint64_t pending, const Draw& draw);

}  // namespace tillrig::disk
