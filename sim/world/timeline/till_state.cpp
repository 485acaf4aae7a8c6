#include "sim/world/timeline/till_state.hpp"

#include <algorithm>

namespace tillrig::world {
namespace {

// Notes whose arguments say how things stand from then on.
constexpr std::string_view kStanding[] = {"link", "store", "epoch", "login"};

}  // namespace

std::string_view text_of(std::span<const ports::Arg> args, std::string_view key) {
  for (const ports::Arg& arg : args) {
    const auto* text = std::get_if<std::string_view>(&arg.value);
    if (arg.key == key && text != nullptr) return *text;
  }
  return {};
}

void TillState::set(std::string_view fact, std::string_view value) {
  const auto at = facts_.find(fact);
  if (value.empty()) {
    if (at != facts_.end()) facts_.erase(at);
  } else if (at == facts_.end()) {
    facts_.emplace(fact, std::string(value));
  } else {
    at->second = std::string(value);
  }
}

void TillState::take(std::string_view group, std::span<const ports::Arg> args) {
  for (const ports::Arg& arg : args) {
    if (arg.key == "kind") continue;
    key_.assign(group);
    key_ += '.';
    key_ += arg.key;
    if (const auto* text = std::get_if<std::string_view>(&arg.value)) {
      set(key_, *text);
    } else {
      facts_[key_] = std::get<std::int64_t>(arg.value);
    }
  }
}

void TillState::forget(std::string_view prefix) {
  std::erase_if(facts_, [&](const auto& fact) { return fact.first.starts_with(prefix); });
}

void TillState::shown(std::span<const ports::Arg> args) {
  const std::string_view kind = text_of(args, "kind");
  if (kind != "prompt") return take(kind, args);
  set("prompt." + std::string(text_of(args, "code")), "stands");
}

void TillState::fold(const ports::Note& note, std::span<const ports::Arg> args) {
  if (note.mark == "screen.shown") return shown(args);
  if (note.mark == "prompt.closed") {
    return set("prompt." + std::string(text_of(args, "prompt")), {});
  }
  if (note.mark == "world.act") {
    forget("prompt.");  // an app that begins or ends shows none
    return set("app", text_of(args, "what"));
  }
  if (note.mark == "sale.acknowledged") {
    facts_["sales"] = ++sales_;
    return set("sales.last", note.sale);
  }
  const std::string_view group = note.mark.substr(0, note.mark.find('.'));
  if (std::find(std::begin(kStanding), std::end(kStanding), group) != std::end(kStanding)) {
    take(group, args);
  }
}

std::vector<trace::Arg> TillState::facts(trace::Writer& writer) const {
  std::vector<trace::Arg> args;
  for (const auto& [name, value] : facts_) {
    const trace::Name key = writer.intern(name);
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      args.emplace_back(key, *number);
    } else {
      args.emplace_back(key, std::string_view(std::get<std::string>(value)));
    }
  }
  return args;
}

}  // namespace tillrig::world
