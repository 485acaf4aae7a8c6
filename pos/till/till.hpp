#pragma once

#include "devices/printer/driver.hpp"
#include "devices/scanner/driver.hpp"
#include "pos/base/mutant.hpp"
#include "pos/ports/ports.hpp"
#include "pos/store/store.hpp"
#include "pos/sync/service.hpp"
#include "pos/till/cart.hpp"
#include "pos/till/catalogue.hpp"
#include "pos/till/command.hpp"
#include "pos/till/receipt.hpp"
#include "pos/till/screen.hpp"

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tillrig::till {

struct Config {
  std::string name = "till-1";
  std::string currency = "EUR";
  std::string day = "2026-03-02";  // business day, fixed at open
  Catalogue catalogue;
  ShopText shop;
  sync::CloudAddress cloud;
  ports::Endpoint scanner;  // empty host: none attached
  ports::Endpoint printer;
  sync::ConnectivityConfig connectivity;
  base::Mutants mutants;
};

// The till put together: store, sync, cart, devices, prompts. One per process. Everything referred
// to outlives it; when the process is killed it is destroyed where it stands.
class Till {
 public:
  Till(ports::Ports ports, Config config, Screen& screen);
  ~Till();
  Till(const Till&) = delete;
  Till& operator=(const Till&) = delete;

  // Opens the store and shows the first page; returns when the till can be used or waits for a
  // button. Errors: when nothing of the store can be opened.
  base::Awaitable<Result<void>> start();

  // Carries out one thing that the cashier does. One at a time.
  base::Awaitable<Result<Answer>> handle(Command command);

  // Closed by Command::close.
  [[nodiscard]] bool closed() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace tillrig::till
