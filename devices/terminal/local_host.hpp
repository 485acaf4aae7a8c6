#pragma once

#include "devices/terminal/by_amount.hpp"

#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace tillrig::terminal {

class HostLine;

// A stand-in for the acquirer, inside the terminal's own case: for a terminal that is used alone.
// It answers after a moment, by the amount, and keeps a book in which a transaction stands once.
class LocalHost final : public Host {
 public:
  struct Booking {
    HostRequest request;
    base::Money amount;
    std::string currency;
    bool reversed = false;
  };

  explicit LocalHost(std::string preset = "none",
                     base::Duration delay = std::chrono::milliseconds(800))
      : preset_(std::move(preset)), delay_(delay) {}

  // Through which it answers; before the first send().
  void serve(HostLine& line) { line_ = &line; }

  void send(const HostRequest& request, base::Instant now) override;
  void set_preset(std::string preset) { preset_ = std::move(preset); }

  void poll(base::Instant now);
  [[nodiscard]] base::Instant poll_at() const;

  // All that was ever charged, by terminal and trace.
  [[nodiscard]] const std::map<std::pair<std::string, std::uint32_t>, Booking>& book() const {
    return book_;
  }
  // What the cards are charged in the end.
  [[nodiscard]] std::vector<Booking> standing() const;

 private:
  struct Late {
    base::Instant at;
    HostAnswer answer;
  };

  HostAnswer decide(const HostRequest& request, const AmountRule* rule);
  void answer_at(base::Instant at, HostAnswer answer);

  HostLine* line_ = nullptr;
  std::string preset_;
  base::Duration delay_;
  std::uint32_t codes_ = 0;
  std::deque<Late> late_;  // by time
  std::map<std::pair<std::string, std::uint32_t>, Booking> book_;
};

}  // namespace tillrig::terminal
