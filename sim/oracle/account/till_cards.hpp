#pragma once

#include "sim/oracle/account/account.hpp"

#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::oracle {

// What one till says of payments by card, and which of them are of the cart in hand. What it is
// given outlives it.
class TillCards {
 public:
  TillCards(std::deque<CardTry>& all, std::vector<CardTouch>& touches, std::string till)
      : all_(all), touches_(touches), till_(std::move(till)) {}

  // A card is to be taken for what is in hand.
  void taking(const OrderEntry& order) { taking_ = &order; }
  // What it shows is the first word of an attempt.
  [[nodiscard]] bool begins(const CashierEntry& shown) const;
  // So it is begun, and `tried` says what the cart comes to.
  void begin(CardTry tried, const CashierEntry& shown);
  // True: what is in hand has just been paid by it.
  bool shown(const CashierEntry& entry);
  // The attempt that this sale completes by itself; null: none.
  [[nodiscard]] CardTry* paid_by(const CashierEntry& acknowledged);
  [[nodiscard]] bool in_hand(const CardTry& tried) const { return tried.order_id == order_; }
  // Something was done with the cart in hand.
  void touched(const OrderEntry& order);
  // The next sale begins.
  void cart_is_gone() { order_.clear(); }
  // Its process began or ended.
  void changed() {
    taking_ = nullptr;
    order_.clear();
  }
  // A sale that was paid and that nobody was told of, if any.
  [[nodiscard]] CardTry* untold();

 private:
  [[nodiscard]] CardTry* find(std::string_view attempt) const;

  std::deque<CardTry>& all_;
  std::vector<CardTouch>& touches_;
  std::string till_;
  const OrderEntry* taking_ = nullptr;  // the last tender of that kind
  std::string order_;                   // of the cart in hand; empty: no card was tried
  std::string approved_;                // the attempt that was approved last
};

// The sale that an attempt pays; `sale` is empty where nobody was told of it.
Due due_of(CardTry& tried, std::string_view sale, std::uint64_t order);

}  // namespace tillrig::oracle
