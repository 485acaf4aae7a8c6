#pragma once

#include "sim/oracle/account/till.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tillrig::oracle {

// When a till is right to refuse an act with a code.
enum class RefusedWhen {
  in_the_way,  // another page, a prompt, a payment at the terminal, something else under way
  sale,        // what was rung up does not allow it
  unsold,      // the shop does not sell what is named
  full,        // nothing more goes into the sale
  line,        // the cloud has to be asked and could not be
  cloud,       // the cloud was asked, and said no
  customer,    // nobody is called so
  goods_back,  // so much of the sale is not left, or who knows it could not be asked
  day,         // the business day is open, or is not
  amount,      // it is nothing, or more than anybody has
  typed,       // it was not typed as it has to be
  waits,       // the till has what nobody else has
  local,       // it is in local mode
  disk,        // a disk failed
  not_judged,
};

// One row of what tills refuse: an act, the code of the answer, and when that is right.
struct RefusalRow {
  std::string_view what;  // "refund"; "*": any
  std::string_view code;
  RefusedWhen when = RefusedWhen::not_judged;
  std::string_view why = {};  // it is not judged, where it is not
};

// All that may be right of an act with this code; empty: no till refuses it so.
std::vector<RefusalRow> refusal_rows(std::string_view what, std::string_view code);

// Whether what a till refused had to be refused, by what is known of it at that moment.
class Refusals {
 public:
  explicit Refusals(TillAccount& till) : till_(till) {}

  void look_at(const OrderEntry& order, const TillAccount::Asked& asked);
  // Something keeps the till from taking any act like this one.
  [[nodiscard]] bool in_the_way(const OrderEntry& order) const;

 private:
  using Asked = TillAccount::Asked;
  void demand_words(const OrderEntry& order);
  [[nodiscard]] bool judges(const OrderEntry& order) const;
  [[nodiscard]] bool right(RefusedWhen when, const OrderEntry& order, const Asked& asked);
  [[nodiscard]] std::string why_not_in_sale(const OrderEntry& order);
  [[nodiscard]] bool sells(const OrderEntry& order) const;
  [[nodiscard]] bool full(const OrderEntry& order) const;
  [[nodiscard]] bool no_amount(const OrderEntry& order) const;
  [[nodiscard]] bool could_not_ask(const OrderEntry& order, const Asked& asked) const;
  [[nodiscard]] bool calm(Instant at) const;
  [[nodiscard]] bool cloud_said_no(const OrderEntry& order) const;
  [[nodiscard]] bool nobody_called(const OrderEntry& order) const;
  [[nodiscard]] bool own(const Due& sale) const;
  [[nodiscard]] bool right_to_keep(const OrderEntry& order, const Asked& asked) const;

  TillAccount& till_;
};

}  // namespace tillrig::oracle
