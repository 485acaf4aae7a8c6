#pragma once

#include "sim/oracle/account/account.hpp"
#include "sim/oracle/account/known_goods.hpp"
#include "sim/oracle/account/till_cards.hpp"

#include <deque>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace tillrig::oracle {

// What a refund names.
std::vector<BroughtBack> brought_back(const OrderEntry& order);

// One till, followed along its tapes: the cart that it must have, and what it shows.
class TillAccount {
 public:
  TillAccount(Account& account, std::string name)
      : account_(account),
        name_(std::move(name)),
        cart_(account.tapes_.shop),
        cards_(account.cards_, account.touches_, name_) {
    if (account.tapes_.past != 0) day_ = Day::unknown;  // of years before
  }

  void scanned(const ScanEntry& scan);
  void asked(const OrderEntry& order);
  void ended(const OrderEntry& order);
  void shown(const CashierEntry& entry);
  // A page of the cloud's table of items has reached it.
  void told(const WireEntry& wire) { goods_.page(wire); }
  // It asked the cloud what was given back of a sale.
  void told_of_sale(const WireEntry& wire) { asked_of_sale_ = &wire; }
  // Its process began or ended: no cart outlives it.
  void changed(Instant now, std::uint64_t order);
  void over(Instant end);
  [[nodiscard]] bool rang_up() const { return rang_up_; }

 private:
  friend class Refusals;  // refusal.hpp
  friend class Searches;  // search.hpp
  struct Scan {
    const ScanEntry* entry = nullptr;
    std::string code;
  };
  struct Asked {
    const OrderEntry* order = nullptr;
    std::uint64_t carts = 0;  // shown before
    bool online = false;      // and was all the time
    bool in_the_way = false;
  };

  void line_added(const CashierEntry& entry);
  // The label at the price that makes the total shown, of those that the till can know.
  [[nodiscard]] Label offered(Label label, const CashierEntry& shown);
  void total_shown(const CashierEntry& entry, int line);
  void scan_refused(const CashierEntry& entry);
  void lost(const Scan& scan);
  void page_shown(const CashierEntry& entry);
  void nothing_in_the_way(const CashierEntry& refused, const Scan& scan);
  void lose_before(std::string_view item);
  void acknowledged(const CashierEntry& entry);
  void card_shown(const CashierEntry& entry);
  bool card_paid(const CashierEntry& entry);
  void cart_is_gone();
  void refund_refused(const OrderEntry& order);
  void carry_out(const OrderEntry& order);
  void rehearsed(const OrderEntry& order);
  void lose_reward(const OrderEntry& order);
  std::string change_cart(const OrderEntry& order);
  void allowed(const OrderEntry& order, const std::string& why_not);
  void demand_cart(std::string_view after);
  void document(const OrderEntry& order, std::string_view id, bool sure);
  [[nodiscard]] Account::Knowing knowing(const OrderEntry& order) const;
  void expire(Instant now);
  void took(const OrderEntry& order);
  void demand_customer(const OrderEntry& order);
  void look_at_cart();
  void odd(Oddity::Kind kind, Instant at, int line, std::string what, std::string expected,
           std::string seen);
  [[nodiscard]] const OrderEntry* under_way(std::string_view what) const;

  Account& account_;
  std::string name_;
  KnownGoods goods_;
  RungUp cart_;
  std::int64_t redeemed_ = 0;                 // points, for the reward in it
  bool online_ = false;                       // as the till has said
  std::string member_;                        // whose sale it is
  std::deque<Scan> scans_;                    // not yet answered
  std::vector<Asked> under_way_;              // and not yet answered
  const CashierEntry* cart_shown_ = nullptr;  // not yet looked at
  std::uint64_t carts_ = 0;                   // that were shown
  bool cart_owed_ = false;                    // it was changed, and has to be shown
  TillCards cards_;
  const OrderEntry* entered_ = nullptr;       // whose line is in the cart already
  const OrderEntry* named_ = nullptr;         // whose document is known already
  Instant changed_at_;                        // the cart, for the last time
  const WireEntry* asked_of_sale_ = nullptr;  // the last time
  bool selling_ = false;                      // it shows its sales page
  std::set<std::string, std::less<>> modal_;  // prompts that have to be answered first
  int line_ = 0;
  bool rang_up_ = false;
  std::string customer_shown_;  // by id; empty: nobody, or never
  bool rehearsing_ = false;
  enum class Day { unknown, closed, open };
  Day day_ = Day::closed;
  bool card_ = false;        // one was asked for, ever
  bool no_rewards_ = false;  // somebody disabled real time loyalty
  bool owes_ = true;         // the counters say that it has what nobody else has
  bool local_ = false;       // its link says so
  bool cleaned_ = false;     // it was told to forget, ever
  Instant online_since_;
  Instant now_;                // something was shown for the last time
  std::uint64_t refused_ = 0;  // order of what the screen said no to last
  std::uint64_t began_ = 0;    // order of the app's last start or end
  std::string epoch_;          // "till-1.3" of its newest event
};

}  // namespace tillrig::oracle
