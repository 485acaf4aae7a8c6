// What a cashier does: scan, change, pay, complete, refund, look.
#include "pos/till/till_parts.hpp"

namespace tillrig::till {

using base::Code;
using base::fail;
using base::Failure;

namespace {

Shown shown_of(Shown::Kind kind) {
  Shown shown;
  shown.kind = kind;
  return shown;
}

}  // namespace

Result<void> Till::Parts::may_sell() const {
  if (stage_ == Stage::critical) {
    return fail(Code::not_allowed, "the till's storage is damaged: no sale is taken");
  }
  if (stage_ != Stage::register_page) return fail(Code::not_allowed, "the till is not open yet");
  if (prompts_.modal()) return fail(Code::not_allowed, "answer the prompt on the screen first");
  return {};
}

void Till::Parts::refuse(const base::Error& error) {
  Shown shown = shown_of(Shown::Kind::refused);
  shown.code = base::name(error.code);
  shown.text = error.what;
  screen_.show(shown);
}

void Till::Parts::on_scan(const scanner::Scan& scan) {
  ports_.recorder.note({.mark = "scan.read"}, {{"code", std::string_view(scan.code)}});
  const Result<void> added = add_code(scan.code);
  if (added) return;
  Shown shown = shown_of(Shown::Kind::scan_rejected);
  shown.code = base::name(added.error().code);
  shown.text = added.error().what;
  screen_.show(shown);
}

void Till::Parts::on_reject(const scanner::Reject& reject) {
  Shown shown = shown_of(Shown::Kind::scan_rejected);
  shown.code = "unreadable";
  shown.text = scanner::describe(reject);
  screen_.show(shown);
}

Result<void> Till::Parts::add_code(std::string_view code) {
  if (auto open = may_sell(); !open) return open;
  const auto found = config_.catalogue.by_code(code);
  if (!found) return Failure(found.error());
  Item item = *found->item;
  item.price_embedded = found->price_inside;
  return add_item(item, found->price);
}

Result<void> Till::Parts::add_item(const Item& item, base::Money price) {
  if (cart_.empty()) {
    if (auto ready = ready_for_sale(); !ready) return ready;
  }
  if (auto added = cart_.add(item, price); !added) return added;
  Shown shown = shown_of(Shown::Kind::line_added);
  shown.text = item.name;
  shown.amount = cart_.total();
  screen_.show(shown);
  return {};
}

// A copy that died during the last sale is rebuilt before the next one begins (design, rule 3).
Result<void> Till::Parts::ready_for_sale() {
  if (store_->health() == store::Health::degraded) {
    auto rebuilt = store_->rebuild();
    if (!rebuilt) rebuilt = store_->rebuild();  // into other files
    if (!rebuilt) {
      say_critical("The till's storage has failed and could not be mended: " +
                   rebuilt.error().what);
      return base::within("no sale is taken", rebuilt.error());
    }
  }
  if (store_->health() == store::Health::critical) {
    return fail(Code::not_allowed, "the till's storage is damaged: no sale is taken");
  }
  return epoch_settled_ ? Result<void>() : settle_epoch();
}

Result<Answer> Till::Parts::handle_cart(const Command& command) {
  if (auto open = may_sell(); !open) return Failure(open.error());
  Result<void> done;
  switch (command.verb) {
    case Command::Verb::enter: {
      const Item* item = config_.catalogue.by_sku(command.text);
      if (item == nullptr) {
        done = add_code(command.text);
      } else {
        Item keyed = *item;  // at its price a unit, so that its weight can be keyed in too
        keyed.price_embedded = false;
        done = add_item(keyed, keyed.price);
      }
      break;
    }
    case Command::Verb::quantity:
      done = cart_.set_quantity(command.line, command.quantity);
      break;
    case Command::Verb::void_line:
      done = cart_.void_line(command.line);
      break;
    case Command::Verb::discount:
      done = command.rate ? cart_.discount_rate(command.line, *command.rate)
                          : cart_.discount_amount(command.line, command.amount);
      break;
    case Command::Verb::tender:
      if (command.text != "cash") {
        done = fail(Code::not_allowed, "this till takes cash; \"{}\" is not set up", command.text);
      } else {
        done = cart_.tender_cash(command.amount);
      }
      break;
    case Command::Verb::cancel:
      cart_.clear();
      break;
    default:
      return fail(Code::internal, "{} is not about the cart", name(command.verb));
  }
  if (!done) {
    refuse(done.error());
    return Failure(done.error());
  }
  Answer answer;
  answer.total = cart_.total();
  answer.change = cart_.change();
  return answer;
}

Result<wire::Event> Till::Parts::commit(wire::EventKind kind, wire::Document document) {
  ports_.recorder.note({.mark = "checkout.begun"}, {{"total", document.total.minor}});
  auto event = store_->commit(kind, std::move(document));
  if (!event) {
    refuse(event.error());
    if (store_->health() == store::Health::critical) say_critical(event.error().what);
  }
  return event;
}

// The acknowledgement: the receipt, the drawer, the "done" beep. Never before the commit.
Result<Answer> Till::Parts::acknowledge(const wire::Event& event) {
  const auto& document = std::get<wire::Document>(event.body);
  Answer answer;
  answer.sale = event.id.text();
  answer.number = base::ReceiptNumber{event.id.epoch, document.number}.text();
  answer.total = document.total;
  for (const wire::Payment& payment : document.payments) answer.change += payment.change;
  ports_.recorder.note(
      {.mark = "sale.acknowledged", .sale = answer.sale},
      {{"number", std::string_view(answer.number)}, {"total", document.total.minor}});
  Shown shown = shown_of(Shown::Kind::completed);
  shown.sale = answer.sale;
  shown.number = answer.number;
  shown.amount = answer.total;
  shown.change = answer.change;
  screen_.show(shown);
  if (printer_) {
    const bool offline = !service_->online();
    printer_->print(to_escpos(compose(event, config_.shop, offline, false)));
  }
  on_counters();
  service_->kick();
  return answer;
}

base::Awaitable<Result<Answer>> Till::Parts::complete() {
  if (auto open = may_sell(); !open) co_return Failure(open.error());
  auto document = cart_.document(config_.currency, config_.day);
  if (!document) {
    refuse(document.error());
    co_return Failure(document.error());
  }
  auto event = commit(wire::EventKind::sale, std::move(*document));
  if (!event) co_return Failure(event.error());
  cart_.clear();
  co_await sleep_off_debt();
  co_return acknowledge(*event);
}

base::Awaitable<Result<Answer>> Till::Parts::refund(Command command) {
  if (auto open = may_sell(); !open) co_return Failure(open.error());
  if (!cart_.empty()) co_return fail(Code::not_allowed, "finish or cancel the sale in hand first");
  if (auto ready = ready_for_sale(); !ready) co_return Failure(ready.error());
  const auto id = base::parse_event_id(command.text);
  if (!id) co_return Failure(id.error());
  const auto sale = store_->find(*id);
  if (!sale) co_return Failure(sale.error());
  const auto earlier = store_->refunds_of(*id);
  if (!earlier) co_return Failure(earlier.error());
  auto document = refund_of(*sale, *earlier, command.lines, config_.day);
  if (!document) co_return Failure(document.error());
  auto event = commit(wire::EventKind::refund, std::move(*document));
  if (!event) co_return Failure(event.error());
  co_await sleep_off_debt();
  co_return acknowledge(*event);
}

base::Awaitable<Result<Answer>> Till::Parts::press(Command command) {
  auto pressed = prompts_.press(command.text, command.button);
  if (!pressed) co_return Failure(pressed.error());
  if (stage_ == Stage::starting && command.text == "no_internet") {
    if (auto settled = settle_epoch(); !settled) refuse(settled.error());
    co_await sleep_off_debt();
    go_to(Stage::register_page);
    service_->start();
  } else if (stage_ == Stage::starting && command.text == "first_login_needed") {
    co_await first_page();
  }
  co_return Answer();
}

base::Awaitable<Result<Answer>> Till::Parts::close() {
  auto closed = store_->close();
  if (closed && service_) service_->stop();  // a till that stays open goes on uploading
  co_await sleep_off_debt();
  if (!closed) co_return Failure(closed.error());
  go_to(Stage::closed);
  co_return Answer();
}

base::Awaitable<void> Till::Parts::sleep_off_debt() {
  const base::Instant until = ports_.clock.now() + ports_.disk.take_debt();
  co_await ports_.timer.sleep_until(until);
}

State Till::Parts::state() const {
  State state;
  state.stage = stage_;
  if (service_) {
    state.link = service_->link();
    state.cause = service_->cause();
  }
  state.prompts = prompts_.all();
  for (const wire::Line& line : cart_.lines()) {
    state.cart.push_back(fmt::format("{} x {}", base::format_quantity(line.quantity), line.name));
  }
  state.total = cart_.total();
  state.due = cart_.due();
  state.counters = store_->counters();
  state.health = store_->health();
  state.epoch = store_->epoch();
  return state;
}

base::Awaitable<Result<Answer>> Till::Parts::handle(Command command) {
  constexpr std::size_t kRegisterSalesRows = 100'000;
  if (!store_) {
    co_return fail(Code::not_allowed, "{} did not start: its store is not open", config_.name);
  }
  switch (command.verb) {
    case Command::Verb::complete:
      co_return co_await complete();
    case Command::Verb::refund: {
      auto refunding = refund(std::move(command));
      co_return co_await std::move(refunding);
    }
    case Command::Verb::press: {
      auto pressing = press(std::move(command));
      co_return co_await std::move(pressing);
    }
    case Command::Verb::close:
      co_return co_await close();
    case Command::Verb::state: {
      Answer answer;
      answer.state = state();
      co_return answer;
    }
    case Command::Verb::sales: {
      Answer answer;
      answer.sales = store_->sales(kRegisterSalesRows);
      co_return answer;
    }
    default:
      co_return handle_cart(command);
  }
}

}  // namespace tillrig::till
