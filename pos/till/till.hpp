#pragma once

#include "pos/ports/ports.hpp"
#include "pos/till/card_desk.hpp"
#include "pos/till/cart.hpp"
#include "pos/till/checkout.hpp"
#include "pos/till/command.hpp"
#include "pos/till/config.hpp"
#include "pos/till/day_desk.hpp"
#include "pos/till/devices/device_line.hpp"
#include "pos/till/missing_receipts.hpp"
#include "pos/till/opening.hpp"
#include "pos/till/outage_desk.hpp"
#include "pos/till/park_desk.hpp"
#include "pos/till/parts.hpp"
#include "pos/till/patron.hpp"
#include "pos/till/purse_desk.hpp"
#include "pos/till/sale_desk.hpp"
#include "pos/till/stock_desk.hpp"
#include "pos/till/sync_manager.hpp"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace tillrig::till {

// The till put together: store, sync, cart, devices, prompts. One per process. Everything referred
// to outlives it; when the process is killed it is destroyed where it stands.
class Till final : private DeviceHost {
 public:
  Till(ports::Ports ports, Config config, Screen& screen);
  ~Till() override;
  Till(const Till&) = delete;
  Till& operator=(const Till&) = delete;

  // Opens the store and shows the first page; returns when the till can be used or waits for a
  // button. Errors: when nothing of the store can be opened; bad_input or not_found for a device.
  base::Awaitable<Result<void>> start();

  // Carries out one thing that the cashier does. May be called while other calls are under way, and
  // while start() is: state, sales, item, find and press always do their work; while a document is
  // being committed, changes of the cart, a second document and close are refused with a sentence.
  base::Awaitable<Result<Answer>> handle(Command command);

  // Closed by the command `close`.
  [[nodiscard]] bool closed() const { return opening_ && opening_->stage() == Stage::closed; }

 private:
  // DeviceHost
  void scanned(std::string_view code) override;
  void unreadable(std::string_view why) override;
  void printed(std::string_view document) override;
  void print_in_doubt(std::string_view document) override;
  void terminal_line(bool up) override { cards_->line(up); }
  void terminal_said(const terminal::TerminalEvent& event) override { cards_->said(event); }
  Prompts& prompts() override { return prompts_; }

  Result<void> open_store();
  void make_service();
  Result<void> attach_devices();
  void step_onto_lan();
  void on_counters();
  // An outage that is over is closed at once, or when nothing is in hand any more.
  void close_outage();
  base::Awaitable<void> close_outage_now();
  // The goods are those of the configuration, with what the cloud told of them since.
  void take_items(bool of_a_page);
  void take_customers();
  void take_table(std::string_view table);

  // Of the sale in hand, or of goods that come back.
  template <class Act>
  base::Awaitable<Result<Answer>> carry_out(Act act) {
    return sale_desk_->carry_out(std::move(act));
  }
  base::Awaitable<Result<Answer>> carry_out(Press press);
  base::Awaitable<Result<Answer>> carry_out(Sales sales);
  base::Awaitable<Result<Answer>> carry_out(AskState ask);
  base::Awaitable<Result<Answer>> carry_out(AskItem ask);
  // Of the Sync Manager.
  template <class Control>
  base::Awaitable<Result<Answer>> manage(Control control);
  base::Awaitable<Result<Answer>> carry_out(SetLocalMode set) { return manage(std::move(set)); }
  base::Awaitable<Result<Answer>> carry_out(TriggerUp trigger) { return manage(trigger); }
  base::Awaitable<Result<Answer>> carry_out(TriggerDown trigger) { return manage(trigger); }
  base::Awaitable<Result<Answer>> carry_out(RestoreService restore) { return manage(restore); }
  base::Awaitable<Result<Answer>> carry_out(PauseLong pause) { return manage(pause); }
  base::Awaitable<Result<Answer>> carry_out(UnlockManager unlock) {
    return manage(std::move(unlock));
  }
  base::Awaitable<Result<Answer>> carry_out(Rehearse rehearse);
  template <class Control, class Field>
  base::Awaitable<Result<Answer>> run(Control control, Field field);
  base::Awaitable<Result<Answer>> carry_out(ForceResync force);
  base::Awaitable<Result<Answer>> carry_out(CleanUpOld old);
  base::Awaitable<Result<Answer>> carry_out(FullResync full);
  base::Awaitable<Result<Answer>> carry_out(AskOrders ask);
  base::Awaitable<Result<Answer>> carry_out(AskSync ask);
  base::Awaitable<Result<Answer>> carry_out(ExportUnsent ask);
  template <class Shows, class Field>
  base::Awaitable<Result<Answer>> tell(base::Awaitable<Result<Shows>> asking, Field field);
  base::Awaitable<Result<Answer>> carry_out(AskStock ask);
  base::Awaitable<Result<Answer>> carry_out(AskPurse ask);
  base::Awaitable<Result<Answer>> carry_out(Find find);
  // Of the business day and its cash.
  template <class Act>
  base::Awaitable<Result<Answer>> at_day_desk(Act act);
  base::Awaitable<Result<Answer>> carry_out(OpenDay open) { return at_day_desk(open); }
  base::Awaitable<Result<Answer>> carry_out(CloseDay close);
  base::Awaitable<Result<Answer>> carry_out(PayIn in) { return at_day_desk(std::move(in)); }
  base::Awaitable<Result<Answer>> carry_out(PayOut out) { return at_day_desk(std::move(out)); }
  base::Awaitable<Result<Answer>> carry_out(Reload reload);
  base::Awaitable<Result<Answer>> carry_out(Download download);
  base::Awaitable<Result<Answer>> carry_out(SignOut out);
  base::Awaitable<Result<Answer>> carry_out(Close close);

  ports::Ports ports_;
  Config config_;
  Screen& screen_;
  Prompts prompts_;
  Catalogue catalogue_;
  Cart cart_;
  std::vector<std::unique_ptr<DeviceLine>> devices_;
  std::unique_ptr<store::Store> store_;
  // From here on there when the store was opened.
  std::unique_ptr<sync::Service> service_;
  std::optional<Patron> patron_;
  std::optional<StockDesk> stock_;
  std::optional<PurseDesk> purses_;
  std::optional<BusinessDay> day_;
  std::optional<Outage> outage_;
  std::optional<Parts> parts_;
  std::optional<Opening> opening_;
  std::optional<Checkout> checkout_;
  std::optional<ParkDesk> orders_;
  std::optional<CardDesk> cards_;
  std::optional<DayDesk> day_desk_;
  std::optional<OutageDesk> outage_desk_;
  std::optional<MissingReceipts> receipts_;
  std::optional<SyncManager> manager_;
  std::optional<SaleDesk> sale_desk_;
  bool closing_ = false;
};

}  // namespace tillrig::till
