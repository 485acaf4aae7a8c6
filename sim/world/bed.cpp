#include "sim/world/bed.hpp"

#include "sim/world/changes.hpp"
#include "sim/world/known.hpp"
#include "sim/world/lan_looks.hpp"
#include "sim/world/sold_before.hpp"

#include <set>

namespace tillrig::world {

using base::Code;
using base::fail;
using base::Failure;
using Act = oracle::ActEntry::Kind;
using Rows = std::vector<oracle::CloudEntry>;
using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

namespace {

Failure no_till(const std::string& name) {
  return fail(Code::not_found, "there is no till {}", name);
}

}  // namespace

Bed::Bed(Setup setup, const ports::Clock& clock, const ports::Ports& player,
         trace::Writer* timeline, base::Instant origin)
    : setup_(std::move(setup)),
      recording_(clock, timeline, origin),
      cloud_(player),
      office_(player, recording_),
      cards_(player, recording_) {
  oracle::Tapes& tapes = recording_.tapes();
  tapes.scenario = setup_.scenario;
  tapes.seed = setup_.seed;
  tapes.currency = setup_.shop.currency;
  tapes.day = setup_.day;
  tapes.shop = shop_of(setup_.shop);
  tapes.lan = setup_.shop.lan.enabled;
  if (const auto currency = base::find_currency(setup_.shop.currency)) {
    tapes.exponent = currency->exponent;
  }
}

Seat* Bed::find(const std::string& name) const {
  for (const auto& seat : seats_) {
    if (seat->name() == name) return seat.get();
  }
  return nullptr;
}

void Bed::seat(std::unique_ptr<Seat> till) {
  if (DevicePost* const terminal = till->device("terminal")) {
    const auto& settings = setup_.shop.devices.find("terminal")->second;
    const auto preset = settings.find("by_amount");
    cards_.serve(*terminal, preset == settings.end() ? "none" : preset->second);
  }
  seats_.push_back(std::move(till));
}

bool Bed::running(const std::string& name) const {
  Seat* const seat = find(name);
  return seat != nullptr && seat->front().running();
}

Result<void> Bed::save_cloud() {
  return fail(Code::not_allowed, "this bed has no hand in the cloud's disk");
}

Awaitable<Result<void>> Bed::swap_cloud(std::string /*other*/) {
  co_return save_cloud();
}

Awaitable<Result<void>> Bed::put_back_cloud(std::string other) {
  auto before = co_await cloud_.rows();
  if (!before) co_return Failure(before.error());
  co_await put_on_tapes(*before);
  auto swapping = swap_cloud(std::move(other));
  auto swapped = co_await std::move(swapping);
  if (!swapped) co_return swapped;
  auto after = co_await cloud_.rows();
  if (!after) co_return Failure(after.error());
  co_await put_on_tapes(*after);
  co_return Result<void>{};
}

Awaitable<Result<void>> Bed::start(std::string name) {
  Seat* const seat = find(name);
  if (seat == nullptr) co_return no_till(name);
  if (running(name)) co_return fail(Code::exists, "{} runs already", name);
  recording_.act(Act::start, "till", name);
  auto started = co_await seat->start();
  // Its own program exits when it cannot start and says why: an end that its cashier was told of.
  // One that dies without a word (closed) was stopped by nobody.
  const bool died = !started && started.error().code == Code::closed;
  if (!started && !died && !seat->running()) recording_.act(Act::stop, "till", name);
  co_return started;
}

Awaitable<Result<void>> Bed::start_again(std::string name) {
  Seat* const seat = find(name);
  if (seat == nullptr) co_return no_till(name);
  recording_.note(name, "till.start_again");
  auto started = co_await seat->start_again();
  co_return started;
}

Result<void> Bed::kill(const std::string& name) {
  if (!running(name)) return fail(Code::not_found, "{} does not run", name);
  recording_.act(Act::kill, "till.kill", name);
  Seat* const seat = find(name);
  while (seat->front().running()) {
    if (auto killed = seat->front().kill(); !killed) return killed;
  }
  return {};
}

Result<void> Bed::power_cut(const std::string& name, const PowerCut& cut) {
  Seat* const seat = find(name);
  if (seat == nullptr) return no_till(name);
  if (seat->volume() != nullptr) recording_.act(Act::power_cut, "power.cut", name);
  return seat->power_cut(cut);
}

Result<void> Bed::save_disk(const std::string& name) {
  Seat* const seat = find(name);
  return seat == nullptr ? Result<void>(no_till(name)) : seat->save_disk();
}

Result<void> Bed::install(const std::string& name, const std::string& version) {
  Seat* const seat = find(name);
  return seat == nullptr ? Result<void>(no_till(name)) : seat->install(version);
}

// To the till itself it is the end of its program; that its disk is another one only we see.
Result<void> Bed::put_back_disk(const std::string& name, bool as_files) {
  Seat* const seat = find(name);
  if (seat == nullptr) return no_till(name);
  if (seat->volume() != nullptr && seat->front().running()) {
    recording_.act(Act::kill, "till.kill", name);
  }
  auto done = seat->put_back_disk(as_files);
  if (done) recording_.act(Act::kill, "disk.put_back", name);
  return done;
}

Result<void> Bed::clone(const std::string& of, const std::string& name) {
  Seat* const original = find(of);
  Seat* const seat = find(name);
  if (original == nullptr) return no_till(of);
  if (seat == nullptr) return no_till(name);
  auto done = seat->become(*original);
  if (done) recording_.tapes().clones.push_back({recording_.now(), name, of});
  return done;
}

Result<void> Bed::freeze(const std::string& name) {
  Seat* const seat = find(name);
  if (seat == nullptr) return no_till(name);
  auto frozen = seat->freeze();
  if (!frozen) return frozen;
  recording_.note(name, "till.frozen");
  recording_.act(oracle::ActEntry::Kind::fault, kFrozen, name);
  return {};
}

Result<void> Bed::thaw(const std::string& name) {
  Seat* const seat = find(name);
  if (seat == nullptr) return no_till(name);
  if (!seat->frozen()) return seat->thaw();
  recording_.note(name, "till.thawed");
  recording_.act(oracle::ActEntry::Kind::heal, kFrozen, name);
  return seat->thaw();
}

void Bed::thaw_all() {
  for (const auto& seat : seats_) {
    if (seat->frozen()) static_cast<void>(thaw(seat->name()));
  }
}

Awaitable<Result<Reply>> Bed::command(std::string name, Order order) {
  Seat* const seat = find(name);
  if (seat == nullptr) co_return no_till(name);
  if (!running(name)) co_return fail(Code::closed, "{} does not run", name);
  Seat& front = seat->front();
  const std::string what = order.what();
  DevicePost* const terminal = seat->device("terminal");
  if (terminal != nullptr && what == "tender" && order.text("kind") == "card") {
    terminal->cut().count_from_here();
  }
  if (what == "press") recording_.pressed(name, order.text("prompt"), order.text("button"));
  if (PortCalls* const calls = front.port_calls(); calls != nullptr && what == "complete") {
    calls->begin();
  }
  const base::Instant asked = recording_.now();
  auto asking = front.ask(std::move(order));
  auto reply = co_await std::move(asking);
  if (reply && reply->manager) recording_.looked_into_manager(name, *reply->manager, asked);
  if (reply && reply->exported) recording_.exported(name, *reply->exported);
  if ((what == "close" || what == "sign_out") && reply) {
    if (&front == seat) recording_.act(Act::stop, "till", name);  // else the first one runs on
    auto retired = co_await front.retire();
    note_end(retired);
  }
  co_return reply;
}

Awaitable<void> Bed::retire_all() {
  for (const auto& seat : seats_) {
    auto retired = co_await seat->retire();
    note_end(retired);
  }
}

void Bed::note_end(const Result<void>& ended) {
  if (!ended) hung_.push_back(ended.error().what);
}

Awaitable<Result<void>> Bed::scan(std::string till, std::string code) {
  constexpr base::Duration kGlance = 5ms;   // how often the cashier looks whether it was taken
  constexpr base::Duration kPatience = 2s;  // and how long
  const ports::Ports& mine = player();
  const std::uint64_t before = recording_.scans_answered(till);
  if (auto scanned = hold_before_scanner(till, code); !scanned) co_return scanned;
  const base::Instant give_up = mine.clock.now() + kPatience;
  while (recording_.scans_answered(till) == before && mine.clock.now() < give_up) {
    const base::Instant soon = mine.clock.now() + kGlance;
    co_await mine.timer.sleep_until(soon);
  }
  co_return Result<void>{};
}

Result<void> Bed::hold_before_scanner(const std::string& till, const std::string& code) {
  Seat* const seat = find(till);
  if (seat == nullptr) return no_till(till);
  DevicePost* const scanner = seat->device("scanner");
  if (scanner == nullptr) return fail(Code::not_found, "{} has no scanner", till);
  return scanner->handle("scan", code);
}

Result<void> Bed::at_terminal(const std::string& till, std::string_view act,
                              const std::string& detail) {
  Seat* const seat = find(till);
  if (seat == nullptr) return no_till(till);
  DevicePost* const terminal = seat->device("terminal");
  if (terminal == nullptr) return fail(Code::not_found, "{} has no card terminal", till);
  return terminal->handle(act, detail);
}

std::uint64_t Bed::terminal_messages(const std::string& till) const {
  Seat* const seat = find(till);
  DevicePost* const terminal = seat != nullptr ? seat->device("terminal") : nullptr;
  return terminal != nullptr ? terminal->cut().messages() : 0;
}

Awaitable<Result<State>> Bed::state(std::string till) {
  Order order("state");
  auto asking = command(till, std::move(order));
  auto reply = co_await std::move(asking);
  if (!reply) co_return Failure(reply.error());
  if (!reply->state) co_return fail(Code::protocol, "{} said nothing of its state", till);
  note_state(till, *reply->state);
  co_return *reply->state;
}

// What is on no screen but this: how long local mode lasts, and how far a forced resync is.
void Bed::note_state(const std::string& till, const State& state) {
  constexpr std::int64_t kLongMs = 55LL * 60 * 1000;  // so that a run is not full of green arrows
  const bool old =
      state.in_step_ms >= kLongMs || (!state.arrows.empty() && state.arrows != "green");
  if (state.local_ms == 0 && !state.resync && !old) return;
  const ResyncSeen resync = state.resync.value_or(ResyncSeen());
  recording_.tapes().states.push_back({recording_.now(), till, state.local_ms, resync.stage,
                                       resync.done, resync.all, state.arrows});
}

Result<words::FaultId> Bed::start_fault(const words::Fault& fault, const words::Args& args,
                                        const std::string& till) {
  std::vector<words::Target*> targets;
  for (const auto& seat : seats_) {
    if (till != "*" && seat->name() != till) continue;
    if (words::Target* const target = seat->target(fault.domain)) targets.push_back(target);
  }
  if (fault.domain == words::Domain::cloud && cloud_target() != nullptr) {
    targets = {cloud_target()};
  }
  if (fault.domain == "acquirer" && cards_.open()) targets = {&cards_.acquirer()};
  if (targets.empty()) {
    return fail(Code::not_found, "this bed has nothing at \"{}\" that {} could be done to", till,
                fault.name);
  }
  return faults_.begin(fault, args, till, std::move(targets));
}

Awaitable<Result<const Rows*>> Bed::cloud_rows() {
  auto rows = co_await cloud_.rows();
  if (!rows) co_return rows;
  // A look at each new row would cost rows squared: a part more of them is enough, and the end has
  // all. Fewer than before, or others, are always worth one.
  constexpr std::size_t kPart = 32;
  const auto& looks = recording_.tapes().cloud;
  const std::size_t before = looks.empty() ? 0 : looks.back().rows.size();
  const std::size_t now = (*rows)->size();
  const bool others = now == before && now > 0 && (*rows)->back().v != looks.back().rows.back().v;
  if (now < before || now > before + before / kPart || others) co_await put_on_tapes(*rows);
  co_return rows;
}

Awaitable<Result<void>> Bed::look() {
  const Rows known = cloud_.known();
  auto rows = co_await cloud_.rows_anew();
  if (!rows) co_return Failure(rows.error());
  // What was there and is gone, or is other now, is for the oracle to see, taped before or not.
  const bool kept =
      known.size() <= (*rows)->size() && std::equal(known.begin(), known.end(), (*rows)->begin());
  if (!kept) recording_.tapes().cloud.push_back({recording_.now(), known});
  recording_.tapes().held = cloud_.bodies();
  auto asking = cloud_.refused();
  auto refused = co_await std::move(asking);
  if (!refused) co_return Failure(refused.error());
  recording_.tapes().refused = *std::move(refused);
  recording_.tapes().refused_known = true;
  auto asking_postings = cloud_.postings();
  auto postings = co_await std::move(asking_postings);
  if (!postings) co_return Failure(postings.error());
  recording_.tapes().postings = *std::move(postings);
  auto asking_holds = cloud_.holds();
  auto holds = co_await std::move(asking_holds);
  if (!holds) co_return Failure(holds.error());
  recording_.tapes().holds = *std::move(holds);
  auto looking_back = look_at_past();
  if (auto looked = co_await std::move(looking_back); !looked) co_return looked;
  cards_.close_books();
  co_await put_on_tapes(*rows);
  auto reporting = put_reports_on_tapes();
  auto reported = co_await std::move(reporting);
  if (!reported) co_return reported;
  co_await put_goods_on_tapes(*this);
  co_await put_customers_on_tapes(*this);
  for (const auto& seat : seats_) {
    if (!seat->front().running()) continue;
    const std::string till = seat->name();
    Order open_manager("sync");
    co_await command(till, std::move(open_manager));  // which tapes what it shows
  }
  co_await put_balances_on_tapes(*this);
  co_await put_orders_on_tapes(*this);
  co_return Result<void>{};
}

Awaitable<Result<void>> Bed::look_at_past() {
  auto asking = cloud_.past();
  const auto past = co_await std::move(asking);
  if (!past) co_return Failure(past.error());
  oracle::Tapes& tapes = recording_.tapes();
  if (tapes.past_begin.held == 0) tapes.past_begin = *past;
  tapes.past_end = *past;
  co_return Result<void>{};
}

// What the cloud makes of each day, at the end.
Awaitable<Result<void>> Bed::put_reports_on_tapes() {
  auto asking = office_.calendar();
  auto days = co_await std::move(asking);
  if (!days) co_return Failure(days.error());
  const std::vector<std::string> all = *std::move(days);
  for (const std::string& day : all) {
    if (SoldBefore::has_day(setup_, day)) continue;
    std::string which = day;
    std::string everywhere;
    auto reporting = office_.day_reports(std::move(which), std::move(everywhere));
    auto reports = co_await std::move(reporting);
    if (!reports) co_return Failure(reports.error());
  }
  co_return Result<void>{};
}

Awaitable<void> Bed::glance() {
  for (const auto& seat : seats_) {
    std::string till = seat->name();
    co_await glance_at(std::move(till));
  }
}

Awaitable<void> Bed::glance_at(std::string till) {
  constexpr std::size_t kMostRows = 40;  // of what was changed: enough to see half a page
  Seat* const seat = find(till);
  if (seat == nullptr || seat->frozen() || !seat->front().running()) co_return;
  co_await put_registers_on_tapes(till);
  co_await put_goods_on_tapes(*this, till, kMostRows);
  co_await put_customers_on_tapes(*this, till, kMostRows);
}

std::optional<Customer> Bed::customer(const std::string& id) const {
  const auto at = office_.changed_customers().find(id);
  if (at != office_.changed_customers().end()) return at->second;
  const Customer* const known = setup_.shop.customer(id);
  return known == nullptr ? std::optional<Customer>() : *known;
}

Awaitable<Result<FoundThere>> Bed::find_at(std::string till, std::string text) {
  Order order("find");
  order.with("text", text);
  auto asking = command(till, std::move(order));
  auto reply = co_await std::move(asking);
  if (!reply) co_return Failure(reply.error());
  if (!reply->found) co_return fail(Code::protocol, "{} said nothing of \"{}\"", till, text);
  recording_.found(till, text, *reply->found);
  co_return *std::move(reply->found);
}

Awaitable<Result<std::optional<KnownCustomer>>> Bed::customer_at(std::string till, std::string id) {
  const std::string which = id;
  auto finding = find_at(std::move(till), std::move(id));
  auto found = co_await std::move(finding);
  if (!found) co_return Failure(found.error());
  std::optional<KnownCustomer> there;
  for (KnownCustomer& each : found->customers) {
    if (each.id == which) there = std::move(each);
  }
  co_return there;
}

std::optional<Item> Bed::item(const std::string& sku) const {
  const auto at = office_.changed().find(sku);
  if (at != office_.changed().end()) return at->second;
  const Item* const known = setup_.shop.by_sku(sku);
  return known == nullptr || known->later ? std::optional<Item>() : *known;
}

Awaitable<Result<std::optional<base::Money>>> Bed::price_at(std::string till, std::string sku) {
  using Price = std::optional<base::Money>;
  Order order("item");
  order.with("sku", sku);
  auto asking = command(till, std::move(order));
  auto reply = co_await std::move(asking);
  if (!reply && reply.error().code == Code::not_found && running(till)) co_return Price();
  if (!reply) co_return Failure(reply.error());
  if (!reply->item) co_return fail(Code::protocol, "{} said nothing of {}", till, sku);
  co_return Price(reply->item->price);
}

Awaitable<bool> Bed::changes_have_come() {
  const bool goods = co_await goods_have_come(*this);
  if (!goods) co_return false;
  const bool customers = co_await customers_have_come(*this);
  if (!customers) co_return false;
  const bool orders = co_await orders_have_come(*this);
  co_return orders;
}

Awaitable<void> Bed::put_on_tapes(const Rows* rows) {
  recording_.tapes().cloud.push_back({recording_.now(), *rows});
  std::string each;
  co_await put_registers_on_tapes(std::move(each));
}

// Of one till, or of each.
Awaitable<void> Bed::put_registers_on_tapes(std::string only) {
  for (const auto& seat : seats_) {
    if (!only.empty() && seat->name() != only) continue;
    if (!seat->front().running()) continue;
    Seat& front = seat->front();
    Order ask_sales = SoldBefore::ask_sales(setup_);
    auto asking_sales = front.ask(std::move(ask_sales));
    auto sales = co_await std::move(asking_sales);
    Order ask_state("state");
    auto asking_state = front.ask(std::move(ask_state));
    auto state = co_await std::move(asking_state);
    if (!sales || !state || !state->state) continue;  // it died meanwhile: nobody is left to ask
    recording_.tapes().registers.push_back(
        register_look(recording_.now(), seat->name(), *sales, state->state->counters));
    if (state->state->arrows.empty()) continue;
    recording_.tapes().fresh_looks.push_back(
        {recording_.now(), seat->name(), state->state->in_step_ms});
  }
}

std::uint64_t Bed::port_calls(const std::string& name) const {
  Seat* const seat = find(name);
  const PortCalls* const calls = seat != nullptr ? seat->port_calls() : nullptr;
  return calls != nullptr ? calls->count() : 0;
}

Result<void> Bed::kill_at_port_call(const std::string& name, std::uint64_t n) {
  Seat* const seat = find(name);
  if (seat == nullptr) return no_till(name);
  PortCalls* const calls = seat->port_calls();
  if (calls != nullptr) {
    calls->kill_at(n);
  } else if (n != 0) {
    return fail(Code::not_allowed, "the calls of {}, a process of its own, cannot be counted",
                name);
  }
  return {};
}

}  // namespace tillrig::world
