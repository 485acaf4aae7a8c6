#pragma once

#include "devices/role/simulated.hpp"
#include "devices/terminal/cut.hpp"
#include "pos/base/http.hpp"
#include "pos/base/time.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tillrig::terminal::nexo {

// Longer than any message with a receipt in it, sealed or not.
inline constexpr std::size_t kMostBodyBytes = 64 * 1024;

// A terminal's end of one connection, with all that can be wrong with it: HTTP requests in, their
// answers out, in the order of the requests whichever is ready first.
class Line {
 public:
  struct Request {
    std::uint64_t number = 0;
    base::HttpRequest http;
  };
  // What came and is no HTTP.
  struct Noise {
    base::Bytes bytes;  // the first of it
    std::string why;
  };

  void feed(base::ByteView bytes, base::Instant now);
  void poll(base::Instant now);
  [[nodiscard]] base::Instant poll_at() const { return late_until_; }
  [[nodiscard]] std::optional<Request> next();
  [[nodiscard]] std::optional<Noise> take_noise() { return std::exchange(noise_, std::nullopt); }

  void answer(std::uint64_t request, const base::HttpResponse& response);
  // What goes on the line now, and what happens to it then.
  [[nodiscard]] base::Bytes give(base::Instant now);
  [[nodiscard]] devices::HangUp hang_up(base::Instant now);
  void break_off(devices::HangUp how);

  // Does to the line what `how` says. True: the connection is gone.
  bool cut(const Cut& cut, base::Instant now);
  // Nothing comes or goes any more.
  [[nodiscard]] bool deaf() const { return deaf_; }

 private:
  struct Due {
    std::uint64_t request = 0;
    bool ends = false;  // the till wants the connection closed behind it
    std::optional<base::Bytes> answer;
  };

  void take_in(base::ByteView bytes);
  [[nodiscard]] bool held(base::Instant now) const;

  base::HttpReader<base::HttpRequest> reader_{kMostBodyBytes};
  std::deque<Request> requests_;
  std::deque<Due> due_;
  std::uint64_t next_ = 1;
  std::optional<Noise> noise_;
  bool broken_ = false;  // no HTTP any more
  bool deaf_ = false;
  bool loses_next_ = false;
  bool sends_twice_ = false;
  base::Instant late_until_ = base::Instant::never();
  base::Bytes late_in_;
  base::Bytes out_;
  devices::HangUp hang_up_ = devices::HangUp::no;
};

}  // namespace tillrig::terminal::nexo
