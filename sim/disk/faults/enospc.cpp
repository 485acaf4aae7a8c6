#include "sim/disk/faults/aim.hpp"

#include <algorithm>

namespace tillrig::disk::enospc {

namespace {

class Enospc : public Interference {
 public:
  Enospc(std::uint64_t used, const words::Args& args)
      : limit_(used + static_cast<std::uint64_t>(std::max<std::int64_t>(args.number("after"), 0))) {
  }

  bool judge(const Op& op, std::uint64_t used, Answer& answer) override {
    const std::uint64_t room = limit_ > used ? limit_ - used : 0;
    answer.room = std::min(answer.room, room);
    return op.grows > room;
  }

 private:
  std::uint64_t limit_;  // bytes in all files
};

void start(words::Target& target, words::FaultId id, const words::Args& args) {
  Volume& volume = volume_of(target);
  volume.interfere(id, std::make_unique<Enospc>(volume.used(), args));
}

const words::Row<words::Fault> kRow{words::Fault{
    {.name = "disk.enospc",
     .doc = "The disk is full: a write that needs more room than is left writes what fits, then "
            "fails. Overwriting what is there goes on working.",
     .params = {{"after", words::Kind::integer, "bytes that are still free; left out: none"}},
     .example = R"({ fault = "disk.enospc", after = 4096 })"},
    words::Domain::disk,
    start,
    disarm,
    "there is room again; what was refused stays refused"}};

const words::Row<words::Fault> kCloudRow{words::Fault{
    {.name = "cloud.disk_full",
     .doc = "The cloud's own disk is full: a write that needs more room than is left writes what "
            "fits, then fails.",
     .params = {{"after", words::Kind::integer, "bytes that are still free; left out: none"}},
     .example = R"({ fault = "cloud.disk_full" })"},
    words::Domain::cloud,
    start,
    disarm,
    "there is room again; what was refused stays refused",
    true}};

}  // namespace

}  // namespace tillrig::disk::enospc
