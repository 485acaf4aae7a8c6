#include "sim/disk/faults/aim.hpp"

namespace tillrig::disk::damage {

namespace {

class Damage : public Interference {
 public:
  explicit Damage(const words::Args& args) : aim_(args) {}

  bool judge(const Op& op, std::uint64_t /*used*/, Answer& answer) override {
    if (op.kind != OpKind::write || op.length == 0 || !aim_.hits(op)) return false;
    answer.damage = true;
    return true;
  }

 private:
  Aim aim_;
};

const words::Row<words::Fault> kRow{
    words::Fault{{.name = "disk.damage",
                  .doc = "Writes report success, and a bit in the middle of what was to be written "
                         "is another one on the disk.",
                  .params = {kFileParam, kTimesParam},
                  .example = R"({ fault = "disk.damage", file = "ledger", times = 1 })"},
                 words::Domain::disk,
                 arm<Damage>,
                 disarm,
                 "writes are honest again; what was damaged stays so"}};

}  // namespace

}  // namespace tillrig::disk::damage
