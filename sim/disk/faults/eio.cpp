#include "sim/disk/faults/aim.hpp"

namespace tillrig::disk::eio {

namespace {

class EioWrite : public Interference {
 public:
  explicit EioWrite(const words::Args& args) : aim_(args) {}

  bool judge(const Op& op, std::uint64_t /*used*/, Answer& answer) override {
    if (op.kind != OpKind::write && op.kind != OpKind::truncate) return false;
    if (!aim_.hits(op)) return false;
    answer.error = base::Code::io;
    return true;
  }

 private:
  Aim aim_;
};

class EioRead : public Interference {
 public:
  explicit EioRead(const words::Args& args) : aim_(args) {}

  bool judge(const Op& op, std::uint64_t /*used*/, Answer& answer) override {
    if (op.kind != OpKind::read || !aim_.hits(op)) return false;
    answer.error = base::Code::io;
    return true;
  }

 private:
  Aim aim_;
};

const words::Row<words::Fault> kWriteRow{
    words::Fault{{.name = "disk.eio_write",
                  .doc = "Writes fail with an input/output error and change nothing.",
                  .params = {kFileParam, kTimesParam},
                  .example = R"({ fault = "disk.eio_write", file = "db", times = 1 })"},
                 words::Domain::disk,
                 arm<EioWrite>,
                 disarm,
                 "writes work again; what failed was never written"}};

const words::Row<words::Fault> kReadRow{
    words::Fault{{.name = "disk.eio_read",
                  .doc = "Reads fail with an input/output error.",
                  .params = {kFileParam, kTimesParam},
                  .example = R"({ fault = "disk.eio_read", file = "ledger" })"},
                 words::Domain::disk,
                 arm<EioRead>,
                 disarm,
                 "reads work again; the bytes were there all along"}};

const auto kCloudRow = cloud_fault<EioWrite>(
    {.name = "cloud.disk_eio",
     .doc = "Writes to the cloud's own disk fail with an input/output error and change nothing.",
     .params = {kTimesParam},
     .example = R"({ fault = "cloud.disk_eio" })"},
    "writes work again; what failed was never written");

}  // namespace

}  // namespace tillrig::disk::eio
