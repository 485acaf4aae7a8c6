#include "sim/app/commands.hpp"
#include "sim/app/exit_codes.hpp"
#include "sim/app/say.hpp"
#include "sim/explore/worker_process.hpp"
#include "sim/report/text.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <thread>
#include <vector>

namespace tillrig::app {
namespace {

namespace fs = std::filesystem;

// One thing looked at: what it is good for, how it is, and the command that mends it.
struct Finding {
  std::string check;
  std::string state;
  std::string mend;
  bool blocks = false;
};

Finding look_at_cores() {
  const unsigned cores = std::thread::hardware_concurrency();
  return {"cores", fmt::format("{}: as many runs are played at a time", cores), "", false};
}

Finding look_at_workers() {
  auto process = explore::WorkerProcess::start({});
  if (!process) return {"worker processes", process.error().what, "raise `ulimit -u`", true};
  (*process)->finish();
  const std::string how = (*process)->reap();
  return {"worker processes", how.empty() ? "can be started" : how, "", !how.empty()};
}

Finding look_at_temporary_folder() {
  std::error_code error;
  const fs::path folder = fs::temp_directory_path(error);
  if (error || ::access(folder.c_str(), W_OK) != 0) {
    return {"temporary folder", "not writable", "export TMPDIR=FOLDER with a folder of yours",
            true};
  }
  const fs::space_info space = fs::space(folder, error);
  constexpr std::uintmax_t kMegabyte = 1024 * 1024;
  constexpr std::uintmax_t kEnough = 200;  // MiB, for the stores of a live run
  const std::uintmax_t free = error ? 0 : space.available / kMegabyte;
  return {"temporary folder", fmt::format("{}, {} MiB free", folder.string(), free),
          free < kEnough ? "free some space, or export TMPDIR=FOLDER" : "", free < kEnough};
}

Finding look_at_loopback() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool good = fd >= 0 &&
                    ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
                    ::listen(fd, 1) == 0;
  if (fd >= 0) ::close(fd);
  return {"loopback ports (live bed)", good ? "can be listened at" : "cannot be listened at",
          good ? "" : "sudo ip link set lo up", !good};
}

Finding look_at_serial() {
  std::error_code error;
  std::size_t found = 0;
  std::size_t usable = 0;
  for (const auto& entry : fs::directory_iterator("/dev", error)) {
    const std::string name = entry.path().filename().string();
    if (name.rfind("ttyUSB", 0) != 0 && name.rfind("ttyACM", 0) != 0) continue;
    ++found;
    if (::access(entry.path().c_str(), R_OK | W_OK) == 0) ++usable;
  }
  if (found == 0) return {"serial devices", "none (only needed for real devices)", "", false};
  return {"serial devices", fmt::format("{} found, {} usable", found, usable),
          usable < found ? "sudo usermod -aG dialout $USER, then log in again" : "", false};
}

}  // namespace

int doctor() {
  const std::vector<Finding> findings = {look_at_cores(), look_at_workers(),
                                         look_at_temporary_folder(), look_at_loopback(),
                                         look_at_serial()};
  std::vector<std::vector<std::string>> rows;
  bool blocked = false;
  for (const Finding& finding : findings) {
    blocked = blocked || finding.blocks;
    rows.push_back({finding.blocks ? "BLOCKED" : "ok", finding.check, finding.state, finding.mend});
  }
  say(report::table({{"", false}, {"check", false}, {"state", false}, {"what mends it", false}},
                    rows));
  return blocked ? kBlocked : kHeld;
}

}  // namespace tillrig::app
