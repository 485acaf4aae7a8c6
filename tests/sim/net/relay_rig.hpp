#pragma once

#include "pos/base/http.hpp"
#include "sim/net/relay.hpp"
#include "tests/sim/net/rig.hpp"

#include <optional>
#include <utility>

namespace tillrig::net {

// A relay touches neither.
class NoDisk final : public ports::Disk {
 public:
  Result<std::unique_ptr<ports::File>> open(const std::string& path, Mode) override {
    return no(path);
  }
  Result<std::unique_ptr<ports::Lock>> lock(const std::string& path) override { return no(path); }
  Result<void> make_dir(const std::string& path) override { return no(path); }
  Result<void> remove(const std::string& path) override { return no(path); }
  Result<void> rename(const std::string& path, const std::string&) override { return no(path); }
  Result<std::vector<std::string>> list(const std::string& path) override { return no(path); }
  Result<void> sync_dir(const std::string& path) override { return no(path); }
  [[nodiscard]] std::string sqlite_vfs() const override { return {}; }
  [[nodiscard]] std::string sqlite_path(const std::string& path) const override { return path; }
  base::Duration take_debt() override { return {}; }

 private:
  static base::Failure no(const std::string& path) {
    ADD_FAILURE() << "the relay touched the disk: " << path;
    return base::fail(Code::internal, "{}: no disk", path);
  }
};

class NoRecorder final : public ports::Recorder {
 public:
  std::uint64_t note(const ports::Note&, std::span<const ports::Arg>) override { return 0; }
};

struct Tape final : Tap {
  void reached(const Exchange& exchange) override { handed.push_back(exchange.number); }
  void finished(const Exchange& exchange) override { ended.push_back(exchange); }
  std::vector<std::uint64_t> handed;
  std::vector<Exchange> ended;
};

// A till, the relay on its line, and a cloud that commits each POST and says so.
struct RelayRig : Rig {
  explicit RelayRig(bool connect_faults = false);

  // One request on a connection of its own; what came of it goes to the log.
  void post_at(base::Duration when, std::string path, std::string body,
               base::Duration patience = 5s);
  // Several on one connection.
  void post_all_at(base::Duration when, std::string path, std::vector<std::string> bodies,
                   base::Duration patience = 5s);

  Lane wan_lane = kernel.open_lane("wan");
  HostNetwork wan{network, "wan", wan_lane};
  kernel::LaneTimer wan_timer{kernel, wan_lane};
  kernel::NamedStreams entropy{1, "wan"};
  NoDisk disk;
  NoRecorder recorder;
  Tape tape;
  ports::Ports ports;
  std::optional<Relay> relay;
  Log log;
  Log commits;                                    // bodies, as the cloud did them
  std::optional<base::HttpResponse> last_answer;  // as the till got it
  base::Duration work{};                          // how long the cloud takes to answer
};

}  // namespace tillrig::net
