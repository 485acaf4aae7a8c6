#pragma once

#include "pos/ports/ports.hpp"
#include "sim/disk/volume.hpp"
#include "sim/net/link.hpp"
#include "sim/world/boundary.hpp"
#include "sim/world/device_post.hpp"
#include "sim/world/machine_clock.hpp"
#include "sim/world/order.hpp"
#include "sim/world/recording.hpp"
#include "sim/world/shop.hpp"
#include "sim/world/sight.hpp"
#include "sim/world/till_lines.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::world {

using base::Awaitable;
using base::Result;

// A program that gets no time from its machine, as the acts of the world name it.
inline constexpr std::string_view kFrozen = "app.frozen";

// How a power cut treats what was written and not yet synced.
struct PowerCut {
  enum class Survivors { none, prefix, all, torn };
  Survivors survivors = Survivors::none;
};

// A till's place in a world: its line, its devices and its disk, and the program that sits there,
// whatever it is made of. The program is asked in orders and seen in sights; to it both are lines
// of JSON, which only the seats below this one carry to and fro. Everything referred to outlives
// it.
class Seat {
 public:
  // `rig` is who waits for the till: the player.
  Seat(std::string name, const ports::Ports& rig, Recording& recording);
  virtual ~Seat() = default;
  Seat(const Seat&) = delete;
  Seat& operator=(const Seat&) = delete;

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] virtual net::Link& link() = 0;
  [[nodiscard]] virtual disk::Volume* volume() { return nullptr; }  // null: out of our hands
  [[nodiscard]] virtual MachineClock* clock() { return nullptr; }   // likewise
  // Its cable to the other tills; null: it has none.
  [[nodiscard]] virtual words::Target* lan() { return nullptr; }
  // Null when no device of that role stands here.
  [[nodiscard]] DevicePost* device(std::string_view role);
  // What a fault of this domain is done to; null: nothing here.
  [[nodiscard]] words::Target* target(std::string_view domain);

  // Starts the program; returns when it shows a page or waits for a button. Errors: exists (it
  // runs), its own reason when it ended instead, timeout.
  Awaitable<Result<void>> start();
  [[nodiscard]] bool running() const { return running_; }
  // Starts the same program once more while the first one runs. Errors: as start(), exists also
  // when two run already; not_found when none does; not_allowed where that cannot be done.
  virtual Awaitable<Result<void>> start_again();
  // Whoever sits before the machine works with the program that was started last of those that run.
  [[nodiscard]] virtual Seat& front() { return *this; }
  // It dies where it stands. May be called from within the till's own calls. Errors: not_found.
  Result<void> kill();
  // As kill, and unsynced writes go as told. Errors: not_allowed where that cannot be done.
  virtual Result<void> power_cut(const PowerCut& cut);
  // An image of its disk is taken as it stands. Errors: not_allowed where that cannot be done.
  virtual Result<void> save_disk();
  // The machine stops, gets the image that was saved last, and is not started. `as_files`: only its
  // files are copied back, while the machine runs on. Errors: as save_disk(); not_found (none was
  // saved).
  virtual Result<void> put_back_disk(bool as_files);
  // Another version of the program is put there, for its next start. Errors: as save_disk().
  virtual Result<void> install(const std::string& version);
  // The machine becomes one with the disk of `other` and everything that its program is told: name
  // and secret. Its own line and devices stay. Errors: as save_disk(); exists (it runs).
  virtual Result<void> become(Seat& other);
  // Its program does nothing from now on, as under a debugger; what it is asked meanwhile waits. A
  // program that was started a second time goes on. Errors: not_found (it does not run), exists (it
  // is frozen already).
  Result<void> freeze();
  // It goes on where it stood. Errors: not_found (it is not frozen).
  Result<void> thaw();
  [[nodiscard]] bool frozen() const { return frozen_; }
  // It has closed itself, or is to end now in an orderly way. Errors: timeout, it had to be killed.
  virtual Awaitable<Result<void>> retire() = 0;

  // Asks for one thing and waits for the answer; several may be under way at once. Errors: the
  // till's own "no"; closed when it does not run or died meanwhile; in_doubt when it said nothing
  // in time or its answer cannot be read. After closed and in_doubt it may have happened.
  Awaitable<Result<Reply>> ask(Order order);

  // The calls that the till makes through its ports; null: they cannot be seen.
  [[nodiscard]] virtual PortCalls* port_calls() { return nullptr; }

 protected:
  // Makes the program run. What it says comes through heard().
  virtual Result<void> launch() = 0;
  // Ends it at once; must not call gone().
  virtual void cut_off() = 0;
  virtual void say(std::string line) = 0;
  // Stops the program, or lets it go on.
  virtual void stop_program() {}
  virtual void resume_program() {}
  // How long an answer may take.
  [[nodiscard]] virtual base::Duration patience() const = 0;

  // One line of the program that runs now.
  void heard(std::string_view line);
  // The program has ended: whoever waits for it is told.
  void gone(base::Error why);
  // Puts a device of each role there is at `host`, at its usual port or at any free one.
  Result<void> place_devices(const ports::Ports& at, const std::string& host, bool usual_ports,
                             const DeviceSettings& settings);

  [[nodiscard]] const std::vector<std::unique_ptr<DevicePost>>& devices() const { return devices_; }
  [[nodiscard]] const ports::Ports& rig() const { return rig_; }
  [[nodiscard]] Recording& recording() { return recording_; }

 private:
  // Somebody who waits for the till.
  struct Waiting {
    std::unique_ptr<ports::Alarm> alarm;
    std::optional<Result<Reply>> reply;
    std::uint64_t order = 0;  // the event of what was asked; 0: not known
    std::size_t tape = 0;     // its place on the tape of orders, from 1; 0: it is on none
  };
  static void settle(Waiting& waiting, Result<Reply> reply);
  // Errors: timeout, when nothing came within the patience.
  Awaitable<Result<Reply>> wait_for(std::shared_ptr<Waiting> waiting);
  std::shared_ptr<Waiting> begin_waiting();
  // Where no kernel carries causes into the program, the order is an event, and what the program
  // says while it has no other is due to it. Both give its number; 0: not known.
  std::uint64_t note_order(const Order& order, std::int64_t id);
  [[nodiscard]] std::uint64_t only_order() const;
  void note_answer(const Answered& answered, std::uint64_t order);

  std::string name_;
  const ports::Ports& rig_;
  Recording& recording_;
  std::unique_ptr<ports::Recorder> recorder_;  // for marks of a program that tells them
  std::vector<std::unique_ptr<DevicePost>> devices_;
  bool running_ = false;
  bool frozen_ = false;
  std::shared_ptr<Waiting> opening_;  // until the first page
  std::map<std::int64_t, std::shared_ptr<Waiting>> asked_;
  std::int64_t last_id_ = 0;
};

}  // namespace tillrig::world
