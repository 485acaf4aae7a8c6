#include "pos/oms/ledgers.hpp"

#include "pos/wire/customer.hpp"

namespace tillrig::oms {
namespace {

const base::Mutant kPointsDoubled{"points_doubled_on_retry", "INV-13", "OCA/pos#185",
                                  "a sale that is sent once more gives its points once more"};

// The points that an event's tail speaks of; nothing: none.
std::optional<Posting> points_of(const wire::Event& event) {
  if (!std::holds_alternative<wire::Document>(event.body)) return std::nullopt;
  const auto member = event.tail.get(wire::kMember);
  const auto points = event.tail.get(wire::kPoints);
  if (!member || !points || *points == 0 || !wire::is_customer_id(*member)) return std::nullopt;
  if (*points > wire::kMostAmount || *points < -wire::kMostAmount) return std::nullopt;
  return Posting{0, event.id.text(), std::string(kPointsLedger), *member, *points};
}

}  // namespace

Result<void> Ledgers::book(const wire::Event& event) {
  const auto points = points_of(event);
  return points ? database_.postings().add(*points) : Result<void>();
}

Result<void> Ledgers::book_again(const wire::Event& event) {
  if (!kPointsDoubled.on(mutants_)) return {};
  auto points = points_of(event);
  if (!points) return {};
  points->event += "/again";
  const auto added = database_.postings().add(*points);
  static_cast<void>(added);  // the third time it is there
  return {};
}

}  // namespace tillrig::oms
