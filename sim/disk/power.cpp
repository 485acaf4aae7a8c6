#include "sim/disk/power.hpp"

#include <algorithm>

namespace tillrig::disk {

namespace {

// The first `sectors` sectors of the device that a write touches, as bytes of the write.
Span first_sectors(const PendingOp& op, std::uint64_t sectors, std::uint32_t sector) {
  if (sectors == 0) return Span::none();
  const std::uint64_t end = (op.offset / sector + sectors) * sector;
  return {0, std::min(op.length, end - op.offset)};
}

}  // namespace

Survivors survivors_of(const Cut& cut, std::uint32_t sector) {
  return [cut, sector](std::uint64_t index, const PendingOp& op) {
    switch (cut.how) {
      case Cut::How::lose_pending:
        return Span::none();
      case Cut::How::keep_all:
        return Span::all();
      case Cut::How::keep_prefix:
        return index < cut.ops ? Span::all() : Span::none();
      case Cut::How::torn:
        break;
    }
    if (index < cut.ops) return Span::all();
    return index == cut.ops ? first_sectors(op, cut.sectors, sector) : Span::none();
  };
}

Cut draw_cut(std::uint64_t pending, const Draw& draw) {
  constexpr std::uint64_t kWays = 4;
  constexpr std::uint64_t kTornSectors = 9;  // a WAL frame touches nine at most, with its header
  switch (draw(kWays)) {
    case 0:
      return Cut::lose_pending();
    case 1:
      return Cut::keep_prefix(draw(pending + 1));
    case 2:
      return Cut::keep_all();
    default:
      break;
  }
  const std::uint64_t ops = draw(pending + 1);
  return Cut::torn(ops, 1 + draw(kTornSectors));
}

}  // namespace tillrig::disk
