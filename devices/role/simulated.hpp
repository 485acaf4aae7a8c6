#pragma once

#include "pos/base/bytes.hpp"
#include "pos/base/result.hpp"
#include "pos/base/time.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::devices {

// What a device did that somebody beside it can see: a receipt came out, a drawer sprang open.
struct Record {
  std::string what;  // "receipt"
  std::string text;
};

// How a device is set up: texts by name, as its role knows them; what is left out is as usual.
using Settings = std::map<std::string, std::string, std::less<>>;

// What a device does to its line behind the bytes that it has just given.
enum class HangUp { no, in_order, reset };

// What a device says on one of several connections, and what it does to it behind that.
struct Said {
  int line = 0;
  base::Bytes bytes;
  HangUp hang_up = HangUp::no;
};

// A device that may be connected to several times at once, each connection under a number of its
// own. Whoever holds only one uses SimulatedDevice.
class ManyLines {
 public:
  virtual ~ManyLines() = default;
  virtual void line_up(int line, base::Instant now) = 0;
  virtual void line_down(int line, base::Instant now) = 0;
  virtual void feed(int line, base::ByteView bytes, base::Instant now) = 0;
  // What is to be said now, after whatever was done to the device.
  [[nodiscard]] virtual std::vector<Said> take_said() = 0;
};

// A simulated device of any role, sans-I/O: whoever holds its line hands in what the till sends and
// puts on the line what comes back.
class SimulatedDevice {
 public:
  virtual ~SimulatedDevice() = default;

  // Bytes from the till; what it answers.
  virtual base::Bytes feed(base::ByteView bytes, base::Instant now) = 0;
  // A till connected, or its connection has ended, whoever ended it.
  virtual void line_up(base::Instant /*now*/) {}
  virtual void line_down(base::Instant /*now*/) {}
  // What it does of its own accord as time passes, and when it next has something to do.
  virtual base::Bytes poll(base::Instant /*now*/) { return {}; }
  [[nodiscard]] virtual base::Instant poll_at() const { return base::Instant::never(); }
  // Asked after each call that gave bytes.
  virtual HangUp hang_up() { return HangUp::no; }
  // Somebody does something to it by hand ("scan", a code); what it sends of its own accord.
  // Errors: not_found, when nothing of that name can be done to it.
  virtual base::Result<base::Bytes> handle(std::string_view act, std::string_view detail,
                                           base::Instant now);
  // Its power goes and comes back at once; what it then sends.
  virtual base::Bytes power_cut(base::Instant now) = 0;
  // From now on somebody is told of each message that it takes ("<") and gives (">"), in words.
  using Watcher = std::function<void(std::string line)>;
  virtual void watch(Watcher /*watcher*/) {}
  // Its several connections; nullptr: it takes one at a time. poll() then says nothing by itself.
  virtual ManyLines* many_lines() { return nullptr; }
  // What it has done since the last call, oldest first.
  virtual std::vector<Record> take_records() { return {}; }
};

}  // namespace tillrig::devices
