#include "sim/disk/power.hpp"

#include "sim/disk/face.hpp"
#include "sim/disk/volume.hpp"

#include <algorithm>
#include <set>

namespace tillrig::disk {

namespace {

// The first `sectors` sectors of the device that a write touches, as bytes of the write.
Span first_sectors(const PendingOp& op, std::uint64_t sectors, std::uint32_t sector) {
  if (sectors == 0) return Span::none();
  const std::uint64_t end = (op.offset / sector + sectors) * sector;
  return {0, std::min(op.length, end - op.offset)};
}

// Every file that can be there after a power cut, each once, in the order of names.
std::vector<InodePtr> files_of(const Directory& directory) {
  std::vector<InodePtr> files;
  std::set<const Inode*> seen;
  const auto add = [&](const InodePtr& file) {
    if (seen.insert(file.get()).second) files.push_back(file);
  };
  for (const auto& [path, file] : directory.names()) add(file);
  for (const auto& [path, file] : directory.durable_names()) add(file);
  for (const Directory::Op& op : directory.ops()) add(op.inode);
  return files;
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

std::vector<PendingOp> Volume::pending() const {
  std::vector<PendingOp> all;
  for (const InodePtr& file : files_of(directory_)) {
    for (const Pending::Op& op : file->pending.ops()) {
      if (op.state != Pending::State::pending) continue;
      all.push_back({op.seq, op.truncate ? OpKind::truncate : OpKind::write, file->path, op.offset,
                     op.length});
    }
  }
  for (const Directory::Op& op : directory_.ops()) all.push_back({op.seq, op.kind, op.path, 0, 0});
  std::sort(all.begin(), all.end(),
            [](const PendingOp& a, const PendingOp& b) { return a.seq < b.seq; });
  return all;
}

void Volume::power_cut(const Survivors& survivors) {
  while (!faces_.empty()) faces_.back()->cut_off();
  std::map<std::uint64_t, Span> spans;
  std::uint64_t index = 0;
  for (const PendingOp& op : pending()) spans[op.seq] = survivors(index++, op);
  for (const InodePtr& file : files_of(directory_)) {
    file->pending.cut(file->image, [&](const Pending::Op& op) { return spans.at(op.seq); });
    file->owes_error = false;
  }
  directory_.cut([&](const Directory::Op& op) { return !spans.at(op.seq).empty(); });
  recount();
}

}  // namespace tillrig::disk
