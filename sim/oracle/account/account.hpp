#pragma once

#include "sim/oracle/account/bill.hpp"
#include "sim/oracle/life.hpp"
#include "sim/oracle/tapes.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::oracle {

// A sale or refund that was asked for: what it has to be.
struct Due {
  std::string id;  // event id; empty while no till has named it
  std::string till;
  bool refund = false;
  std::string of;  // a refund: its sale
  Bill bill;
  const OrderEntry* order = nullptr;  // that finished it; of one paid by card, that took the card
  std::uint64_t finished = 0;         // see CashierEntry: paid by card, and so by itself; 0: not
  bool in_hand = true;                // else its cart was long gone when its card paid
  std::string attempt;                // likewise: the till's word for the payment
  std::string member;                 // whose points it gives; empty: nobody's
  std::int64_t points = 0;            // that it gives, or of a refund takes, below zero
  std::int64_t redeemed = 0;          // points that were given for a part of it
  bool sure = true;                   // it was done, by the till's word or because it turned up
  bool blind = false;  // a refund: of the same sale others had given back what its till cannot know
};

// Something that a till showed and that does not follow from what was scanned and asked for.
struct Oddity {
  enum class Kind {
    scan_lost,        // a scan added nothing and was not refused
    line_unasked,     // a line was added that nobody scanned
    wrong_item,       // the scan of one item added another
    refused_wrongly,  // a code that the shop sells was refused as unknown
    cart,             // the cart shown is not what was rung up, or was not shown or to be changed
    tax,              // the tax shown is not that of what was rung up
    cash,             // what is due or given back is wrong
    refund_refused,   // goods that are left were called given back
    act_refused,      // what has to be taken was refused
    not_found,        // a search does not find what there is, or finds something else
  };
  Kind kind = Kind::cart;
  std::string till;
  Instant at;
  int line = 0;  // of the scenario
  std::string what;
  std::string expected;
  std::string seen;
};

// A document that turned up although no till acknowledged it: one that died may have finished it.
struct Orphan {
  std::string id;
  std::string till;
  bool refund = false;
  std::int64_t total = 0;
  bool claimed = false;
};

// A card that a till took for what was rung up: what it has to come to.
struct CardTry {
  std::string attempt;
  std::string order_id;  // the first attempt for the same cart
  std::string till;
  Bill bill;  // with the card in it
  std::int64_t asked = 0;
  const OrderEntry* order = nullptr;  // the tender
  std::string member;
  std::int64_t points = 0;
  std::int64_t redeemed = 0;
  std::string state;     // that the till showed last
  bool in_hand = false;  // when it was approved
  std::string sale;      // that completed it; empty: none did
  Instant at;
};

// Something that was done with a cart after a card had been tried for it.
struct CardTouch {
  const OrderEntry* order = nullptr;  // that was carried out
  std::string order_id;               // of the cart
  std::string state;                  // of its payment by card, as the till had shown it by then
};

class TillAccount;  // till.hpp

// What the tills had to make of what was scanned and asked for, worked out from those alone, by the
// shop's catalogue and rules. It points into the tapes.
class Account {
 public:
  // `orphans` in the order in which each till made them.
  Account(const Tapes& tapes, std::vector<Orphan> orphans);
  Account(const Account&) = delete;
  Account& operator=(const Account&) = delete;
  ~Account();

  // In the order in which they were finished.
  [[nodiscard]] const std::deque<Due>& dues() const { return dues_; }
  [[nodiscard]] const std::vector<Oddity>& oddities() const { return oddities_; }
  [[nodiscard]] std::uint64_t scans() const { return scans_; }  // that were judged
  [[nodiscard]] std::uint64_t carts() const { return carts_; }
  [[nodiscard]] std::uint64_t refusals() const { return refusals_; }
  [[nodiscard]] std::uint64_t searches() const { return searches_; }
  // Whether what happened at this till is known: somebody rang something up there in a shop whose
  // catalogue is known.
  [[nodiscard]] bool knows(std::string_view till) const;
  // Payments by card, in the order in which each till asked for them.
  [[nodiscard]] const std::deque<CardTry>& cards() const { return cards_; }
  [[nodiscard]] const std::vector<CardTouch>& touches() const { return touches_; }
  // Null when nobody asked for it.
  [[nodiscard]] const Due* find(std::string_view id) const;

 private:
  friend class TillAccount;
  friend class Refusals;  // of one till: refusal.hpp, search.hpp
  friend class Searches;
  void read();
  void finish(Due due);
  // What a till can know that was given back of a sale: its own refunds, and those that the cloud
  // had when it was asked. `asked`: when that was; never(): whatever is there; nothing: it could
  // not be asked.
  struct Knowing {
    std::string_view till;
    std::optional<Instant> asked;
  };
  [[nodiscard]] std::vector<std::int64_t> given_back(const std::string& sale,
                                                     const Knowing& who) const;
  [[nodiscard]] bool held(const std::string& id, Instant at) const;
  void read_held();
  // What stands for money that is put into a purse.
  const ShopItem& purse_item(const std::string& ledger, const std::string& key);
  // Sales that wait, by the id of the order: what was in each when it was parked last. Of one that
  // was parked by a till which died over it the id is not known yet.
  struct Waiting {
    RungUp cart;
    std::string member;
    std::string till;
  };
  // Null when nobody can know what is in it.
  const Waiting* waiting(const std::string& order);
  // Whether a till may have given back more of it than anybody knows: it died over a refund.
  [[nodiscard]] bool refund_in_doubt(const std::string& sale) const;

  const Tapes& tapes_;
  Life life_;
  Labels labels_;
  std::vector<Orphan> orphans_;
  std::map<std::string, ShopItem> purse_items_;  // by SKU
  std::deque<Due> dues_;
  std::deque<CardTry> cards_;
  std::vector<CardTouch> touches_;
  std::map<std::string, const Due*, std::less<>> by_id_;
  std::map<std::string, Instant, std::less<>> held_;  // by the cloud, and since when
  std::vector<Oddity> oddities_;
  std::map<std::string, std::unique_ptr<TillAccount>, std::less<>> tills_;
  bool disk_faulted_ = false;  // of any till, at any time
  std::uint64_t scans_ = 0;
  std::uint64_t carts_ = 0;
  std::uint64_t refusals_ = 0;
  std::uint64_t searches_ = 0;
  std::map<std::string, Waiting> waiting_;
  std::vector<Waiting> unnamed_;
};

}  // namespace tillrig::oracle
