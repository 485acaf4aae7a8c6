#pragma once

#include "devices/terminal/host.hpp"

#include <deque>
#include <vector>

namespace tillrig::terminal {

// How much a terminal approves alone while its host cannot be reached. All zero: nothing.
struct OfflineLimits {
  base::Money floor;        // most of one payment
  base::Money total;        // most of all that are stored; 0: no such limit
  std::uint32_t count = 0;  // most payments that are stored; 0: no such limit
  base::Duration age{};     // none any more while the oldest is older; 0: no such limit
};

// What a terminal owes its acquirer: payments that it approved alone, and reversals. Sent one after
// the other, the oldest first; one that is not answered is sent again under its old trace.
class HostQueue {
 public:
  enum class News {
    none,     // nothing of ours, or there is more to send and it has been
    failed,   // the first was not answered: the next try comes by itself
    emptied,  // the acquirer has heard of all
  };

  struct Patience {
    base::Duration answer;  // for an answer
    base::Duration again;   // until the next try after one that failed
  };

  // `ids` numbers all messages of the terminal. Host and ids outlive the queue.
  HostQueue(Patience patience, Host& host, std::uint64_t& ids)
      : patience_(patience), host_(host), ids_(ids) {}

  void owe(HostRequest request, base::Instant now);
  // Forgets a stored payment of which the acquirer has not heard. False: it may have.
  bool take_back(std::uint32_t trace);
  // Whether one more payment may be stored.
  [[nodiscard]] bool allows(const OfflineLimits& limits, base::Money amount,
                            base::Instant now) const;
  // The stored payments once more, each under a trace of its own: the bug of a reader in the field.
  void duplicate_stored(std::uint32_t& trace, std::uint32_t most_trace, base::Instant now);

  // Sends the first now. The answer may come within.
  void send(base::Instant now);
  [[nodiscard]] News answered(const HostAnswer& answer, base::Instant now);
  [[nodiscard]] News poll(base::Instant now);
  [[nodiscard]] base::Instant poll_at() const { return at_; }
  // No power: nothing is sent until it is resumed.
  void pause();
  void resume(base::Instant now);

  [[nodiscard]] std::size_t size() const { return due_.size(); }
  [[nodiscard]] std::size_t stored() const;
  // Stored payments that the acquirer refused when it heard of them: money the shop does not get.
  [[nodiscard]] const std::vector<HostRequest>& lost() const { return lost_; }

 private:
  struct Due {
    HostRequest request;
    base::Instant since{};
    bool sent = false;        // it may have been heard
    bool unanswered = false;  // an earlier try was
  };

  Patience patience_;
  Host& host_;
  std::uint64_t& ids_;
  std::deque<Due> due_;
  std::vector<HostRequest> lost_;
  std::uint64_t in_flight_ = 0;                // the message of the first; 0: none
  base::Instant at_ = base::Instant::never();  // the next try, or the end of patience
};

}  // namespace tillrig::terminal
