#include "tests/pos/pay/model.hpp"

#include <algorithm>
#include <unordered_map>

namespace tillrig::pay::model {
namespace {

constexpr std::string_view kOrder = "order";
constexpr base::Duration kSecond = std::chrono::seconds(1);

CardRules rules() {
  CardRules rules;
  rules.in_progress_ends = {};  // what is asked again by itself is what AskNow does here
  return rules;
}

std::pair<std::string, std::string> split(const std::string& message) {
  const auto space = message.find(' ');
  return {message.substr(0, space), message.substr(space + 1)};
}

}  // namespace

World::World(const base::Mutants& mutants, int attempts, int crashes)
    : mutants_(mutants), till_(rules(), mutants), attempts_(attempts), crashes_(crashes) {}

void World::tell(const Event& event) {
  for (Action& action : till_.step(event, now_)) {
    const bool changes = action.kind != Action::Kind::say && action.kind != Action::Kind::ask_oms &&
                         action.kind != Action::Kind::back_to_pay;
    if (changes) todo_.push_back(std::move(action));
  }
}

std::size_t World::charges() const {
  return static_cast<std::size_t>(
      std::count_if(terminal_.begin(), terminal_.end(),
                    [](const auto& each) { return each.second == At::approved; }));
}

bool World::works() const {
  return std::any_of(terminal_.begin(), terminal_.end(),
                     [](const auto& each) { return each.second == At::working; });
}

// The acquirer books a charge of which the till has not heard.
std::string World::unheard() const {
  for (const auto& [id, at] : terminal_) {
    if (at != At::approved || told_.contains(id)) continue;
    const Attempt* const attempt = till_.find(id);
    if (attempt == nullptr || attempt->state != AttemptState::approved) return id;
  }
  return {};
}

bool World::quiet() const {
  return still() && unheard().empty();
}

bool World::still() const {
  const auto& all = till_.attempts();
  return todo_.empty() && to_terminal_.empty() && to_till_.empty() && !works() &&
         std::none_of(all.begin(), all.end(),
                      [](const Attempt& each) { return wire::is_unresolved(each.state); });
}

void World::carry_out_next() {
  const Action action = std::move(todo_.front());
  todo_.pop_front();
  const std::string& id = action.attempt.id;
  last_ = fmt::format("{} {}", name(action.kind), id);
  switch (action.kind) {
    case Action::Kind::keep:
      durable_.insert_or_assign(id, action.attempt);
      break;
    case Action::Kind::send:
      to_terminal_.insert("pay " + id);
      break;
    case Action::Kind::abort:
      to_terminal_.insert("abort " + id);
      break;
    case Action::Kind::ask:
      to_terminal_.insert((action.fences ? "ask " : "look ") + id);
      break;
    case Action::Kind::reverse:
      to_terminal_.insert("reverse " + id);
      break;
    case Action::Kind::complete:
      order_ = Order::paid_by_card;
      break;
    case Action::Kind::close_order:
      if (order_ == Order::in_hand) order_ = Order::closed;
      break;
    case Action::Kind::not_charged:
      if (order_ == Order::closed) order_ = Order::not_charged;
      break;
    case Action::Kind::ask_oms:
    case Action::Kind::back_to_pay:
    case Action::Kind::say:
      break;
  }
}

// The till stops and is started again: what was in its memory is gone.
void World::crash() {
  todo_.clear();
  --crashes_;
  till_ = Coordinator(rules(), mutants_);
  std::vector<wire::Attempt> kept;
  std::vector<std::string> incomplete;
  for (const auto& [id, attempt] : durable_) {
    kept.push_back(attempt);
    const bool left = attempt.state == AttemptState::approved && order_ != Order::paid_by_card;
    if (left && !attempt.dead) incomplete.push_back(id);
  }
  const bool over = order_ == Order::paid_in_cash || order_ == Order::voided;
  const auto reopened = till_.reopen(std::move(kept), incomplete);
  const bool stored = std::any_of(reopened.begin(), reopened.end(), [](const Action& each) {
    return each.kind == Action::Kind::close_order || each.kind == Action::Kind::complete;
  });
  if (order_ == Order::in_hand && !stored) order_ = Order::lost;
  todo_.assign(reopened.begin(), reopened.end());
  if (over || order_ == Order::lost) tell(OrderDead{std::string(kOrder)});
  last_ = "crash";
}

// The terminal gets a message.
void World::take_in(const std::string& message) {
  const auto [what, id] = split(message);
  const auto at = terminal_.find(id);
  const bool known = at != terminal_.end();
  last_ = "terminal gets " + message;
  if (what == "pay") {
    if (!known) {
      terminal_[id] = At::working;
    } else if (at->second == At::fenced) {
      to_till_.insert("declined " + id);
    }
    return;
  }
  if (!known) {
    if (what != "look") terminal_[id] = At::fenced;
    to_till_.insert("not_found " + id);
    return;
  }
  if (what == "abort" && at->second == At::working) at->second = At::aborted;
  if (what == "reverse" && at->second == At::approved) at->second = At::reversed;
  switch (at->second) {
    case At::fenced:
      to_till_.insert("not_found " + id);
      break;
    case At::working:
      to_till_.insert("in_progress " + id);
      break;
    case At::approved:
      to_till_.insert("approved " + id);
      break;
    case At::declined:
      to_till_.insert("declined " + id);
      break;
    case At::aborted:
      to_till_.insert("aborted " + id);
      break;
    case At::reversed:
      to_till_.insert("reversed " + id);
      break;
  }
}

// The till gets a message.
void World::hear(const std::string& message) {
  const auto [what, id] = split(message);
  Told told;
  told.what = *base::by_name<Told::What>(what);
  told.asked = id;
  told.reference = id;
  told.amount = Money{1000};
  told.currency = "EUR";
  tell(told);
  last_ = "till hears " + message;
}

void World::decide(const std::string& id, At how) {
  terminal_[id] = how;
  const char* const what = how == At::approved ? "approved " : "declined ";
  to_till_.insert(what + id);
  last_ = what + id + " by the terminal";
}

// What would change nothing when it came, now or later, need not be waited for.
void World::leave_out_the_idle() {
  std::erase_if(to_till_, [this](const std::string& message) {
    const auto [what, id] = split(message);
    const Attempt* const attempt = till_.find(id);
    if (attempt == nullptr || wire::is_unresolved(attempt->state)) return false;
    const bool over =
        attempt->state == AttemptState::approved || attempt->state == AttemptState::reversed;
    return over || what != "approved";
  });
}

std::vector<World> World::next() const {
  std::vector<World> all;
  const auto with = [&](auto&& act) {
    World other = *this;
    act(other);
    other.leave_out_the_idle();
    all.push_back(std::move(other));
  };
  const auto press = [&](const Event& event, const char* what) {
    with([&](World& world) {
      world.tell(event);
      world.last_ = what;
    });
  };
  if (crashes_ > 0) with([](World& world) { world.crash(); });
  if (!todo_.empty()) {  // nothing comes between but a crash
    with([](World& world) { world.carry_out_next(); });
    return all;
  }
  for (const std::string& message : to_terminal_) {
    with([&](World& world) {
      world.to_terminal_.erase(message);
      world.last_ = "lost: " + message;
    });
    if (works() && message.starts_with("pay ")) continue;  // it does one at a time
    with([&](World& world) {
      world.to_terminal_.erase(message);
      world.take_in(message);
    });
  }
  for (const std::string& message : to_till_) {
    with([&](World& world) {
      world.to_till_.erase(message);
      world.last_ = "lost: " + message;
    });
    with([&](World& world) {
      world.to_till_.erase(message);
      world.hear(message);
    });
  }
  for (const auto& [id, at] : terminal_) {
    if (at != At::working) continue;
    with([&, who = id](World& world) { world.decide(who, At::approved); });
    with([&, who = id](World& world) { world.decide(who, At::declined); });
  }
  if (order_ == Order::in_hand) {
    if (begun_ < attempts_ && till_.may_begin(kOrder)) {
      with([](World& world) {
        const std::string id = fmt::format("a{}", ++world.begun_);
        world.tell(Begin{id, std::string(kOrder), Money{1000}, "EUR", "terminal"});
        world.last_ = "begin " + id;
      });
    }
    if (till_.may_tender(kOrder)) {
      with([](World& world) {
        world.order_ = Order::paid_in_cash;
        world.tell(OrderDead{std::string(kOrder)});
        world.last_ = "paid in cash";
      });
    }
    if (till_.may_void(kOrder)) {
      with([](World& world) {
        world.order_ = Order::voided;
        world.tell(OrderDead{std::string(kOrder)});
        world.last_ = "voided";
      });
    }
  }
  bool closed = false;
  for (const Attempt& each : till_.attempts()) {
    if (each.state == AttemptState::requested && now_ - each.requested < rules().cancel_window) {
      with([&](World& world) {
        world.now_ = each.requested + rules().cancel_window;
        world.last_ = "30 s are over";
      });
    }
    const bool open = wire::is_unresolved(each.state);
    closed = closed || (open && (each.closed || each.dead));
    switch (till_.button(each, now_)) {
      case Button::cancel:
        press(PressCancel{each.id}, "Cancel");
        break;
      case Button::resync:
      case Button::resync_again:
        press(PressResync{each.id}, "Re-sync");
        break;
      case Button::close:
        press(PressClose{each.id}, "Close & back to Register");
        break;
      case Button::none:
        break;
    }
  }
  if (const std::string id = unheard(); !id.empty() && still()) {  // at the end all is reconciled
    with([&](World& world) {
      world.told_.insert(id);
      world.hear("approved " + id);
      world.last_ = "the acquirer's books say approved " + id;
    });
  }
  const base::Instant due = till_.poll_at();
  if (due != base::Instant::never()) {
    with([&](World& world) {
      world.now_ = std::max(world.now_, due);
      world.tell(Tick{});
      world.last_ = "time passes";
    });
  }
  if (closed) press(AskNow{}, "asks by itself");
  return all;
}

std::string World::text() const {
  std::string out = fmt::format("{} {} {}|", static_cast<int>(order_), begun_, crashes_);
  const auto since = [this](base::Instant then) {
    return std::min<std::int64_t>((now_ - then) / kSecond, 60);
  };
  for (const Attempt& each : till_.attempts()) {
    out += fmt::format("{} {} ", each.id, static_cast<int>(each.state));
    if (wire::is_unresolved(each.state)) {
      out += fmt::format("{}{}{}{}{}", each.resyncs, each.closed ? 'c' : '-', each.dead ? 'd' : '-',
                         each.asking ? 'a' : '-', each.reversing ? 'r' : '-');
    }
    if (each.state == AttemptState::requested || each.state == AttemptState::cancel_asked) {
      out += fmt::format(" {}", since(each.requested));
    }
    if (each.asking) out += fmt::format(" {}", since(each.asked));
    if (each.asking && each.ask_again != base::Instant::never()) {
      out += fmt::format(" {}", (each.ask_again - now_) / kSecond);
    }
    out += ';';
  }
  out += '|';
  for (const auto& [id, each] : durable_) {
    out += fmt::format("{} {};", id, static_cast<int>(each.state));
    if (wire::is_unresolved(each.state)) {
      out += fmt::format("{}{}{};", each.resyncs, each.closed ? 'c' : '-', each.dead ? 'd' : '-');
    }
  }
  out += '|';
  for (const Action& each : todo_) {
    out += fmt::format("{} {} {};", static_cast<int>(each.kind), each.attempt.id,
                       static_cast<int>(each.attempt.state));
  }
  out += '|';
  for (const auto& [id, at] : terminal_) out += fmt::format("{} {};", id, static_cast<int>(at));
  for (const std::string& id : told_) out += '!' + id;
  for (const std::string& message : to_terminal_) out += '>' + message;
  for (const std::string& message : to_till_) out += '<' + message;
  return out;
}

Found explore(const base::Mutants& mutants, int crashes, std::size_t most) {
  struct Seen {
    std::size_t from;
    std::string how;
  };
  Found found;
  std::unordered_map<std::string, std::size_t> known;
  std::vector<Seen> seen;
  std::deque<std::pair<std::size_t, World>> todo;
  const auto add = [&](World world, std::size_t from) {
    if (!known.try_emplace(world.text(), seen.size()).second) return;
    seen.push_back({from, world.last()});
    todo.emplace_back(seen.size() - 1, std::move(world));
  };
  add(World(mutants, 2, crashes), 0);
  while (!todo.empty() && found.states < most) {
    const auto [number, world] = std::move(todo.front());
    todo.pop_front();
    ++found.states;
    found.most_charges = std::max(found.most_charges, world.charges());
    if (world.quiet()) {
      ++found.ends;
      if (!world.right() && found.bad++ == 0) {
        for (std::size_t at = number; at != 0; at = seen[at].from) {
          found.worst = seen[at].how + (found.worst.empty() ? "" : ", ") + found.worst;
        }
      }
    }
    for (World& other : world.next()) add(std::move(other), number);
  }
  found.all = todo.empty();
  return found;
}

}  // namespace tillrig::pay::model
