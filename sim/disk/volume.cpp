#include "sim/disk/volume.hpp"

#include "pos/base/assert.hpp"
#include "sim/disk/face.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace tillrig::disk {

using base::Code;
using base::Result;

namespace {

Op op_on(OpKind kind, const Inode& file, std::uint64_t offset, std::uint64_t length,
         std::uint64_t grows = 0) {
  return {kind, file.role, file.path, offset, length, grows};
}

Op op_on(OpKind kind, std::string_view path) {
  return {kind, role_of(path), path, 0, 0, 0};
}

std::uint64_t growth(std::uint64_t old_size, std::uint64_t new_size) {
  return new_size > old_size ? new_size - old_size : 0;
}

// SplitMix64's finish: every bit of the input reaches every bit of the digest.
std::uint64_t mix(std::uint64_t digest, std::uint64_t value) {
  std::uint64_t x = digest + value + 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31U);
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

Volume::Volume(std::string name, Profile profile) : name_(std::move(name)), profile_(profile) {}

Volume::~Volume() {
  TILLRIG_ASSERT(faces_.empty(), "a volume outlives the faces on it");
}

void Volume::note(const Op& op) {
  ++calls_;
  digest_ =
      mix(digest_, static_cast<std::uint64_t>(op.kind) << 8U | static_cast<std::uint64_t>(op.role));
  digest_ = mix(digest_, op.offset);
  digest_ = mix(digest_, op.length);
  switch (op.kind) {
    case OpKind::open:
      break;
    case OpKind::read:
      debt_ += profile_.latency.read;
      break;
    case OpKind::sync:
    case OpKind::sync_dir:
      debt_ += profile_.latency.sync;
      break;
    case OpKind::create:
    case OpKind::write:
    case OpKind::truncate:
    case OpKind::remove:
    case OpKind::rename:
    case OpKind::make_dir:
      debt_ += profile_.latency.write;
      break;
  }
}

Answer Volume::judge(const Op& op) {
  note(op);
  Answer answer;
  answer.room = profile_.capacity > used_ ? profile_.capacity - used_ : 0;
  std::vector<words::FaultId> hits;  // told of at the end: who hears of one may start or heal one
  for (const auto& [id, fault] : faults_) {
    if (fault->judge(op, used_, answer)) hits.push_back(id);
  }
  for (const words::FaultId id : hits) fired(id);
  debt_ += answer.delay;
  return answer;
}

base::Failure Volume::failed(const Op& op, Code code) const {
  const auto kind = disk::name(op.kind);
  switch (code) {
    case Code::no_space:
      return base::fail(code,
                        "the disk of {} is full: {} of {} needed {} more bytes; free some space",
                        name_, kind, op.path, op.grows);
    case Code::read_only:
      return base::fail(code, "the disk of {} is read-only: {} of {} was refused", name_, kind,
                        op.path);
    case Code::exists:
      return base::fail(code, "{} of {} on the disk of {}: there is such a file already", kind,
                        op.path, name_);
    case Code::not_found:
      return base::fail(code, "{} of {} on the disk of {}: there is no such file or folder", kind,
                        op.path, name_);
    default:
      return base::fail(code, "the disk of {} failed: {} of {} at byte {}, {} bytes", name_, kind,
                        op.path, op.offset, op.length);
  }
}

void Volume::resized(const Inode& file, std::uint64_t old_size) {
  if (file.linked) used_ = used_ - old_size + file.image.size();
}

void Volume::recount() {
  used_ = 0;
  for (const auto& [path, file] : directory_.names()) {
    file->linked = true;
    used_ += file->image.size();
  }
}

Result<InodePtr> Volume::open(std::string_view path, ports::Disk::Mode mode) {
  using Mode = ports::Disk::Mode;
  if (InodePtr file = find(path)) {
    Op op = op_on(OpKind::open, path);
    if (mode == Mode::create_new) {
      note(op);
      return failed(op, Code::exists);
    }
    op.to_write = mode != Mode::read;
    const Answer answer = judge(op);
    if (answer.error) return failed(op, *answer.error);
    return file;
  }
  const Op op = op_on(OpKind::create, path);
  const bool makes = mode == Mode::create || mode == Mode::create_new;
  if (!makes || !directory_.has_dir(folder_of(path))) {
    note(op);
    return failed(op, Code::not_found);
  }
  const Answer answer = judge(op);
  if (answer.error) return failed(op, *answer.error);
  return directory_.create(++seq_, path);
}

Result<void> Volume::write(Inode& file, std::uint64_t offset, ByteView bytes) {
  const std::uint64_t old_size = file.image.size();
  const Op op =
      op_on(OpKind::write, file, offset, bytes.size(), growth(old_size, offset + bytes.size()));
  const Answer answer = judge(op);
  if (answer.error) return failed(op, *answer.error);
  const bool full = op.grows > answer.room;
  if (full) {  // what still fits is written
    const std::uint64_t end = old_size + answer.room;
    bytes = bytes.substr(0, end > offset ? end - offset : 0);
  }
  Bytes other;
  if (answer.damage && !bytes.empty()) {
    other = bytes;
    char& middle = other[other.size() / 2];
    middle = static_cast<char>(middle ^ 1);
    bytes = other;
  }
  if (!bytes.empty()) {
    file.pending.write(file.image, ++seq_, offset, bytes);
    resized(file, old_size);
  }
  if (full) return failed(op, Code::no_space);
  return {};
}

Result<ByteView> Volume::read(const Inode& file, std::uint64_t offset, std::uint64_t length) {
  const Op op = op_on(OpKind::read, file, offset, length);
  const Answer answer = judge(op);
  if (answer.error) return failed(op, *answer.error);
  return file.image.view(offset, length);
}

Result<void> Volume::fail_sync(Inode& file, const Op& op, Code code) {
  switch (profile_.sync_failure) {
    case SyncFailure::clean_kept:
      file.pending.lose();
      break;
    case SyncFailure::late:
      file.pending.lose();
      file.owes_error = true;
      return {};
    case SyncFailure::reverted: {
      const std::uint64_t old_size = file.image.size();
      file.pending.cut(file.image, [](const Pending::Op&) { return Span::none(); });
      resized(file, old_size);
      break;
    }
  }
  return failed(op, code);
}

Result<void> Volume::sync(Inode& file) {
  const Op op = op_on(OpKind::sync, file, 0, 0);
  const Answer answer = judge(op);
  if (std::exchange(file.owes_error, false)) {
    file.pending.lose();
    return failed(op, Code::io);
  }
  if (answer.error) return fail_sync(file, op, *answer.error);
  if (answer.lie) return {};
  file.pending.settle();
  if (profile_.dir_sync == DirSync::with_file) directory_.settle(file);
  return {};
}

Result<void> Volume::truncate(Inode& file, std::uint64_t size) {
  const std::uint64_t old_size = file.image.size();
  const Op op = op_on(OpKind::truncate, file, size, 0, growth(old_size, size));
  const Answer answer = judge(op);
  if (answer.error) return failed(op, *answer.error);
  if (op.grows > answer.room) return failed(op, Code::no_space);
  file.pending.truncate(file.image, ++seq_, size);
  resized(file, old_size);
  return {};
}

Result<void> Volume::make_dir(std::string_view path) {
  const Op op = op_on(OpKind::make_dir, path);
  const Answer answer = judge(op);
  if (answer.error) return failed(op, *answer.error);
  directory_.make_dir(path);
  return {};
}

void Volume::unlink(const InodePtr& file) {
  if (!file || !file->linked) return;
  used_ -= file->image.size();
  file->linked = false;
}

Result<void> Volume::remove(std::string_view path) {
  const Op op = op_on(OpKind::remove, path);
  const Answer answer = judge(op);
  const InodePtr file = find(path);
  if (!file) return failed(op, Code::not_found);
  if (answer.error) return failed(op, *answer.error);
  directory_.remove(++seq_, path);
  unlink(file);
  return {};
}

Result<void> Volume::rename(std::string_view from, std::string_view to) {
  const Op op = op_on(OpKind::rename, from);
  const Answer answer = judge(op);
  if (!find(from) || !directory_.has_dir(folder_of(to))) return failed(op, Code::not_found);
  if (answer.error) return failed(op, *answer.error);
  if (from == to) return {};
  unlink(find(to));
  directory_.rename(++seq_, from, to);
  return {};
}

Result<void> Volume::sync_dir(std::string_view dir) {
  const Op op = op_on(OpKind::sync_dir, dir);
  const Answer answer = judge(op);
  if (answer.error) return failed(op, *answer.error);
  if (!answer.lie) directory_.settle_dir(dir);
  return {};
}

base::Duration Volume::take_debt() {
  return std::exchange(debt_, base::Duration{});
}

std::optional<Bytes> Volume::durable(std::string_view path) const {
  const auto at = directory_.durable_names().find(path);
  if (at == directory_.durable_names().end()) return std::nullopt;
  return at->second->pending.durable(at->second->image);
}

void Volume::interfere(words::FaultId id, std::unique_ptr<Interference> fault) {
  faults_[id] = std::move(fault);
}

void Volume::relent(words::FaultId id) {
  faults_.erase(id);
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

std::map<std::string, Bytes> Volume::image() const {
  std::map<std::string, Bytes> files;
  for (const auto& [path, file] : directory_.names()) files[path] = Bytes(file->image.bytes());
  return files;
}

void Volume::put_back(const std::map<std::string, Bytes>& image, bool made_anew) {
  while (!faces_.empty()) faces_.back()->cut_off();
  const Directory::Names before = directory_.names();
  for (const auto& [path, file] : before) {
    directory_.remove(++seq_, path);
    unlink(file);
  }
  for (const auto& [path, bytes] : image) {
    directory_.make_dir(folder_of(path));
    directory_.create(++seq_, path)->image.write(0, bytes);
  }
  directory_.cut([](const Directory::Op&) { return true; });
  recount();
  if (made_anew) ++births_;
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
