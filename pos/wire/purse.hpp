#pragma once

#include "pos/wire/event.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::wire {

// A purse is money that a customer has with the shop: a ledger of the cloud, whose keys are the
// cards or customers that it is kept for. Money goes in as a line of a sale, which is no revenue
// and has no tax, and comes out as a tender. All of it travels as postings of sales, never as a
// balance.
struct Purse {
  std::string_view ledger;  // "gift"
  std::string_view tender;  // the kind of a payment out of it: "gift-card"
  std::string_view label;   // of such a payment on receipts: "Gift card"
  std::string_view line;    // how the line that fills it begins: "Gift card"
};
inline constexpr Purse kGift{"gift", "gift-card", "Gift card", "Gift card"};
// What a customer owes the shop, below zero, or has paid in advance.
inline constexpr Purse kAccount{"account", "account", "On account", "Payment on account"};
// What the shop owes a customer.
inline constexpr Purse kCredit{"credit", "credit", "Store credit", "Store credit"};
inline constexpr Purse kPurses[] = {kGift, kAccount, kCredit};

// By its ledger, or by the kind of a tender; null: there is none.
const Purse* purse_of(std::string_view ledger);
const Purse* purse_of_tender(std::string_view kind);

// Whose money: a purse and one of its keys. As a text "gift:GC-1001", which is the SKU of the line
// that fills it, too.
struct PurseKey {
  std::string ledger;
  std::string key;

  [[nodiscard]] std::string text() const { return ledger + ':' + key; }
  auto operator<=>(const PurseKey&) const = default;
};
// Nothing: it is none.
std::optional<PurseKey> read_purse_key(std::string_view text);
// Whether a line of that SKU fills a purse.
bool is_purse_sku(std::string_view sku);
// What the lines of a document come to that fill purses.
Money loaded_by(const Document& document);

// A hold's ledger for a gift card that is being sold: it is given for a card that never was.
inline constexpr std::string_view kNewCard = "new-card";

// So much more or less in a purse, because of a sale; `hold` keeps it for the sale, and is empty
// where none is needed.
struct Move {
  PurseKey of;
  std::int64_t amount = 0;
  std::string hold;

  bool operator==(const Move&) const = default;
};
// The text of an event's tail entry for them (kMoves), at most kTailBytes; and back. Errors:
// bad_input.
std::string write_moves(std::span<const Move> moves);
Result<std::vector<Move>> read_moves(std::string_view text);
// Those of an event; none when it says none. Errors: bad_input.
Result<std::vector<Move>> moves_of(const Event& event);

// GET /v1/purses/{gift:GC-1001}: what is in it now and not held, by what the cloud has; of an
// account below zero what is owed, and how far that may go, where it has a limit. Answered with 404
// and this code for a card that never was sold.
inline constexpr std::string_view kNoPurse = "no_purse";
struct InPurse {
  std::string of;
  Money balance;
  std::optional<Money> limit = {};

  static void describe(auto& self, auto& fields) {
    fields("of", self.of, {.bytes = kTailBytes})("balance", self.balance, kAmounts)(
        "limit", self.limit, kAmounts);
  }
};
Bytes write_json(const InPurse& purse);

// POST /v1/accounts, by the office: how much a customer may owe; without a limit as much as there
// is.
struct AccountLimit {
  std::string customer;
  std::optional<Money> limit;

  static void describe(auto& self, auto& fields) {
    fields("customer", self.customer, {.bytes = 64})("limit", self.limit,
                                                     {.least = 0, .most = kMostAmount});
  }
};
Bytes write_json(const AccountLimit& limit);
Result<AccountLimit> read_account_limit(ByteView body);

Result<InPurse> read_in_purse(ByteView body);

// POST /v1/holds/{id}/keep: the sale that the hold is for is being finished as this event of the
// till, and what it holds is kept until that event has come, without an end; it is free again when
// the cloud has an event in its place that does not name it, or one of a later epoch, or when the
// till releases it. Answered as a hold.
struct KeepFor {
  std::uint32_t epoch = 0;
  std::uint64_t seq = 0;

  static void describe(auto& self, auto& fields) {
    fields("epoch", self.epoch)("seq", self.seq, {.least = 1});
  }
};
Bytes write_json(const KeepFor& place);
Result<KeepFor> read_keep_for(ByteView body);

}  // namespace tillrig::wire
