#pragma once

#include "pos/till/till.hpp"
#include "sim/disk/volume_disk.hpp"
#include "tests/pos/sync/scripted_cloud.hpp"
#include "tests/pos/till/items.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tillrig::till {

using namespace std::chrono_literals;

struct Seen final : Screen {
  void show(const Shown& shown) override { all.push_back(shown); }
  template <class Kind>
  [[nodiscard]] std::size_t count() const {
    return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [](const Shown& shown) {
      return std::holds_alternative<Kind>(shown);
    }));
  }
  // The last of its kind, or nothing.
  template <class Kind>
  [[nodiscard]] const Kind* last() const {
    const Kind* found = nullptr;
    for (const Shown& shown : all) {
      if (const auto* kind = std::get_if<Kind>(&shown)) found = kind;
    }
    return found;
  }
  std::vector<Shown> all;
};

// One till over a line of 20 ms each way to a scripted cloud; commands run one after the other
// unless a test says otherwise.
class TillTest : public ::testing::Test {
 protected:
  ~TillTest() override {
    rig.kernel.close_lane(rig.till_lane);
    rig.kernel.close_lane(rig.cloud_lane);
  }

  base::Awaitable<void> starting() { started = co_await till->start(); }
  static Config config() {
    Config config;
    config.catalogue = *Catalogue::of(
        {item("milk", 129, 700, "4012345100112"), item("wine", 999), weighed("cheese", "12345")});
    return config;
  }
  void start() {
    till = std::make_unique<Till>(ports, config(), screen);
    kernel::spawn(rig.kernel, rig.till_lane, starting());
    pass(3s);
    ASSERT_TRUE(started) << started.error().what;
  }
  // With a scanner at cloud:4001. The till then lives until its lane is closed.
  void start_with_scanner() {
    scanner_at = *rig.cloud.listen({"cloud", 4001, false});
    kernel::spawn(rig.kernel, rig.cloud_lane, accepting());
    Config with = config();
    with.devices["scanner"] = {"cloud", 4001, false};
    till = std::make_unique<Till>(ports, with, screen);
    kernel::spawn(rig.kernel, rig.till_lane, starting());
    pass(3s);
    ASSERT_TRUE(started) << started.error().what;
  }
  void pass(base::Duration time) { rig.run_until(rig.kernel.now() - base::Instant{} + time); }

  base::Awaitable<void> handling(Command command) {
    answer = co_await till->handle(std::move(command));
  }
  Result<Answer> handle(Command command) {
    answer = base::fail(base::Code::internal, "no answer within 300 ms");
    kernel::spawn(rig.kernel, rig.till_lane, handling(std::move(command)));
    pass(300ms);
    return answer;
  }
  // Asks and does not wait; the answer is in `answer` when it is there.
  void ask(Command command) {
    answer = base::fail(base::Code::internal, "not answered yet");
    kernel::spawn(rig.kernel, rig.till_lane, handling(std::move(command)));
  }
  // What every sync of the disk takes more from now on.
  void slow_disk(base::Duration sync) {
    const auto* slow = words::Table<words::Fault>::find("disk.slow");
    words::Args args;
    args.set("sync", sync.count());
    slow->heal(volume, kSlow);
    if (sync > base::Duration{}) slow->start(volume, kSlow, args);
  }
  base::Awaitable<void> accepting() {
    auto connected = co_await scanner_at->accept();
    if (connected) scanner = std::move(*connected);
  }
  base::Awaitable<void> sending(std::string code) {
    code += "\r";
    static_cast<void>(co_await scanner->write(std::move(code), base::Instant::never()));
  }
  void till_scans(std::string code) {
    ASSERT_TRUE(scanner);
    kernel::spawn(rig.kernel, rig.cloud_lane, sending(std::move(code)));
    pass(100ms);
  }
  Result<Answer> tender(std::int64_t minor) { return handle(Tender{"cash", {minor}}); }
  State state() { return *handle(AskState())->state; }
  Result<Answer> sell(const std::vector<std::string>& skus) {
    for (const std::string& sku : skus) {
      if (auto added = handle(Enter{sku}); !added) return added;
    }
    if (auto paid = tender(10'000); !paid) return paid;
    return handle(Complete());
  }

  net::Rig rig;
  sync::ScriptedCloud cloud{rig.kernel, rig.cloud, rig.cloud_lane};
  kernel::LaneTimer timer{rig.kernel, rig.till_lane};
  kernel::NamedStreams entropy{7, "till-1"};
  disk::Volume volume{"till-1"};
  disk::VolumeDisk disk{volume};
  sync::NoNotes notes;
  ports::Ports ports{kernel::make_executor(rig.kernel, rig.till_lane),
                     rig.clock,
                     timer,
                     entropy,
                     rig.till,
                     disk,
                     notes,
                     [this] { return kernel::make_alarm(rig.kernel, rig.till_lane); }};
  static constexpr words::FaultId kSlow = 77;
  std::unique_ptr<ports::Listener> scanner_at;
  base::Channel scanner;
  Seen screen;
  Result<void> started = base::fail(base::Code::internal, "not yet started");
  Result<Answer> answer = base::fail(base::Code::internal, "nothing asked yet");
  std::unique_ptr<Till> till;
};

}  // namespace tillrig::till
