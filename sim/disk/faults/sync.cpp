#include "sim/disk/faults/aim.hpp"

namespace tillrig::disk::sync {

namespace {

bool is_sync(const Op& op) {
  return op.kind == OpKind::sync || op.kind == OpKind::sync_dir;
}

class SyncFail : public Interference {
 public:
  explicit SyncFail(const words::Args& args) : aim_(args) {}

  bool judge(const Op& op, std::uint64_t /*used*/, Answer& answer) override {
    if (!is_sync(op) || !aim_.hits(op)) return false;
    answer.error = base::Code::io;
    return true;
  }

 private:
  Aim aim_;
};

class SyncLie : public Interference {
 public:
  explicit SyncLie(const words::Args& args) : aim_(args) {}

  bool judge(const Op& op, std::uint64_t /*used*/, Answer& answer) override {
    if (!is_sync(op) || !aim_.hits(op)) return false;
    answer.lie = true;
    return true;
  }

 private:
  Aim aim_;
};

const words::Row<words::Fault> kFailRow{
    words::Fault{{.name = "disk.sync_fail",
                  .doc = "Syncs fail, and what was to be synced never reaches the disk although "
                         "reads still see it; a later sync succeeds without it (ext4, XFS).",
                  .params = {kFileParam, kTimesParam},
                  .example = R"({ fault = "disk.sync_fail", file = "ledger", times = 1 })"},
                 words::Domain::disk,
                 arm<SyncFail>,
                 disarm,
                 "syncs work again; what a failed one dropped is gone at the next power cut"}};

const words::Row<words::Fault> kLieRow{
    words::Fault{{.name = "disk.sync_lie",
                  .doc = "Syncs report success and put nothing on the disk.",
                  .params = {kFileParam, kTimesParam},
                  .example = R"({ fault = "disk.sync_lie", file = "any" })"},
                 words::Domain::disk,
                 arm<SyncLie>,
                 disarm,
                 "syncs are honest again; what was lied about becomes durable with the next sync "
                 "of its file"}};

const auto kCloudRow = cloud_fault<SyncFail>(
    {.name = "cloud.disk_sync_fail",
     .doc = "Syncs of the cloud's own disk fail: it can trust its database no more until it is "
            "started anew, and answers nobody till then.",
     .params = {kTimesParam},
     .example = R"({ fault = "cloud.disk_sync_fail", times = 1 })"},
    "syncs work again; the cloud has to be started anew");

}  // namespace

}  // namespace tillrig::disk::sync
