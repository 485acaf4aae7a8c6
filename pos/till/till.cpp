#include "pos/till/till.hpp"

#include "pos/base/spawn.hpp"
#include "pos/till/cart_shown.hpp"
#include "pos/till/cloud_tables.hpp"
#include "pos/till/state_of.hpp"
#include "pos/till/unsent.hpp"

#include <utility>

namespace tillrig::till {

using base::Code;
using base::fail;
using base::Failure;

namespace {

const base::Mutant kPageByHalves{
    "page_applied_by_halves", "INV-50", "jepsen-powersync: pages that were seen in part",
    "of the goods that a page has changed the till takes every other one, the rest when it starts"};

const base::Mutant kManagerWaits{"manager_waits_for_lane", "INV-52", "domain 1.4, SM-02",
                                 "the Sync Manager waits for a look at the line, where there is "
                                 "none"};
const base::Mutant kPopupClears{"popup_clears_cart", "INV-41", "domain 1.4, SM-08",
                                "whoever opens the Sync Manager loses the sale in hand"};
const base::Mutant kFoundByBeginning{"found_by_beginning", "INV-55",
                                     "a fault planted by a reviewer",
                                     "goods are found by the beginning of their name alone, letter "
                                     "by letter"};

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
      cart_(config_.rules, config_.mutants) {}

Till::~Till() = default;

base::Awaitable<Result<void>> Till::start() {
  if (auto opened = open_store(); !opened) co_return Failure(opened.error());
  make_service();
  co_await ports::settle(ports_);
  if (store_->health() != store::Health::critical) receipts_->open();
  if (auto attached = attach_devices(); !attached) co_return Failure(attached.error());
  step_onto_lan();
  if (store_->health() != store::Health::critical) outage_desk_->open();
  co_await opening_->first_page();
  co_return Result<void>{};
}

void Till::step_onto_lan() {
  cards_->neighbours().meet(
      {[this](const std::string& attempt) {
         const bool asked = orders_->lan().member().ask_attempt(attempt);
         orders_->lan().kick();
         return asked;
       },
       [this](const std::string& attempt, const std::string& till, const std::string& body) {
         orders_->lan().member().tell_attempt(attempt, till, body);
         orders_->lan().kick();
       },
       [this](const base::EventId& event) { return orders_->where(event); }});
  orders_->open([this](const lan::News& news) {
    if (const auto* const asked = std::get_if<lan::AttemptAsked>(&news)) {
      cards_->neighbours().asked(asked->attempt, asked->by);
    }
    if (const auto* const told = std::get_if<lan::AttemptTold>(&news)) {
      cards_->told_over_lan(told->by, told->body);
    }
  });
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
  take_items(false);
  return {};
}

void Till::take_items(bool of_a_page) {
  if (auto changes = item_changes(*store_)) {
    if (of_a_page && kPageByHalves.on(config_.mutants)) {
      bool other = false;
      std::erase_if(*changes, [&](const Catalogue::Change&) { return other = !other; });
    }
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
  if (table == wire::kItems) take_items(true);
  if (table == wire::kCustomers) take_customers();
  if (table == wire::kBalances) purses_->take_balances();
  if (table == wire::kAttempts) cards_->take_told();
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
  if (config_.devices.contains("terminal")) syncing.tables.push_back(wire::kAttempts);
  syncing.version = config_.version;
  syncing.home = store_->home().mark();
  syncing.mutants = config_.mutants;
  sync::Service::Listener listener;
  listener.connection = [this](sync::Link link, sync::Cause cause) {
    outage_->line();
    opening_->on_connection(link, cause);
    if (link == sync::Link::online) patron_->line_is_back();
    if (link == sync::Link::online) purses_->line_is_back();
    if (link == sync::Link::online) cards_->line_is_back();
    close_outage();
  };
  listener.counters = [this] { on_counters(); };
  listener.logged_in = [this] { opening_->on_login(); };
  listener.slow_line = [this] { opening_->on_slow_line(); };
  listener.table = [this](std::string_view table) { take_table(table); };
  listener.beat = [this] {
    opening_->on_beat();
    close_outage();
  };
  service_ = std::make_unique<sync::Service>(ports_, *store_, *store_, syncing, std::move(listener),
                                             store_.get());
  patron_.emplace(ports_, config_, screen_, prompts_, *service_, cart_);
  take_customers();
  stock_.emplace(ports_, config_, *service_);
  day_.emplace(ports_.clock, config_, *store_, *service_);
  purses_.emplace(ports_, config_, *store_, *service_, cart_, *patron_, prompts_);
  outage_.emplace(ports_.clock, config_, *store_, *service_);
  parts_.emplace(Parts{ports_, config_, screen_, prompts_, *store_, *day_, *outage_, *service_,
                       patron_->loyalty(), devices_});
  opening_.emplace(*parts_);
  checkout_.emplace(*parts_, *opening_);
  orders_.emplace(*parts_, cart_, *patron_);
  cards_.emplace(*parts_, cart_, *patron_, *purses_, *checkout_, [this] {
    orders_->look();
    screen_.show(shown_of(cart_, config_.currency));
  });
  opening_->when_open([this] { cards_->reopen(); });
  day_desk_.emplace(*parts_, *checkout_, *opening_);
  outage_desk_.emplace(*parts_, *checkout_);
  receipts_.emplace(*parts_);
  manager_.emplace(*parts_, [this] { on_counters(); });
  sale_desk_.emplace(*parts_, catalogue_, cart_, *patron_, *purses_, *cards_, *orders_, *checkout_,
                     *outage_desk_, *opening_, manager_->rehearsal());
}

Result<void> Till::attach_devices() {
  for (const auto& [role, at] : config_.devices) {
    const auto row = find_device_role(role);
    if (!row) return base::within(config_.name, row.error());
    DeviceSettings settings = config_.device_settings[role];
    settings.insert_or_assign("till", config_.name);
    devices_.push_back((*row)->attach(ports_, at, *this, settings));
  }
  for (const auto& device : devices_) {
    if (auto* const terminal = device->terminal()) cards_->attach(*terminal);
  }
  for (const auto& device : devices_) base::spawn(ports_.executor, device->run());
  return {};
}

void Till::on_counters() {
  parts_->show_counters();
}

void Till::close_outage() {
  if (!outage_->over()) return;
  auto closing = close_outage_now();
  base::spawn(ports_.executor, std::move(closing));
}

base::Awaitable<void> Till::close_outage_now() {
  if (closing_ || !sale_desk_->may_book()) co_return;
  if (store_->health() != store::Health::sound) co_return;  // the next sale mends it first
  auto closing = outage_desk_->close();
  static_cast<void>(co_await std::move(closing));
}

void Till::scanned(std::string_view code) {
  sale_desk_->scanned(code);
}

void Till::unreadable(std::string_view why) {
  sale_desk_->unreadable(why);
}

void Till::printed(std::string_view document) {
  outage_desk_->printed(document);
  if (!manager_->rehearsal().printed(document)) receipts_->printed(document);
}

void Till::print_in_doubt(std::string_view document) {
  outage_desk_->in_doubt(document);
  receipts_->in_doubt(document);
}

template <class Act>
base::Awaitable<Result<Answer>> Till::at_day_desk(Act act) {
  if (auto may = sale_desk_->may_book(); !may) co_return Failure(may.error());
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

base::Awaitable<Result<Answer>> Till::carry_out(Sales ask) {
  constexpr std::size_t kRows = 100'000;
  Answer answer;
  answer.sales = store_->sales(kRows, ask.epoch);
  for (store::SaleRow& row : *answer.sales) {
    row.at = row.sync == store::SyncState::acked ? "oms" : orders_->where(row.id);
  }
  answer.unpaid = cards_->unpaid();
  co_return answer;
}

base::Awaitable<Result<Answer>> Till::carry_out(AskState) {
  Answer answer;
  answer.state = state_of(*parts_, *opening_, *patron_, cart_, *manager_);
  answer.state->order = orders_->in_hand();
  co_return answer;
}

base::Awaitable<Result<Answer>> Till::carry_out(AskOrders) {
  Answer answer;
  answer.orders = orders_->shown();
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
  if (kManagerWaits.on(config_.mutants)) {
    const base::Instant then = ports_.clock.now() + std::chrono::seconds(2);
    if (service_->link() != sync::Link::online) co_await ports_.timer.sleep_until(then);
  }
  if (kPopupClears.on(config_.mutants)) {
    auto clearing = sale_desk_->carry_out(Cancel());
    co_await std::move(clearing);
  }
  Answer answer;
  answer.manager = manager_->shown();
  co_return answer;
}

base::Awaitable<Result<Answer>> Till::carry_out(ExportUnsent) {
  auto exported = export_unsent(*parts_);
  if (!exported) {
    parts_->refuse(exported.error());
    co_return Failure(exported.error());
  }
  Answer answer;
  answer.exported = *std::move(exported);
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
  const bool beginning = kFoundByBeginning.on(config_.mutants);
  for (const Item& item : catalogue_.find(find.text, kMostFound)) {
    if (beginning && item.sku != find.text && !item.name.starts_with(find.text)) continue;
    found.items.push_back({item.sku, item.name, item.price});
  }
  found.customers = patron_->customers().find(find.text, kMostFound);
  Rehearsal& rehearsal = manager_->rehearsal();
  if (!found.items.empty()) rehearsal.tried(Rehearsal::Act::find_items);
  if (!found.customers.empty()) rehearsal.tried(Rehearsal::Act::find_customers);
  found.balances = purses_->known_of(found.customers);
  co_return answer;
}

// What became of payments is asked before the terminal may forget it, and goes on being asked.
base::Awaitable<Result<Answer>> Till::carry_out(CloseDay close) {
  if (cards_->on()) cards_->ask_all();
  auto closing = at_day_desk(close);
  auto closed = co_await std::move(closing);
  if (closed) cards_->day_closed();
  co_return closed;
}

base::Awaitable<Result<Answer>> Till::carry_out(Reload) {
  if (auto may = sale_desk_->may_book(); !may) co_return Failure(may.error());
  if (service_->online()) static_cast<void>(service_->trigger_down());
  if (cards_->on()) cards_->ask_all();
  co_return Answer();
}

base::Awaitable<Result<Answer>> Till::carry_out(Download download) {
  if (!cards_->on()) co_return fail(Code::not_found, "this till has no card terminal");
  auto downloading = cards_->download(std::move(download.order));
  const Result<void> done = co_await std::move(downloading);
  if (done) co_return Answer();
  parts_->refuse(done.error());
  co_return Failure(done.error());
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
  closing_ = true;
  sale_desk_->close();  // nothing may be asked of the store any more
  opening_->end();
  service_->stop();
  patron_->stop();
  purses_->stop();
  cards_->stop();
  orders_->stop();
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
