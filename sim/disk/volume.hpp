#pragma once

#include "pos/base/result.hpp"
#include "pos/ports/disk.hpp"
#include "sim/disk/directory.hpp"
#include "sim/disk/inode.hpp"
#include "sim/disk/interference.hpp"
#include "sim/disk/op.hpp"
#include "sim/disk/power.hpp"
#include "sim/disk/profile.hpp"
#include "sim/words/fault.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::disk {

class Face;

// A simulated disk: files with what reads see and what a power cut would leave (reference: storage
// 2.1). It outlives the processes that use it; each of those comes through a Face of its own. Not
// for more than one thread. Calls return at once; their simulated time adds up as a debt.
class Volume : public words::Target {
 public:
  // `name` is for people: "till-1".
  explicit Volume(std::string name, Profile profile = {});
  ~Volume() override;
  Volume(const Volume&) = delete;
  Volume& operator=(const Volume&) = delete;

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::string_view whose() const override { return name_; }
  [[nodiscard]] const Profile& profile() const { return profile_; }

  // The calls of a process. Errors: not_found, io, no_space, read_only.
  base::Result<InodePtr> open(std::string_view path, ports::Disk::Mode mode);
  base::Result<void> write(Inode& file, std::uint64_t offset, ByteView bytes);
  // Bytes read; fewer than asked for at the end of the file. The view ends with the next call.
  base::Result<ByteView> read(const Inode& file, std::uint64_t offset, std::uint64_t length);
  base::Result<void> sync(Inode& file);
  base::Result<void> truncate(Inode& file, std::uint64_t size);
  base::Result<void> make_dir(std::string_view path);
  base::Result<void> remove(std::string_view path);
  base::Result<void> rename(std::string_view from, std::string_view to);
  base::Result<void> sync_dir(std::string_view dir);
  [[nodiscard]] std::vector<std::string> list(std::string_view dir) const {
    return directory_.list(dir);
  }
  [[nodiscard]] InodePtr find(std::string_view path) const { return directory_.find(path); }

  // Simulated time of the calls since the last take_debt().
  base::Duration take_debt();

  // The power goes. Every face becomes inert; then the files hold what was durable and what
  // `survivors` lets live of the rest. A force kill needs no call here: cut the process's face off
  // and give its successor a new one.
  void power_cut(const Survivors& survivors);
  void power_cut(const Cut& cut) { power_cut(survivors_of(cut, profile_.sector)); }
  // What a power cut would put at stake now, oldest first.
  [[nodiscard]] std::vector<PendingOp> pending() const;

  // For oracles: the bytes that a power cut with nothing surviving would leave under a name.
  [[nodiscard]] std::optional<Bytes> durable(std::string_view path) const;

  // Its files as they are read now, by path: an image of it.
  [[nodiscard]] std::map<std::string, Bytes> image() const;
  // It has these files from here on, durable, and no others. Nobody may use it meanwhile.
  // `made_anew`: they were copied one by one, else the image itself was put there.
  void put_back(const std::map<std::string, Bytes>& image, bool made_anew);
  // How often its files were made anew, from 1.
  [[nodiscard]] std::uint64_t births() const { return births_; }

  // Arms and ends a fault. It counts as fired whenever it changed an answer.
  void interfere(words::FaultId id, std::unique_ptr<Interference> fault);
  void relent(words::FaultId id);

  [[nodiscard]] std::uint64_t used() const { return used_; }  // bytes in all files
  // Over all calls so far: kind, role, offset, length; not their content, nor their outcome.
  [[nodiscard]] std::uint64_t trace_digest() const { return digest_; }
  [[nodiscard]] std::uint64_t calls() const { return calls_; }

 private:
  friend class Face;
  Answer judge(const Op& op);
  void note(const Op& op);
  [[nodiscard]] tl::unexpected<base::Error> failed(const Op& op, base::Code code) const;
  base::Result<void> fail_sync(Inode& file, const Op& op, base::Code code);
  void resized(const Inode& file, std::uint64_t old_size);
  void unlink(const InodePtr& file);
  void recount();

  std::string name_;
  Profile profile_;
  Directory directory_;
  std::map<words::FaultId, std::unique_ptr<Interference>> faults_;
  std::vector<Face*> faces_;
  std::map<std::string, const Face*, std::less<>> locks_;  // by path: which process holds it
  std::uint64_t seq_ = 0;
  std::uint64_t births_ = 1;
  std::uint64_t used_ = 0;
  std::uint64_t calls_ = 0;
  std::uint64_t digest_ = 0;
  base::Duration debt_{};
};

}  // namespace tillrig::disk
