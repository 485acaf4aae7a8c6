#include "sim/disk/faults/aim.hpp"

namespace tillrig::disk::slow {

namespace {

class Slow : public Interference {
 public:
  explicit Slow(const words::Args& args)
      : aim_(args), sync_(args.duration("sync")), write_(args.duration("write")) {}

  bool judge(const Op& op, std::uint64_t /*used*/, Answer& answer) override {
    base::Duration delay{};
    if (op.kind == OpKind::sync || op.kind == OpKind::sync_dir) delay = sync_;
    if (op.kind == OpKind::write || op.kind == OpKind::truncate) delay = write_;
    if (delay <= base::Duration{} || !aim_.hits(op)) return false;
    answer.delay += delay;
    return true;
  }

 private:
  Aim aim_;
  base::Duration sync_;
  base::Duration write_;
};

const words::Row<words::Fault> kRow{
    words::Fault{{.name = "disk.slow",
                  .doc = "Syncs, and writes if given, take so much longer, then succeed.",
                  .params = {{"sync", words::Kind::duration, "added to each sync", true},
                             {"write", words::Kind::duration, "added to each write"},
                             kFileParam,
                             kTimesParam},
                  .example = R"({ fault = "disk.slow", sync = "5s" })"},
                 words::Domain::disk,
                 arm<Slow>,
                 disarm,
                 "calls take their usual time; nothing was held back"}};

}  // namespace

}  // namespace tillrig::disk::slow
