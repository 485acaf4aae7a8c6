#pragma once

#include "pos/base/mutant.hpp"
#include "pos/lan/lan.hpp"
#include "pos/pay/points.hpp"
#include "pos/pay/purse_rules.hpp"
#include "pos/ports/network.hpp"
#include "pos/store/segments.hpp"
#include "pos/sync/connectivity.hpp"
#include "pos/till/catalogue.hpp"
#include "pos/till/customers.hpp"
#include "pos/till/pricing.hpp"
#include "pos/till/receipt.hpp"

#include <functional>
#include <map>
#include <string>

namespace tillrig::till {

using DeviceSettings = std::map<std::string, std::string, std::less<>>;

struct Config {
  std::string name = "till-1";
  std::string version = "1.15.0";  // of the till: what prompts it has
  std::string currency = "EUR";
  std::string day;             // business day that is opened; empty: by the clock
  std::string day_ends;        // when the shop closes its day: "22:00"; empty: it does not say
  base::Duration day_turns{};  // so long after midnight a day is still the one before
  Catalogue catalogue;
  Customers customers;
  PriceRules rules;
  pay::LoyaltyRules loyalty;
  pay::PurseRules purses;
  ShopText shop;
  ports::Endpoint cloud{"cloud", 8080, false};
  std::string secret;  // that it logs in with; empty: it has none
  std::map<std::string, ports::Endpoint, std::less<>> devices;  // by role: "scanner"
  // How they are set up, by role: texts by name.
  std::map<std::string, DeviceSettings, std::less<>> device_settings;
  std::string manager_pin;    // of the Sync Manager; empty: it has none
  bool null_receipt = false;  // an outage is closed with a null receipt
  lan::LanConfig lan;         // the other tills of the shop; alone if left out
  sync::ConnectivityConfig connectivity;
  store::Segments::Options ledger;  // how its files are used
  base::Mutants mutants;
};

}  // namespace tillrig::till
