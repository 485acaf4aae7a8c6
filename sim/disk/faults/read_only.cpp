#include "sim/disk/faults/aim.hpp"

namespace tillrig::disk {

namespace {

class ReadOnly : public Interference {
 public:
  explicit ReadOnly(const words::Args& /*args*/) {}

  bool judge(const Op& op, std::uint64_t /*used*/, Answer& answer) override {
    if (!changes(op.kind) || op.kind == OpKind::sync || op.kind == OpKind::sync_dir) {
      // A file that is there opens to be read; whoever wants to write is told at the open.
      if (op.kind == OpKind::open) answer.error = base::Code::read_only;
      return false;
    }
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

}  // namespace tillrig::disk
