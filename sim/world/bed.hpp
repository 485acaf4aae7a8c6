#pragma once

#include "pos/ports/ports.hpp"
#include "pos/till/command.hpp"
#include "sim/oracle/tapes.hpp"
#include "sim/words/fault.hpp"
#include "sim/world/device_posts.hpp"
#include "sim/world/fault_book.hpp"
#include "sim/world/recording.hpp"
#include "sim/world/setup.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::world {

using base::Awaitable;
using base::Result;

// How a power cut treats what was written and not yet synced.
struct PowerCut {
  enum class Survivors { none, prefix, all, torn };
  Survivors survivors = Survivors::none;
};

// A world that a scenario is played into, on whatever it is made of: everything simulated in
// virtual time, or real processes, files and sockets. The player sees only this. Coroutines run on
// player()'s executor; an Error means that the rig could not do it, or that the till said no.
class Bed {
 public:
  virtual ~Bed() = default;

  // Clock, timer and executor for the player's own waiting.
  virtual const ports::Ports& player() = 0;
  virtual Recording& recording() = 0;
  [[nodiscard]] virtual const Setup& setup() const = 0;

  // Lets time pass in which nobody does anything. On a bed of real time it is compressed: what is
  // waited for is what happens meanwhile, and nothing does.
  virtual Awaitable<void> pass(base::Duration time) = 0;

  // Starts the cloud and its lines; before anything else.
  virtual Awaitable<Result<void>> open() = 0;
  // Ends everything in an orderly way.
  virtual Awaitable<void> close() = 0;

  // Starts the till's app; returns when it shows its first page or a prompt. Errors: exists (it
  // runs).
  virtual Awaitable<Result<void>> start(std::string till) = 0;
  // Force kill: the app dies where it stands; what it wrote stays in the disk's cache. May be
  // called from within the till's own calls. Errors: not_found (it does not run).
  virtual Result<void> kill(const std::string& till) = 0;
  // The machine loses power: as kill, and unsynced writes go as told. Errors: not_allowed on beds
  // that cannot.
  virtual Result<void> power_cut(const std::string& till, const PowerCut& cut) = 0;
  [[nodiscard]] virtual bool running(const std::string& till) const = 0;
  // The cloud's process: killed where it stands, and started again.
  virtual Result<void> kill_cloud() = 0;
  virtual Awaitable<Result<void>> start_cloud() = 0;

  // One thing that the cashier does. Errors: the till's own "no"; closed when the till died
  // meanwhile or does not run (unknown whether it happened).
  virtual Awaitable<Result<till::Answer>> command(std::string till, till::Command command) = 0;
  // Holds a code before the scanner: its bytes go down the line. Returns when the till has shown
  // what came of it, at the latest after two seconds. Errors: not_found.
  Awaitable<Result<void>> scan(std::string till, std::string code);
  // What the till is at. Errors: closed.
  Awaitable<Result<till::State>> state(std::string till);

  // Starts a fault for one till, or for all with "*". May be called from within a mark. Errors:
  // not_found when this bed has nothing of its domain there.
  Result<words::FaultId> start_fault(const words::Fault& fault, const words::Args& args,
                                     const std::string& till);
  // The faults that were started, to heal them and to see whether they did something.
  virtual FaultBook& faults() = 0;

  // Puts a look at the cloud and at every running till's Register Sales on the tapes.
  virtual Awaitable<Result<void>> look() = 0;

  // Calls that the till has made through its ports (reads, writes, syncs, connects, sends) since
  // the beginning of its last `complete`, until that sale was settled with the cloud. For sweeps
  // over every boundary.
  [[nodiscard]] virtual std::uint64_t port_calls(const std::string& till) const = 0;
  // Kills the till just before its n-th such call takes effect (0: never). Errors: not_allowed on
  // beds that cannot see the calls.
  virtual Result<void> kill_at_port_call(const std::string& till, std::uint64_t n) = 0;

 protected:
  // What of a till, or of all with "*", a fault of this domain can be done to.
  virtual std::vector<words::Target*> targets_of(words::Domain domain, const std::string& till) = 0;
  // Null when there is no such till.
  virtual ScannerPost* scanner_of(const std::string& till) = 0;
};

}  // namespace tillrig::world
