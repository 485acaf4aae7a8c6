#pragma once

#include "pos/till/cart.hpp"
#include "pos/till/command.hpp"
#include "pos/till/opening.hpp"
#include "pos/till/parts.hpp"

#include <cstdint>
#include <optional>

namespace tillrig::till {

// Makes documents: commits, then acknowledges. One document at a time; while one is under way
// nothing of a sale may be changed.
class Checkout {
 public:
  Checkout(const Parts& parts, Opening& opening) : parts_(parts), opening_(opening) {}

  // From the question to the cloud, if there is one, to the receipt.
  [[nodiscard]] bool under_way() const { return under_way_; }

  // Before the first line of a sale, and before a refund: a copy that died during the last sale is
  // rebuilt (design, rule 3), and the epoch is settled. Errors: not_allowed, and the store's.
  Result<void> ready();

  // Commits the sale in hand; the cart is empty when it did. Errors: not_allowed (nothing in it,
  // not paid in full), and the store's: in_doubt is a sale that may be found later.
  Result<wire::Event> sell(Cart& cart);
  // Commits a sale that was rung up before and is paid now; `in_hand`: its customer stands here.
  // Errors: as sell().
  Result<wire::Event> post(wire::Document sale, wire::Tail tail, bool in_hand);

  // Gives the points that the sale earns.
  std::int64_t earn_points(const wire::Document& document, wire::Tail& tail) const;
  // Commits the return, in cash, of a sale or some of its lines. The cloud is asked first what was
  // given back of it where this store may not know. Errors: bad_input, not_found, not_allowed,
  // needs_connection (it cannot be asked), and as sell().
  base::Awaitable<Result<wire::Event>> refund(Refund refund);
  // What was committed last stands when the disk has done its part; meanwhile nothing else is
  // begun.
  base::Awaitable<void> settled();
  // What was committed last is acknowledged when the disk has done its part: the receipt, the
  // drawer, the "done" beep. Never before.
  base::Awaitable<Answer> acknowledge(wire::Event event);

 private:
  // What is known of a sale whose goods come back.
  struct Returned {
    wire::Event sale;
    std::vector<wire::Event> earlier;        // refunds of this store
    std::vector<base::Quantity> given_back;  // of each line, by refunds that are not among them
  };
  base::Awaitable<Result<Returned>> look_up(base::EventId sale);
  [[nodiscard]] bool may_have_forgotten(const base::EventId& sale) const;
  static void add_told(Returned& known, const wire::Receipt& told);
  Result<wire::Document> refund_document(const Refund& refund, const Returned& known);
  // The points that the customer has with a sale, where they are known.
  void count_points(std::int64_t earned, const wire::Tail& tail);
  [[nodiscard]] wire::Tail points_taken_back(const Returned& known,
                                             const wire::Document& refund) const;
  Result<wire::Event> commit(wire::EventKind kind, wire::Document document, wire::Tail tail = {});

  const Parts& parts_;
  Opening& opening_;
  bool under_way_ = false;
  std::optional<std::int64_t> points_now_;  // of the customer, with the sale; known live
};

}  // namespace tillrig::till
