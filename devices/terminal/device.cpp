#include "devices/terminal/device.hpp"

#include "pos/base/nearest.hpp"

#include <algorithm>
#include <charconv>

namespace tillrig::terminal {
namespace {

using base::Code;
using base::Instant;

base::Result<std::int64_t> read_whole(std::string_view name, std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size() && number >= 0) return number;
  return base::fail(Code::bad_input, "{} is \"{}\"; expected a whole number", name, text);
}

template <class Enum>
base::Result<Enum> read_name(std::string_view name, std::string_view text) {
  if (const auto value = base::by_name<Enum>(text)) return *value;
  return base::fail(Code::bad_input, "{} is \"{}\"; expected one of {}", name, text,
                    base::all_names<Enum>());
}

base::Result<bool> read_choice(std::string_view name, std::string_view text, std::string_view yes,
                               std::string_view no) {
  if (text == yes) return true;
  if (text == no) return false;
  return base::fail(Code::bad_input, "{} is \"{}\"; expected {} or {}", name, text, yes, no);
}

// One setting into its place: Result<T> from `read`, or why not.
template <class T, class Read>
base::Result<void> put(T& place, Read read) {
  auto value = read;
  if (!value) return base::Failure(value.error());
  place = static_cast<T>(*value);
  return {};
}

base::Result<void> put_time(base::Duration& place, std::string_view name, std::string_view text,
                            base::Duration unit) {
  const auto number = read_whole(name, text);
  if (!number) return base::Failure(number.error());
  constexpr std::int64_t kMost = 1'000'000'000;
  place = std::min(*number, kMost) * unit;
  return {};
}

base::Result<void> put_money(base::Money& place, std::string_view name, std::string_view text,
                             std::string_view code) {
  const auto currency = base::find_currency(code);
  if (!currency) return base::Failure(currency.error());
  const auto money = base::parse_money(text, *currency);
  if (!money) return base::within(name, money.error());
  place = *money;
  return {};
}

base::Result<void> put_key(std::optional<nexo::Key>& key, std::string_view name,
                           std::string_view text) {
  if (!key) key.emplace();
  if (name == "passphrase") key->passphrase = std::string(text);
  if (name == "key_id") key->identifier = std::string(text);
  if (name == "key_version") return put(key->version, read_whole(name, text));
  return {};
}

base::Result<void> put_setting(TerminalSetup& setup, std::string_view name, std::string_view text) {
  using std::chrono::milliseconds;
  using std::chrono::seconds;
  MachineOptions& machine = setup.machine;
  if (name == "terminal_id") {
    const bool digits = text.size() == 8 && text.find_first_not_of("0123456789") == text.npos;
    if (digits) return put(machine.terminal_id, base::Result<std::string>(std::string(text)));
    return base::fail(Code::bad_input, "terminal_id is \"{}\"; expected eight digits", text);
  }
  if (name == "currency") {
    auto currency = base::find_currency(text);
    if (!currency) return base::Failure(currency.error());
    machine.currency = std::string(currency->code);
    return {};
  }
  if (name == "lost_ack") return put(machine.lost_ack, read_name<LostAck>(name, text));
  if (name == "framing") return put(setup.zvt.framing, read_name<zvt::Framing>(name, text));
  if (name == "protocol") return put(setup.protocol, read_name<ProtocolKind>(name, text));
  if (name == "poi") return put(setup.nexo.poi_id, base::Result<std::string>(std::string(text)));
  if (name == "passphrase" || name == "key_id" || name == "key_version") {
    return put_key(setup.nexo.key, name, text);
  }
  if (name == "void_after_s") return put_time(machine.void_after, name, text, seconds(1));
  if (name == "card_ms") return put_time(machine.card_after, name, text, milliseconds(1));
  if (name == "pin_ms") return put_time(machine.pin_after, name, text, milliseconds(1));
  if (name == "remove_ms") return put_time(machine.remove_after, name, text, milliseconds(1));
  if (name == "age_s") return put_time(machine.offline.age, name, text, seconds(1));
  if (name == "clock_ms") return put(machine.clock_ms, read_whole(name, text));
  if (name == "count") return put(machine.offline.count, read_whole(name, text));
  if (name == "floor") return put_money(machine.offline.floor, name, text, machine.currency);
  if (name == "total") return put_money(machine.offline.total, name, text, machine.currency);
  if (name == "customer") {
    return put(machine.automatic_customer, read_choice(name, text, "automatic", "hand"));
  }
  if (name == "extensions") {
    return put(setup.zvt.extensions, read_choice(name, text, "on", "off"));
  }
  if (name == "drain_duplicates") {
    return put(machine.drain_duplicates, read_choice(name, text, "on", "off"));
  }
  if (name == "by_amount") {
    if (is_preset(text)) return put(setup.by_amount, base::Result<std::string>(std::string(text)));
    return base::fail(Code::bad_input, "by_amount is \"{}\"; expected none or cents", text);
  }
  return base::unknown_word("setting of a terminal", name, setting_names());
}

std::unique_ptr<Protocol> make_protocol(const TerminalSetup& setup, CardMachine& machine) {
  if (setup.protocol == ProtocolKind::zvt) {
    return std::make_unique<zvt::Terminal>(setup.zvt, machine);
  }
  return std::make_unique<nexo::NexoTerminal>(setup.nexo, machine);
}

}  // namespace

