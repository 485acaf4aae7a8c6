#pragma once

#include "pos/base/mutant.hpp"
#include "pos/base/result.hpp"
#include "pos/lan/open_order.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::lan {

using base::Result;

// The open orders of the shop as one till knows them, and what it may do about those that it holds
// itself. Sans-I/O. Two boards that have told each other everything are the same, whatever came
// first, twice, or late: of each order the newer version stands.
class Board {
 public:
  Board(std::string self, base::Mutants mutants);

  // Takes another till's word. True: it was news.
  bool merge(const OpenOrder& told);

  // An order of this till's own, parked now. Errors: exists, too_large (too many, or its cart).
  Result<void> add(OpenOrder order);
  // One that is parked here becomes another till's: as that one is to be told of it. Once that is
  // kept it is for ever. Errors: not_found (no open order), not_allowed (held elsewhere, or in
  // hand), saying where.
  Result<OpenOrder> hand_over(std::string_view id, const std::string& to);
  // One that is parked here is worked on, and put down again. Errors: likewise.
  Result<void> pick_up(std::string_view id);
  Result<void> put_down(OpenOrder changed);
  // It was sold, or is not wanted any more.
  Result<void> close(std::string_view id, OrderState how, std::int64_t now_ms);

  // Null when nothing is known of it.
  [[nodiscard]] const OpenOrder* find(std::string_view id) const;
  // What waits, by its age; all that is known.
  [[nodiscard]] std::vector<OpenOrder> open() const;
  [[nodiscard]] const std::map<std::string, OpenOrder, std::less<>>& all() const { return orders_; }
  // Equal for equal boards.
  [[nodiscard]] std::int64_t digest() const;

  // What has to outlive the app: what is held here, what was handed over, what is closed.
  [[nodiscard]] std::string text() const;
  // Errors: corrupt.
  Result<void> read(std::string_view text);

 private:
  Result<OpenOrder*> own(std::string_view id);
  void forget_old();

  std::string self_;
  base::Mutants mutants_;
  std::map<std::string, OpenOrder, std::less<>> orders_;
};

}  // namespace tillrig::lan
