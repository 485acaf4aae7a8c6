#pragma once

#include "sim/oracle/account/label.hpp"
#include "sim/oracle/account/purse.hpp"
#include "sim/oracle/shop.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace tillrig::oracle {

// What a sale or a refund has to be; of a refund all amounts and quantities are below zero.
struct BillLine {
  const ShopItem* item = nullptr;
  std::int64_t unit = 0;      // minor units each
  std::int64_t quantity = 0;  // thousandths
  std::int64_t discount = 0;
  std::int64_t total = 0;
  std::int64_t tax = 0;
  std::uint64_t of_line = 0;  // a refund: which line of its sale, from 1
};

struct Bill {
  std::vector<BillLine> lines;
  std::map<std::int64_t, std::int64_t> tax_by_rate;
  std::int64_t tax = 0;
  std::int64_t total = 0;     // with the tax, wherever that stands
  std::int64_t rounding = 0;  // to the smallest coin
  std::int64_t given = 0;     // cash handed over
  std::int64_t change = 0;
  std::int64_t from_purse = 0;   // paid by other tenders
  std::vector<PurseMove> moves;  // lines first, then tenders
  std::int64_t loaded = 0;       // of the total: put into purses, which is no revenue

  [[nodiscard]] std::int64_t due() const {
    const std::int64_t left = total + rounding - (given - change) - from_purse;
    return left > 0 ? left : 0;
  }
};

// So much off: a rate or an amount.
struct Off {
  std::int64_t rate = 0;
  std::int64_t amount = 0;

  [[nodiscard]] std::int64_t of(std::int64_t from) const;
  [[nodiscard]] bool none() const { return rate == 0 && amount == 0; }
};

// The sale in hand at a till, as the oracle has it from what was scanned and asked for. Each change
// gives why a till has to refuse it: empty where it may be done. It is done in any case, because
// the till has done it.
class RungUp {
 public:
  explicit RungUp(const Shop& shop) : shop_(&shop) {}

  std::string add(const Label& label);
  [[nodiscard]] std::string why_not_add() const { return given_.empty() ? "" : "a payment is in"; }
  std::string quantity(std::size_t line, std::int64_t thousandths);
  std::string drop(std::size_t line);
  std::string off(std::size_t line, Off off);  // 0: the whole sale
  std::string reward(std::int64_t amount);     // off all of it, after the discounts
  void drop_reward() { reward_ = 0; }
  [[nodiscard]] bool has_reward() const { return reward_ != 0; }
  std::string pay(std::int64_t given);
  // Money that is put into a purse; the item stands for it, and lives on.
  std::string load(const ShopItem& item, std::int64_t amount);
  std::string pay_from(std::string_view ledger, std::string_view key, std::int64_t amount);
  [[nodiscard]] std::string why_not_finish() const;
  void clear();

  [[nodiscard]] bool empty() const { return lines_.empty(); }
  [[nodiscard]] std::size_t payments() const { return given_.size(); }
  [[nodiscard]] Bill bill() const;

 private:
  struct Line {
    Label label;
    std::int64_t quantity = 1000;
    Off off;
  };
  [[nodiscard]] Line* at(std::size_t line);
  [[nodiscard]] std::string why_not_change(std::size_t line) const;

  const Shop* shop_;
  std::vector<Line> lines_;
  Off off_sale_;
  std::int64_t reward_ = 0;
  struct Given {
    std::int64_t amount = 0;
    std::string ledger;  // empty: cash
    std::string key;
  };
  std::vector<Given> given_;
};

// Goods brought back: of a line so much (thousandths), or 0 for what is left of it.
struct BroughtBack {
  std::size_t line = 0;
  std::int64_t quantity = 0;
};

// Why a till has to refuse that these come back; empty where it may be done.
std::string why_not_refund(const Bill& sale, const std::vector<std::int64_t>& before,
                           const std::vector<BroughtBack>& goods);

// The refund of lines of a sale of which so much (thousandths, by line) was given back before; none
// named: all that is left.
Bill bill_of_refund(const Bill& sale, const std::vector<std::int64_t>& before,
                    std::vector<BroughtBack> goods, const Shop& shop);

}  // namespace tillrig::oracle
