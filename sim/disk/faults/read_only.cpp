#include "sim/disk/faults/aim.hpp"

namespace tillrig::disk::read_only {

namespace {

class ReadOnly : public Interference {
 public:
  explicit ReadOnly(const words::Args& /*args*/) {}

  bool judge(const Op& op, std::uint64_t /*used*/, Answer& answer) override {
    const bool is_sync = op.kind == OpKind::sync || op.kind == OpKind::sync_dir;
    if ((!changes(op.kind) && !op.to_write) || is_sync) return false;
    answer.error = base::Code::read_only;
    return true;
  }
};

const words::Row<words::Fault> kRow{
    words::Fault{{.name = "disk.read_only",
                  .doc = "The disk takes no more writes, as after a remount by the system: files "
                         "can be read, not made, changed, renamed or removed.",
                  .params = {},
                  .example = R"({ fault = "disk.read_only" })"},
                 words::Domain::disk,
                 arm<ReadOnly>,
                 disarm,
                 "the disk can be written again; what was refused stays refused"}};

}  // namespace

}  // namespace tillrig::disk::read_only
