#pragma once

#include "pos/base/http.hpp"
#include "pos/base/time.hpp"
#include "sim/words/fault.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>

namespace tillrig::net {

using base::Duration;
using base::Instant;

// What somebody meets who connects over a line now (reference: network 1.2).
enum class Obstacle {
  none,
  unreachable,  // no route: known at once
  silence,      // nothing answers: noticed at the deadline
  refused,      // known after a round trip
  reset,        // known after a round trip
  dns,          // the name does not resolve: known at once
  tls,          // the handshake fails: known after two round trips
};

// Which way something crosses a line: to the cloud, or from it.
enum class Way { up, down };

// How bytes fare that leave now.
struct Passage {
  Duration latency{};                  // one way
  std::uint64_t bytes_per_second = 0;  // shared by all connections; 0: unlimited
  unsigned resent = 0;                 // how often the unluckiest of them is lost and sent again

  // How long so many bytes take to leave, rounded up to the nanosecond.
  [[nodiscard]] Duration sending_time(std::size_t bytes) const;
  // From having left to arriving: what is lost is sent again after a time that doubles each time.
  [[nodiscard]] Duration delay() const;
};

// What becomes of one request and its answer (reference: network 1.5).
struct Verdict {
  std::optional<base::HttpResponse> answer;  // somebody in between answers; the cloud gets nothing
  bool as_cloud = false;                     // and that answer counts as the cloud's own word
  // What it makes of the request on its way, and of the cloud's answer: lies whose sums fit.
  std::function<void(base::HttpRequest&)> forge;
  std::function<void(base::HttpResponse&)> lie;
  bool lose_request = false;     // the cloud gets nothing, the till hears nothing
  std::optional<Duration> late;  // the cloud gets it so much later, the till hears nothing
  words::FaultId late_by = 0;    // whose doing that is: it has fired when the request arrives
  bool twice = false;            // the cloud gets it twice; the first answer counts
  Duration slow{};               // the answer waits so long
  bool lose_answer = false;      // the cloud has done it; the till never hears of it
  bool hang = false;             // ... and its connection stays open
  bool truncate = false;         // half of the answer's body, then the end
  bool garble = false;           // the answer's body is damaged, its length right
  std::optional<std::uint64_t> flip_up;    // a bit of the request's body: by its number, modulo
  std::optional<std::uint64_t> flip_down;  // and one of the answer's

  // Whether the request goes no further: later faults have nothing left to spoil.
  [[nodiscard]] bool settled() const { return answer || lose_request || late; }
};

// One armed fault of a line. The questions about time are pure functions of `now`, so that nobody
// needs to be woken for a flapping line while nothing is under way.
class LineFault {
 public:
  virtual ~LineFault() = default;

  [[nodiscard]] virtual Obstacle connecting(Instant /*now*/) const { return Obstacle::none; }
  // Bytes of live connections stand still, both ways.
  [[nodiscard]] virtual bool holds(Instant /*now*/) const { return false; }
  // Connections that are live when it starts are reset.
  [[nodiscard]] virtual bool cuts_live() const { return false; }
  // When the answers above next change by themselves.
  [[nodiscard]] virtual Instant next_change(Instant /*now*/) const { return Instant::never(); }
  // What it adds to the time that everything takes one way.
  [[nodiscard]] virtual Duration latency() const { return {}; }
  // The most that it lets through, shared by all connections; 0: as much as you like.
  [[nodiscard]] virtual std::uint64_t bytes_per_second(Way /*way*/) const { return 0; }
  // Asked once for so many bytes as they leave (0: a handshake's), when the two above stand in the
  // passage already; spoils it by chance. True if it made a difference.
  virtual bool carry(Way /*way*/, std::size_t /*bytes*/, Passage& /*passage*/) { return false; }
  // Asked once for each whole request from the till. True if it made a difference.
  virtual bool judge(const base::HttpRequest& /*request*/, Verdict& /*verdict*/) { return false; }
};

}  // namespace tillrig::net
