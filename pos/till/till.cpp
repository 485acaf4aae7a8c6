#include "pos/till/till.hpp"

#include "pos/base/spawn.hpp"
#include "pos/till/cart_shown.hpp"
#include "pos/till/cloud_tables.hpp"
#include "pos/till/state_of.hpp"

#include <utility>

namespace tillrig::till {

using base::Code;
using base::fail;
using base::Failure;

namespace {

const base::Mutant kDrawerBeforeCommit{"drawer_before_commit", "INV-43",
                                       "a drawer that opens when cash is keyed in",
                                       "the drawer opens before the sale is stored"};

const base::Mutant kNewItemsLeftOut{"new_items_left_out", "INV-39", "a fault planted by a reviewer",
                                    "only goods that the till was set up with are changed: new "
                                    "ones never come"};

}  // namespace

Till::Till(ports::Ports ports, Config config, Screen& screen)
    : ports_(std::move(ports)),
      config_(std::move(config)),
      screen_(screen),
      prompts_(screen, config_.version, config_.mutants),
      catalogue_(config_.catalogue),
      cart_(config_.rules, config_.mutants),
      scans_(ports_, config_, screen, [this](std::string_view code) { return add_scanned(code); }) {
}

Till::~Till() = default;

base::Awaitable<Result<void>> Till::start() {
  if (auto opened = open_store(); !opened) co_return Failure(opened.error());
  make_service();
  co_await ports::settle(ports_);
  if (store_->health() != store::Health::critical) receipts_->open();
  if (auto attached = attach_devices(); !attached) co_return Failure(attached.error());
  co_await opening_->first_page();
  co_return Result<void>{};
}

Result<void> Till::open_store() {
  store::Config kept;
  kept.till = config_.name;
  kept.currency = config_.currency;
  kept.mutants = config_.mutants;
  kept.segments = config_.ledger;
  auto opened = store::Store::open(ports_.disk, ports_.clock, ports_.recorder, kept);
  if (!opened) return base::within(config_.name + " cannot open its store", opened.error());
  store_ = std::move(*opened);
  take_items();
  return {};
}

void Till::take_items() {
  if (auto changes = item_changes(*store_)) {
    if (kNewItemsLeftOut.on(config_.mutants)) {
      std::erase_if(*changes, [this](const Catalogue::Change& change) {
        return config_.catalogue.by_sku(change.sku) == nullptr;
      });
    }
    catalogue_ = config_.catalogue.changed(*changes);
  }
}

void Till::take_customers() {
  if (const auto changes = customer_changes(*store_)) patron_->take_customers(*changes);
}

void Till::take_table(std::string_view table) {
  if (table == wire::kItems) take_items();
  if (table == wire::kCustomers) take_customers();
  if (table == wire::kBalances) purses_->take_balances();
}

// Before the verdict on the store is acted upon: a till in critical error sends what it still has.
void Till::make_service() {
  sync::ServiceConfig syncing;
  syncing.till = config_.name;
  syncing.cloud = config_.cloud;
  syncing.secret = config_.secret;
  syncing.connectivity = config_.connectivity;
  syncing.tables = {wire::kItems, wire::kCustomers};
  if (config_.purses.has_balances()) syncing.tables.push_back(wire::kBalances);
  syncing.version = config_.version;
  syncing.home = store_->home().mark();
  syncing.mutants = config_.mutants;
  sync::Service::Listener listener;
  listener.connection = [this](sync::Link link, sync::Cause cause) {
    opening_->on_connection(link, cause);
    if (link == sync::Link::online) patron_->line_is_back();
    if (link == sync::Link::online) purses_->line_is_back();
  };
  listener.counters = [this] { on_counters(); };
  listener.logged_in = [this] { opening_->on_login(); };
  listener.slow_line = [this] { opening_->on_slow_line(); };
  listener.table = [this](std::string_view table) { take_table(table); };
  listener.beat = [this] { opening_->on_beat(); };
  service_ = std::make_unique<sync::Service>(ports_, *store_, *store_, syncing, std::move(listener),
                                             store_.get());
  patron_.emplace(ports_, config_, screen_, prompts_, *service_, cart_);
  take_customers();
  stock_.emplace(ports_, config_, *service_);
  day_.emplace(ports_.clock, config_, *store_, *service_);
  purses_.emplace(ports_, config_, *store_, *service_, cart_, *patron_, prompts_);
  parts_.emplace(Parts{ports_, config_, screen_, prompts_, *store_, *day_, *service_,
                       patron_->loyalty(), devices_});
  opening_.emplace(*parts_);
  checkout_.emplace(*parts_, *opening_);
  day_desk_.emplace(*parts_, *checkout_, *opening_);
  receipts_.emplace(*parts_);
  manager_.emplace(*parts_, [this] { on_counters(); });
}

Result<void> Till::attach_devices() {
  for (const auto& [role, at] : config_.devices) {
    const auto row = find_device_role(role);
    if (!row) return base::within(config_.name, row.error());
    devices_.push_back((*row)->attach(ports_, at, *this, config_.device_settings[role]));
  }
  for (const auto& device : devices_) base::spawn(ports_.executor, device->run());
  return {};
}

void Till::on_counters() {
  parts_->show_counters();
}

Result<void> Till::may_sell() const {
  if (closing_) return fail(Code::not_allowed, "the till is closed");
  switch (opening_->stage()) {
    case Stage::critical:
      return fail(Code::not_allowed, "the till's storage is damaged: no sale is taken");
    case Stage::starting:
    case Stage::closed:
      return fail(Code::not_allowed, "the till is not open yet");
    case Stage::register_page:
      break;
  }
  if (prompts_.modal()) return fail(Code::not_allowed, "answer the prompt on the screen first");
  if (checkout_->under_way()) {
    return fail(Code::not_allowed, "a document is being finished: wait for its receipt");
  }
  if (waiting()) {
    return fail(Code::not_allowed, "the cloud is being asked: wait for its answer");
  }
  return {};
}

void Till::scanned(std::string_view code) {
  scans_.scanned(code, waiting());
}

void Till::unreadable(std::string_view why) {
  scans_.unreadable(why);
}

void Till::printed(std::string_view document) {
  if (!manager_->rehearsal().printed(document)) receipts_->printed(document);
}

void Till::print_in_doubt(std::string_view document) {
  receipts_->in_doubt(document);
}

Result<void> Till::add_scanned(std::string_view code) {
  auto added = add_code(code);
  if (added) manager_->rehearsal().tried(Rehearsal::Act::scan);
  return added;
}

Result<void> Till::add_code(std::string_view code) {
  if (auto open = may_sell(); !open) return open;
  const auto found = catalogue_.by_code(code);
  if (!found) return Failure(found.error());
  Item item = *found->item;
  item.price_embedded = found->price_inside;
  return add_item(item, found->price);
}

Result<void> Till::add_item(const Item& item, Money price) {
  if (cart_.empty()) {
    if (auto ready = checkout_->ready(); !ready) return ready;
  }
  if (auto added = cart_.add(item, price); !added) return added;
  LineAdded shown;
  shown.text = item.name;
  shown.amount = cart_.total();
  screen_.show(shown);
  show_cart();
  return {};
}

void Till::show_cart() {
  screen_.show(shown_of(cart_, config_.currency));
}

Result<void> Till::apply(const Enter& enter) {
  const Item* item = catalogue_.by_sku(enter.code);
  if (item == nullptr) return add_code(enter.code);
  Item keyed = *item;  // at its price a unit, so that its weight can be keyed in too
  keyed.price_embedded = false;
  return add_item(keyed, keyed.price);
}

Result<void> Till::apply(const SetQuantity& set) {
  return cart_.set_quantity(set.line, set.quantity);
}

Result<void> Till::apply(const VoidLine& gone) {
  auto done = cart_.void_line(gone.line);
  if (done) purses_->lines_changed();
  return done;
}

Result<void> Till::apply(const Discount& discount) {
  if (discount.rate.has_value() == discount.amount.has_value()) {
    return fail(Code::bad_input, "a discount is a rate or an amount");
  }
  return discount.rate ? cart_.discount_rate(discount.line, *discount.rate)
                       : cart_.discount_amount(discount.line, *discount.amount);
}

Result<void> Till::apply(const Tender& tender) {
  if (auto kept = patron_->check_reward(); !kept) {
    show_cart();
    return kept;
  }
  if (auto able = purses_->check_tender(); !able) return able;
  if (tender.kind != "cash") {
    return fail(Code::not_allowed, "this till takes cash; \"{}\" is not set up", tender.kind);
  }
  auto paid = cart_.tender_cash(tender.amount);
  if (paid && kDrawerBeforeCommit.on(config_.mutants)) {
    Receipt kick;
    kick.open_drawer = true;
    for (const auto& device : devices_) device->print(kick);
  }
  return paid;
}

Result<void> Till::apply(const Cancel&) {
  cart_.clear();
  patron_->forget();
  purses_->forget();
  return {};
}

template <class Change>
base::Awaitable<Result<Answer>> Till::change(Change change) {
  if (auto open = may_sell(); !open) co_return Failure(open.error());
  if (auto done = apply(change); !done) {
    parts_->refuse(done.error());
    co_return Failure(done.error());
  }
  if constexpr (!std::is_same_v<Change, Enter>) show_cart();  // adding a line shows it itself
  Answer answer;
  answer.total = cart_.total();
  answer.change = cart_.change();
  co_return answer;
}

base::Awaitable<Result<Answer>> Till::carry_out(SelectCustomer select) {
  if (auto open = may_sell(); !open) co_return Failure(open.error());
  auto asking = patron_->select(std::move(select.customer));
  auto finishing = after_asking(std::move(asking));
  co_return co_await std::move(finishing);
}

base::Awaitable<Result<Answer>> Till::carry_out(TakeReward reward) {
  if (auto open = may_sell(); !open) co_return Failure(open.error());
  if (auto may = manager_->rehearsal().may_be_real(); !may) co_return Failure(may.error());
  auto asking = patron_->redeem(reward.times);
  auto finishing = after_asking(std::move(asking));
  co_return co_await std::move(finishing);
}

base::Awaitable<Result<Answer>> Till::carry_out(LoadPurse load) {
  if (auto open = may_sell(); !open) co_return Failure(open.error());
  if (auto may = manager_->rehearsal().may_be_real(); !may) co_return Failure(may.error());
  auto asking = load_purse(std::move(load));
  auto finishing = after_asking(std::move(asking));
  co_return co_await std::move(finishing);
}

base::Awaitable<Result<Answer>> Till::carry_out(Tender tender) {
  if (!PurseDesk::pays(tender)) {
    auto paying = change(std::move(tender));
    co_return co_await std::move(paying);
  }
  if (auto open = may_sell(); !open) co_return Failure(open.error());
  if (auto kept = patron_->check_reward(); !kept) {
    show_cart();
    parts_->refuse(kept.error());
    co_return Failure(kept.error());
  }
  if (auto may = manager_->rehearsal().may_be_real(); !may) co_return Failure(may.error());
  auto asking = purses_->pay(std::move(tender));
  auto finishing = after_asking(std::move(asking));
  co_return co_await std::move(finishing);
}

base::Awaitable<Result<void>> Till::load_purse(LoadPurse load) {
  if (cart_.empty()) {
    if (auto ready = checkout_->ready(); !ready) co_return ready;
  }
  auto loading = purses_->load(std::move(load));
  co_return co_await std::move(loading);
}

base::Awaitable<Result<Answer>> Till::after_asking(base::Awaitable<Result<void>> asking) {
  const Result<void> done = co_await std::move(asking);
  if (closing_) co_return fail(Code::not_allowed, "the till is closed");
  scans_.take_held();
  if (!done) {
    parts_->refuse(done.error());
    co_return Failure(done.error());
  }
  show_cart();
  Answer answer;
  answer.customer = patron_->shown();
  answer.total = cart_.total();
  co_return answer;
}

base::Awaitable<Result<Answer>> Till::carry_out(Complete) {
  if (auto open = may_sell(); !open) co_return Failure(open.error());
  if (auto kept = patron_->check_reward(); !kept) {
    show_cart();
    parts_->refuse(kept.error());
    co_return Failure(kept.error());
  }
  if (manager_->rehearsal().on()) {
    if (auto sold = manager_->rehearsal().sell(cart_); !sold) co_return Failure(sold.error());
    patron_->forget();
    show_cart();
    co_return Answer();
  }
  if (purses_->has_to_keep()) {
    auto keeping = keep_purses();
    const Result<void> kept = co_await std::move(keeping);
    if (closing_) co_return fail(Code::not_allowed, "the till is closed");
    if (!kept) {
      scans_.take_held();
      parts_->refuse(kept.error());
      co_return Failure(kept.error());
    }
  }
  auto event = checkout_->sell(cart_);
  if (!event) co_return Failure(event.error());
  patron_->sold();
  purses_->sold(*event);
  show_cart();
  auto acknowledging = checkout_->acknowledge(*std::move(event));
  auto answer = co_await std::move(acknowledging);
  scans_.take_held();  // of the next sale
  co_return answer;
}

// For the event that the sale becomes: its epoch has to be settled.
base::Awaitable<Result<void>> Till::keep_purses() {
  if (auto ready = checkout_->ready(); !ready) co_return ready;
  auto keeping = purses_->keep();
  co_return co_await std::move(keeping);
}

base::Awaitable<Result<Answer>> Till::carry_out(Refund refund) {
  if (auto open = may_sell(); !open) co_return Failure(open.error());
  if (auto may = manager_->rehearsal().may_be_real(); !may) co_return Failure(may.error());
  if (!cart_.empty()) co_return fail(Code::not_allowed, "finish or cancel the sale in hand first");
  auto refunding = checkout_->refund(std::move(refund));
  auto event = co_await std::move(refunding);
  if (!event) co_return Failure(event.error());
  auto acknowledging = checkout_->acknowledge(*std::move(event));
  co_return co_await std::move(acknowledging);
}

template <class Act>
base::Awaitable<Result<Answer>> Till::at_day_desk(Act act) {
  if (auto open = may_sell(); !open) co_return Failure(open.error());
  if (!cart_.empty()) co_return fail(Code::not_allowed, "finish or cancel the sale in hand first");
  if (auto may = manager_->rehearsal().may_be_real(); !may) co_return Failure(may.error());
  auto doing = day_desk_->carry_out(std::move(act));
  co_return co_await std::move(doing);
}

base::Awaitable<Result<Answer>> Till::carry_out(Press press) {
  auto act = prompts_.press(press.prompt, press.button);
  if (!act) co_return Failure(act.error());
  if (*act) {
    auto acting = (*act)();
    co_await std::move(acting);
  }
  co_return Answer();
}

base::Awaitable<Result<Answer>> Till::carry_out(Sales) {
  constexpr std::size_t kRows = 100'000;
  Answer answer;
  answer.sales = store_->sales(kRows);
  co_return answer;
}

base::Awaitable<Result<Answer>> Till::carry_out(AskState) {
  Answer answer;
  answer.state = state_of(*parts_, *opening_, *patron_, cart_, *manager_);
  co_return answer;
}

base::Awaitable<Result<Answer>> Till::carry_out(AskItem ask) {
  const Item* const item = catalogue_.by_sku(ask.sku);
  if (item == nullptr) co_return fail(Code::not_found, "\"{}\" is not sold here", ask.sku);
  Answer answer;
  answer.item = ItemShown{item->sku, item->name, item->price};
  co_return answer;
}

template <class Control>
base::Awaitable<Result<Answer>> Till::manage(Control control) {
  if (opening_->stage() != Stage::register_page) {
    co_return fail(Code::not_allowed, "the Sync Manager opens from the register");
  }
  if (auto done = manager_->carry_out(control); !done) co_return Failure(done.error());
  co_return Answer();
}

base::Awaitable<Result<Answer>> Till::carry_out(Rehearse rehearse) {
  if (!cart_.empty()) co_return fail(Code::not_allowed, "finish or cancel the sale in hand first");
  auto managing = manage(rehearse);
  auto answer = co_await std::move(managing);
  if (answer) answer->rehearsal = manager_->rehearsal().shown();
  co_return answer;
}

// The long ones: what came of it stands in the answer's field.
template <class Control, class Field>
base::Awaitable<Result<Answer>> Till::run(Control control, Field field) {
  auto running = manager_->run(std::move(control));
  auto ended = co_await std::move(running);
  if (!ended) co_return Failure(ended.error());
  Answer answer;
  answer.*field = *ended;
  co_return answer;
}

base::Awaitable<Result<Answer>> Till::carry_out(ForceResync force) {
  return run(std::move(force), &Answer::resync);
}

base::Awaitable<Result<Answer>> Till::carry_out(CleanUpOld old) {
  return run(std::move(old), &Answer::cleaned);
}

base::Awaitable<Result<Answer>> Till::carry_out(FullResync full) {
  return run(std::move(full), &Answer::cleaned);
}

base::Awaitable<Result<Answer>> Till::carry_out(AskSync) {
  Answer answer;
  answer.manager = manager_->shown();
  co_return answer;
}

base::Awaitable<Result<Answer>> Till::carry_out(AskStock ask) {
  if (catalogue_.by_sku(ask.sku) == nullptr) {
    co_return fail(Code::not_found, "\"{}\" is not sold here", ask.sku);
  }
  auto asking = stock_->ask(std::move(ask.sku));
  auto telling = tell(std::move(asking), &Answer::stock);
  co_return co_await std::move(telling);
}

base::Awaitable<Result<Answer>> Till::carry_out(AskPurse ask) {
  auto asking = purses_->ask(std::move(ask));
  auto telling = tell(std::move(asking), &Answer::purse);
  co_return co_await std::move(telling);
}

// What the cloud was asked is shown, and stands in the answer's field.
template <class Shows, class Field>
base::Awaitable<Result<Answer>> Till::tell(base::Awaitable<Result<Shows>> asking, Field field) {
  auto shown = co_await std::move(asking);
  if (closing_) co_return fail(Code::not_allowed, "the till is closed");
  if (!shown) {
    parts_->refuse(shown.error());
    co_return Failure(shown.error());
  }
  screen_.show(*shown);
  Answer answer;
  answer.*field = *shown;
  co_return answer;
}

base::Awaitable<Result<Answer>> Till::carry_out(Find find) {
  if (find.text.empty()) co_return fail(Code::bad_input, "'text' is empty: say what to look for");
  Answer answer;
  Found& found = answer.found.emplace();
  for (const Item& item : catalogue_.find(find.text, kMostFound)) {
    found.items.push_back({item.sku, item.name, item.price});
  }
  found.customers = patron_->customers().find(find.text, kMostFound);
  Rehearsal& rehearsal = manager_->rehearsal();
  if (!found.items.empty()) rehearsal.tried(Rehearsal::Act::find_items);
  if (!found.customers.empty()) rehearsal.tried(Rehearsal::Act::find_customers);
  found.balances = purses_->known_of(found.customers);
  co_return answer;
}

base::Awaitable<Result<Answer>> Till::carry_out(SignOut out) {
  auto leaving = at_day_desk(out);
  auto left = co_await std::move(leaving);
  if (!left) co_return left;
  auto closing = carry_out(Close());
  co_return co_await std::move(closing);
}

base::Awaitable<Result<Answer>> Till::carry_out(Close) {
  if (checkout_->under_way()) {
    co_return fail(Code::not_allowed, "a document is being finished: wait for its receipt");
  }
  static_cast<void>(service_->freshness().keep());  // at worst the message comes early
  auto closed = store_->close();
  if (!closed) co_return Failure(closed.error());
  closing_ = true;  // nothing may be asked of the store any more
  opening_->end();
  service_->stop();
  patron_->stop();
  purses_->stop();
  manager_->stop();
  co_await ports::settle(ports_);
  opening_->go_to(Stage::closed);
  co_return Answer();
}

base::Awaitable<Result<Answer>> Till::handle(Command command) {
  if (!store_) {
    co_return fail(Code::not_allowed, "{} did not start: its store is not open", config_.name);
  }
  if (closing_) co_return fail(Code::not_allowed, "{} is closed", config_.name);
  auto carrying = std::visit([this](auto& each) { return carry_out(std::move(each)); }, command);
  auto answer = co_await std::move(carrying);
  co_await ports::settle(ports_);
  co_return answer;
}

}  // namespace tillrig::till
