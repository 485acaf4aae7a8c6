#pragma once

#include "pos/pay/coordinator.hpp"

#include <cstddef>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace tillrig::pay::model {

// One till with its own coordinator, one order and its attempts, one terminal with its acquirer,
// and lines between them that lose, delay and reorder whatever they carry; the till may crash
// between any two acts. All that can happen next from a state is tried (reference: domain 3.5).
class World {
 public:
  World(const base::Mutants& mutants, int attempts, int crashes);

  // All states that one act leads to.
  [[nodiscard]] std::vector<World> next() const;
  // Equal texts: the same state.
  [[nodiscard]] std::string text() const;
  // Nothing is under way and nothing is open: whoever looks now sees how it ended.
  [[nodiscard]] bool quiet() const;
  // The charges that stand are those of the order.
  [[nodiscard]] bool right() const {
    return charges() == (order_ == Order::paid_by_card ? 1U : 0U);
  }
  [[nodiscard]] std::size_t charges() const;
  [[nodiscard]] const std::string& last() const { return last_; }

 private:
  enum class Order { in_hand, closed, paid_by_card, paid_in_cash, voided, not_charged, lost };
  enum class At { fenced, working, approved, declined, aborted, reversed };

  void tell(const Event& event);
  void carry_out_next();
  void crash();
  void take_in(const std::string& message);
  void hear(const std::string& message);
  void leave_out_the_idle();
  void decide(const std::string& id, At how);
  [[nodiscard]] bool works() const;
  [[nodiscard]] bool still() const;
  [[nodiscard]] std::string unheard() const;

  base::Mutants mutants_;
  Coordinator till_;
  std::deque<Action> todo_;
  std::map<std::string, wire::Attempt> durable_;
  Order order_ = Order::in_hand;
  std::map<std::string, At> terminal_;
  std::set<std::string> told_;         // by the acquirer's books
  std::set<std::string> to_terminal_;  // "pay a1"
  std::set<std::string> to_till_;      // "approved a1"
  int begun_ = 0;
  int attempts_;
  int crashes_;
  base::Instant now_{0};
  std::string last_ = "start";
};

struct Found {
  std::size_t states = 0;
  std::size_t ends = 0;  // quiet states
  std::size_t bad = 0;   // of them with other charges than the order's
  std::size_t most_charges = 0;
  std::string worst;  // the shortest way to a bad one
  bool all = false;   // every state was visited, not only the nearest ones
};
// All interleavings of two attempts and so many crashes, the nearest states first; at most so many.
Found explore(const base::Mutants& mutants, int crashes, std::size_t most);

}  // namespace tillrig::pay::model