const std::vector<std::string_view>& setting_names() {
  static const std::vector<std::string_view> kNames = {
      "terminal_id", "currency",         "lost_ack", "void_after_s", "framing",
      "customer",    "by_amount",        "floor",    "total",        "count",
      "age_s",       "clock_ms",         "card_ms",  "pin_ms",       "remove_ms",
      "extensions",  "drain_duplicates", "protocol", "poi",          "passphrase",
      "key_id",      "key_version"};
  return kNames;
}

base::Result<TerminalSetup> read_setup(const devices::Settings& settings) {
  TerminalSetup setup;
  // The amounts among them are in the terminal's currency.
  if (const auto currency = settings.find("currency"); currency != settings.end()) {
    auto put = put_setting(setup, currency->first, currency->second);
    if (!put) return base::Failure(put.error());
  }
  for (const auto& [name, text] : settings) {
    if (auto put = put_setting(setup, name, text); !put) return base::Failure(put.error());
  }
  if (setup.nexo.key &&
      (setup.nexo.key->passphrase.empty() || setup.nexo.key->identifier.empty())) {
    return base::fail(Code::bad_input, "a key needs both: key_id and passphrase");
  }
  return setup;
}

TerminalDevice::TerminalDevice(TerminalSetup setup)
    : local_(setup.by_amount),
      machine_(std::move(setup.machine), line_),
      protocol_(make_protocol(setup, machine_)) {
  line_.connect(local_, machine_);
  local_.serve(line_);
}

void TerminalDevice::line_up(Instant now) {
  protocol_->line_up(now);
}

void TerminalDevice::line_down(Instant now) {
  protocol_->line_down(now);
}

base::Bytes TerminalDevice::feed(base::ByteView bytes, Instant now) {
  base::Bytes out = poll(now);
  if (machine_.dark()) return out;
  return out + protocol_->feed(bytes, now);
}

base::Bytes TerminalDevice::poll(Instant now) {
  base::Bytes out;
  if (now >= std::min(local_.poll_at(), line_.poll_at())) {
    local_.poll(now);
    line_.poll(now);
    out += protocol_->look(now);
  }
  if (now >= machine_.poll_at()) {
    machine_.poll(now);
    out += protocol_->look(now);
  }
  return out + protocol_->poll(now);
}

Instant TerminalDevice::poll_at() const {
  return std::min({local_.poll_at(), line_.poll_at(), machine_.poll_at(), protocol_->poll_at()});
}

base::Bytes TerminalDevice::power_cut(Instant now) {
  machine_.power_cut(now);
  protocol_->power_cut(now);
  return {};
}

base::Result<base::Bytes> TerminalDevice::handle(std::string_view act, std::string_view detail,
                                                 Instant now) {
  base::Bytes out = poll(now);
  base::Result<void> done;
  if (act == "card") {
    done = machine_.present_card(detail, now);
  } else if (act == "pin") {
    const auto right = read_choice("pin", detail.empty() ? "right" : detail, "right", "wrong");
    done = right ? machine_.enter_pin(*right, now) : base::Failure(right.error());
  } else if (act == "stop") {
    done = machine_.press_stop(now);
  } else if (act == "take_card") {
    done = machine_.remove_card(now);
  } else if (act == "update") {
    done = machine_.update(now);
  } else if (act == "lost_ack") {
    const auto policy = read_name<LostAck>("lost_ack", detail);
    if (!policy) return base::Failure(policy.error());
    machine_.set_lost_ack(*policy);
  } else if (act == "end_of_day") {
    if (machine_.end_of_day(now).verdict != Verdict::in_progress) {
      done = base::fail(Code::not_allowed, "the terminal is not idle");
    }
  } else if (act == "by_amount") {
    if (!is_preset(detail)) {
      return base::fail(Code::bad_input, "by_amount is \"{}\"; expected none or cents", detail);
    }
    local_.set_preset(std::string(detail));
  } else if (act == "cut") {
    const std::size_t space = std::min(detail.find(' '), detail.size());
    const auto point = read_name<CutPoint>("the point of a cut", detail.substr(0, space));
    if (!point) return base::Failure(point.error());
    const auto how =
        read_name<CutHow>("the kind of a cut", detail.substr(std::min(space + 1, detail.size())));
    if (!how) return base::Failure(how.error());
    if (!protocol_->has(*point)) {
      return base::fail(Code::bad_input, "a payment of this protocol has no point \"{}\"",
                        base::name(*point));
    }
    protocol_->arm({*point, *how});
  } else {
    return SimulatedDevice::handle(act, detail, now);
  }
  if (!done) return base::Failure(done.error());
  return out + protocol_->look(now);
}

}  // namespace tillrig::terminal
