#pragma once

#include "pos/till/balances.hpp"
#include "pos/till/cart.hpp"
#include "pos/till/command.hpp"
#include "pos/till/config.hpp"
#include "pos/till/patron.hpp"
#include "pos/till/prompts.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::sync {
class Service;
}

namespace tillrig::till {

// Money that customers have with the shop, on the sale in hand (S2): lines that fill a purse, and
// tenders out of one. The cloud keeps what each needs for the sale from the moment it is keyed in;
// when the sale is completed it keeps it without an end, and the sale's own event takes it. What is
// cancelled is released: at once, when the line is back, or by its own expiry. Everything referred
// to outlives it.
class PurseDesk {
 public:
  PurseDesk(const ports::Ports& ports, const Config& config, store::Store& store,
            sync::Service& service, Cart& cart, Patron& patron, Prompts& prompts)
      : ports_(ports),
        config_(config),
        store_(store),
        service_(service),
        cart_(cart),
        patron_(patron),
        prompts_(prompts),
        balances_(config.name, config.mutants) {
    if (!config.purses.has_balances()) return;
    balances_.remember(store);
    balances_.take(store);
  }

  // Puts a line into the cart that fills a purse. Errors: not_found (no such purse here),
  // bad_input, not_allowed, needs_connection in the article's words (S2).
  base::Awaitable<Result<void>> load(LoadPurse load);
  // Pays from a purse. Errors: likewise.
  base::Awaitable<Result<void>> pay(Tender tender);
  // What is in a purse: by the cloud, or of a customer's as far as this till knows, said to be as
  // of then. Errors: not_found, needs_connection.
  base::Awaitable<Result<PurseShown>> ask(AskPurse ask);

  // Whether such a tender is from a purse, be it one of this shop or not.
  [[nodiscard]] static bool pays(const Tender& tender) {
    return wire::purse_of_tender(tender.kind) != nullptr;
  }
  // Before other money is taken. Errors: needs_connection, a line in the cart needs one.
  [[nodiscard]] Result<void> check_tender() const;
  // Before the sale is committed: what is held for it is kept for its event. When it cannot be, the
  // sale stays in hand as it is. Errors: needs_connection; not_allowed, it is gone.
  base::Awaitable<Result<void>> keep();
  [[nodiscard]] bool has_to_keep() const;
  // Something on the sale moves such money.
  [[nodiscard]] bool moves_any() const { return !moves_.empty(); }

  // The cloud is being asked, and the cashier waits.
  [[nodiscard]] bool asking() const { return asking_ > 0; }
  // Lines were taken out of the cart: what was held for them is released.
  void lines_changed();
  // The sale was completed, or cancelled.
  void sold(const wire::Event& event);
  // The cloud has told of balances.
  void take_balances() { balances_.take(store_); }
  // What the till knows without asking of what these customers have.
  [[nodiscard]] std::vector<PurseShown> known_of(const std::vector<Customer>& customers) const;
  void forget();
  void line_is_back();
  void stop() { stopped_ = true; }

 private:
  [[nodiscard]] Result<wire::PurseKey> named(std::string_view purse, std::string_view of) const;
  [[nodiscard]] bool online() const;
  [[nodiscard]] std::string what(const wire::PurseKey& of) const;
  [[nodiscard]] base::Error needs_line(std::string_view why) const;
  Result<void> check_new(const wire::Move& move) const;
  // Whether the cloud has to be asked before this is done; warns when it is not. Errors:
  // needs_connection, it cannot be.
  Result<bool> has_to_ask(const wire::Move& move);
  [[nodiscard]] bool posts_offline(const wire::Move& move) const;
  base::Awaitable<Result<void>> prepare(wire::Move& move);
  [[nodiscard]] std::optional<PurseShown> known(const wire::PurseKey& of) const;
  base::Awaitable<Result<wire::InPurse>> ask_cloud(wire::PurseKey of);
  base::Awaitable<Result<void>> hold(wire::Move move, std::string_view ledger);
  void add(wire::Move move);
  void say_moves();
  void release(const std::string& hold);
  void try_to_release();
  base::Awaitable<void> release_all();

  const ports::Ports& ports_;
  const Config& config_;
  store::Store& store_;
  sync::Service& service_;
  Cart& cart_;
  Patron& patron_;
  Prompts& prompts_;
  Balances balances_;
  std::vector<wire::Move> moves_;  // of the sale in hand
  std::vector<std::string> to_release_;
  int asking_ = 0;
  bool releasing_ = false;
  bool stopped_ = false;
  mutable bool lost_ = false;  // the line, at any time: for a mutant
};

}  // namespace tillrig::till
