#pragma once

#include "pos/till/cart.hpp"
#include "pos/till/command.hpp"
#include "pos/till/peripherals.hpp"
#include "pos/till/prompts.hpp"
#include "pos/till/till.hpp"

#include <memory>
#include <optional>
#include <string>

namespace tillrig::till {

// What a till is made of, and how its parts speak to each other.
struct Till::Parts {
  Parts(ports::Ports ports, Config config, Screen& screen);

  base::Awaitable<Result<void>> start();
  base::Awaitable<Result<Answer>> handle(Command command);
  [[nodiscard]] Stage stage() const { return stage_; }

 private:
  // opening
  base::Awaitable<void> first_page();
  Result<void> settle_epoch();
  Result<void> choose_epoch();
  void say_critical(std::string text);
  void go_to(Stage stage);
  void say_no_internet(sync::Cause cause, bool modal);
  void on_connection(sync::Link link, sync::Cause cause);
  void on_counters();
  void on_printer(const printer::PrinterStatus& status);

  // the cart
  void on_scan(const scanner::Scan& scan);
  void on_reject(const scanner::Reject& reject);
  Result<void> add_code(std::string_view code);
  Result<void> add_item(const Item& item, base::Money price);
  Result<Answer> handle_cart(const Command& command);

  // documents
  base::Awaitable<Result<Answer>> complete();
  base::Awaitable<Result<Answer>> refund(Command command);
  Result<Answer> acknowledge(const wire::Event& event);
  Result<wire::Event> commit(wire::EventKind kind, wire::Document document);
  Result<void> ready_for_sale();

  base::Awaitable<Result<Answer>> press(Command command);
  base::Awaitable<Result<Answer>> close();
  base::Awaitable<void> sleep_off_debt();
  Result<void> may_sell() const;
  State state() const;
  void refuse(const base::Error& error);

  ports::Ports ports_;
  Config config_;
  Screen& screen_;
  Prompts prompts_;
  Stage stage_ = Stage::starting;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<sync::Service> service_;
  std::optional<ScannerLine> scanner_;
  std::optional<PrinterLine> printer_;
  Cart cart_;
  bool epoch_settled_ = false;
};

}  // namespace tillrig::till
