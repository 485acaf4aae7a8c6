#include "sim/oracle/difference.hpp"
#include "sim/oracle/evidence.hpp"
#include "sim/oracle/goods.hpp"
#include "sim/oracle/invariant.hpp"
#include "sim/oracle/names.hpp"

#include <fmt/format.h>

namespace tillrig::oracle::inv_41_sold_is_what_was_rung_up {
namespace {

Judgement check(const Evidence& evidence) {
  Judgement judgement;
  const Account& account = *evidence.account;
  judgement.judged = account.carts();
  tell_oddities(evidence, {Oddity::Kind::cart}, judgement);
  for (const Document& document : evidence.documents) {
    const auto id = read_id(document.id);
    if (!id || !account.knows(id->till)) continue;
    const Due* const due = account.find(document.id);
    // What a refund gives back is judged by INV-44.
    if (due != nullptr ? due->refund : document.kind() == "refund") continue;
    ++judgement.judged;
    Difference difference;
    if (due == nullptr) {
      difference.note("a sale that was scanned, paid and completed", "none that it could be");
      std::move(difference)
          .tell(evidence, document, due,
                fmt::format("Nobody rang up {}.", evidence.name(document.id)), judgement);
      continue;
    }
    compare_goods(evidence, document, *due, difference);
    std::move(difference)
        .tell(evidence, document, due,
              fmt::format("{} is not what was rung up.", evidence.name(document.id)), judgement);
  }
  return judgement;
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-41",
     .doc = "What was rung up is what was sold: lines, quantities, prices, discounts and total, as "
            "they follow from what was scanned and keyed in, are on the screen, on the receipt, in "
            "Register Sales and in the cloud.",
     .params = {},
     .example = "waive = { INV-41 = \"why it cannot hold here\" }"},
    "when quiet",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_41_sold_is_what_was_rung_up
