#pragma once

#include "pos/base/money.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::world {

// One thing that the shop sells.
struct Item {
  std::string sku;
  std::string name;
  std::string code;   // EAN-13 or UPC-A, empty for none; of a scale's item "20" and five digits
  base::Money price;  // a piece or a kilogram
  base::Rate tax;
  bool price_embedded = false;  // its labels carry the price
  bool later = false;           // not sold until the office adds it
};

// Somebody whom the shop knows.
struct Customer {
  std::string id;
  std::string name;
  std::string phone;  // empty: not known
  std::string card;   // what a scanner reads of the customer's card; empty: there is none
};

// A rate of tax, and how the shop's receipts call it.
struct Tax {
  std::string code;  // beside a line of the receipt: "A"
  std::string name;  // "VAT 19 %"
  base::Rate rate;
};

// How a scale writes a price into a label: prefix, digits of the item, a check digit of the price
// if there is one, digits of the price, check digit of the EAN-13.
struct PriceLayout {
  std::string prefix;  // "20"
  int item_digits = 5;
  int price_digits = 5;
  bool verifier = false;
};

// How the devices at a till are set up, by role: texts by name.
using DeviceSettings =
    std::map<std::string, std::map<std::string, std::string, std::less<>>, std::less<>>;

// How the shop gives points.
struct Loyalty {
  std::int64_t points_per_unit = 0;  // of the currency; 0: it gives none
  bool blocking = true;              // the cashier waits for a customer's points
  std::int64_t timeout_ms = 3000;    // so long at most
  std::int64_t reward_points = 0;    // that a reward costs; 0: there are none
  base::Money reward_amount;         // that it takes off
};

// What money customers can have with the shop.
struct Purses {
  bool gift = false;     // on gift cards
  bool account = false;  // on account, where customers may owe it some
  bool account_no_limit = false;
  bool credit = false;                           // as store credit
  std::string credit_offline = "allow_posting";  // or "warn", "refuse"
};

// How its tills hear each other, without the cloud.
struct Lan {
  bool enabled = false;
  std::vector<std::string> wired;  // tills that are hub before others
  std::int64_t beat_ms = 2000;     // each says so often that it is there
  std::int64_t lease_ms = 6000;    // so long that counts
};

// The shop that a scenario plays in, as its fixture has it.
struct Shop {
  std::string name = "corner-shop";
  std::string file;     // of the fixture; empty when it stands in none
  std::string version;  // of its tills; empty: the newest
  std::string currency = "EUR";
  std::vector<Item> items;  // no two share a SKU or a code
  std::vector<Customer> customers;
  Loyalty loyalty;
  std::string day_ends;       // when it closes its day: "22:00"; empty: it does not say
  std::string manager_pin;    // of its tills' Sync Managers; empty: they have none
  bool null_receipt = false;  // its tills close an outage with a null receipt
  Purses purses;
  Lan lan;
  bool prices_include_tax = true;  // else it comes on top
  std::vector<Tax> taxes;          // each rate of an item is one of these
  std::vector<PriceLayout> layouts;
  base::Money smallest_coin;        // cash is rounded to it; 0: it is not
  std::vector<std::string> header;  // of receipts
  std::vector<std::string> footer;
  std::string copy_mark = "COPY";
  int columns = 42;  // of the paper, in font A
  DeviceSettings devices;
  // The names of its things by their kind, as scenarios say them: "item" has the SKUs,
  // "customer" the ids.
  std::map<std::string, std::vector<std::string>, std::less<>> named;

  // Null when the shop does not sell it.
  [[nodiscard]] const Item* by_sku(std::string_view sku) const {
    for (const Item& item : items) {
      if (item.sku == sku) return &item;
    }
    return nullptr;
  }
  // Null when the shop does not know the customer.
  [[nodiscard]] const Customer* customer(std::string_view id) const {
    for (const Customer& each : customers) {
      if (each.id == id) return &each;
    }
    return nullptr;
  }
};

}  // namespace tillrig::world
