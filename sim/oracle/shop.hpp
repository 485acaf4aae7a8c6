#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tillrig::oracle {

// The shop's catalogue and rules as its fixture has them: what the oracle reckons with. Amounts are
// minor units, rates basis points.
struct ShopItem {
  std::string sku;
  std::string name;
  std::string code;  // as it stands on a label; of a scale's item prefix and item digits
  std::int64_t price = 0;
  std::int64_t rate = 0;
  bool embedded = false;  // its labels carry the price
  bool later = false;     // no till sells it before the cloud says so
};

struct ShopTax {
  std::string code;
  std::int64_t rate = 0;
  std::string name = {};  // as receipts call it
};

struct ShopCustomer {
  std::string id;
  std::string phone;
  std::string card;
  std::string name = {};
};

// prefix, item, [a check digit of the price], price, check digit: 13 digits.
struct ShopLayout {
  std::string prefix;
  std::size_t item_digits = 5;
  std::size_t price_digits = 5;
  bool verifier = false;
};

struct Shop {
  std::string version;          // of its tills; empty: the newest
  std::vector<ShopItem> items;  // none: it is not known
  std::vector<ShopCustomer> customers;
  std::int64_t points_per_unit = 0;      // of the currency, of what a sale comes to; 0: no loyalty
  std::int64_t reward_points = 0;        // that a reward costs
  std::int64_t reward_amount = 0;        // that it takes off a sale
  bool gift = false;                     // it sells and takes gift cards
  bool account_no_limit = false;         // what is on account has no limit
  bool credit_refused = false;           // store credit is refused without a connection
  std::int64_t points_within_ms = 3000;  // a customer's points are known, or not, after this
  std::string manager_pin;               // of the Sync Managers; empty: there is none
  bool null_receipt = false;             // an outage is closed with a null receipt
  std::vector<ShopTax> taxes;
  std::vector<ShopLayout> layouts;
  bool prices_include_tax = true;
  std::int64_t smallest_coin = 0;  // cash is rounded to it; 0: it is not
  std::string scan_prefix;         // a scanner sends these around each code
  std::string scan_suffix = "\r";
  std::string copy_mark = "COPY";
  std::vector<std::string> header;  // of receipts
  std::vector<std::string> footer;
};

}  // namespace tillrig::oracle
