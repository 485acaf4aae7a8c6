#include "pos/base/version.hpp"
#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace tillrig::oracle::inv_25_prompts_can_be_answered {
namespace {

// A prompt of the help articles: what must stand on its buttons, whatever the till says, and
// whether nothing can be sold while it stands. Of any other prompt the till's own word is taken.
struct Wording {
  std::string_view id;
  std::vector<std::string> buttons;
  bool blocks = false;
};

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

constexpr base::Duration kGoneWithin = 2s;
constexpr std::string_view kNoInternet = "no_internet";

const Wording* find_wording(std::string_view id) {
  static const std::vector<Wording> kArticles = {
      {kNoInternet, {"Continue"}, false},
      {"critical_error", {"OK"}, true},
      {"first_login_needed", {"Try again"}, true},
      {"not_synced", {"Close"}, false},
      {"local_mode", {"Continue", "Go online"}, false},
      {"loyalty_unavailable", {"Continue"}, false},
      {"loyalty_unavailable_start", {"Proceed", "Disable real time loyalty"}, true},
      {"printer", {"OK"}, false},
      {"card_payment", {"Cancel"}, true},
      {"card_unknown", {"Re-sync"}, true},
      {"card_still_unknown", {"Re-sync again"}, true},
      {"card_unresolved", {"Close & back to Register"}, true},
      {"receipt_missing", {"Print a copy", "Not needed"}, false},
  };
  for (const Wording& wording : kArticles) {
    if (wording.id == id) return &wording;
  }
  return nullptr;
}

bool blocks(const CashierEntry& prompt) {
  const Wording* const wording = find_wording(prompt.code);
  return wording != nullptr ? wording->blocks : prompt.fact("modal") == 1;
}

std::string list(const std::vector<std::string>& buttons) {
  return buttons.empty() ? "no button" : fmt::format("[{}]", fmt::join(buttons, "] ["));
}

// One till's screen.
class Screen {
 public:
  Screen(const Evidence& evidence, std::string_view till) : evidence_(evidence), till_(till) {}

  void see(const CashierEntry& entry) {
    // A prompt does not outlive the process that showed it.
    if (evidence_.life.changed(till_, last_, {entry.at, entry.order})) {
      open_.clear();
      selling_ = waits_ = stands_ = false;
      back_ = other_ = answered_ = nullptr;
      link_ = {};
    }
    last_ = {entry.at, entry.order};
    if (back_ != nullptr && entry.at - back_->at > kGoneWithin) still_stands();
    if (other_ != nullptr && entry.at - other_->at > kGoneWithin) still_says();
    if (answered_ != nullptr && entry.at - answered_->at > kGoneWithin) does_not_go_on();
    const CashierEntry* const before = std::exchange(before_, &entry);
    switch (entry.kind) {
      case CashierEntry::Kind::connection:
        connection(entry);
        return words(entry);
      case CashierEntry::Kind::prompt:
        says_cause(entry, before);
        line_lost(entry);
        return prompt(entry);
      case CashierEntry::Kind::pressed:
        return pressed(entry);
      case CashierEntry::Kind::acknowledged:
        return sold(entry);
      case CashierEntry::Kind::stage:
        if (entry.text == "register") register_opened(entry);
        if (entry.text == "closed") open_.clear();
        return;
      case CashierEntry::Kind::other:
        if (entry.code == "prompt_closed") withdrawn(entry);
        if (entry.code == "prompt_closed" && entry.facts.text("prompt") == kNoInternet) {
          waits_ = stands_ = false;
          back_ = other_ = nullptr;
        }
        return;
      default:
        return;
    }
  }

  Judgement result() {
    if (evidence_.life.changed(till_, last_, {evidence_.life.end(), UINT64_MAX})) {
      open_.clear();
      back_ = answered_ = nullptr;
    }
    if (answered_ != nullptr && evidence_.life.end() - answered_->at > kGoneWithin) {
      does_not_go_on();
    }
    if (back_ != nullptr && evidence_.life.end() - back_->at > kGoneWithin) still_stands();
    for (const auto& [id, entry] : open_) {
      if (!blocks(*entry)) continue;
      add(*entry,
          fmt::format("The prompt \"{}\" of {} still stood when the run was over.", id, till_),
          fmt::format("somebody presses {}", list(entry->buttons)), "nobody did");
    }
    return std::move(judgement_);
  }

 private:
  // Of the program that runs then.
  [[nodiscard]] const std::string& version_at(Instant at) const {
    const std::string* version = &evidence_.tapes.shop.version;
    const std::string* next = version;
    auto installed = evidence_.tapes.installed.begin();
    for (const ActEntry& act : evidence_.tapes.acts) {
      if (act.at > at) break;
      for (; installed != evidence_.tapes.installed.end() && installed->at <= act.at; ++installed) {
        if (installed->till == till_) next = &installed->version;
      }
      if (act.kind == ActEntry::Kind::start && act.till == till_) version = next;
    }
    return *version;
  }

  // Those of article S2 apply from version 1.14.10 on (OUT-31).
  void too_old_for(const CashierEntry& entry) {
    static constexpr std::string_view kOfS2[] = {"no_internet", "loyalty_unavailable",
                                                 "loyalty_unavailable_start", "not_synced"};
    const std::string& version = version_at(entry.at);
    if (version.empty() ||
        std::find(std::begin(kOfS2), std::end(kOfS2), entry.code) == std::end(kOfS2)) {
      return;
    }
    const auto own = base::parse_version(version);
    if (!own || *own >= *base::parse_version("1.14.10")) return;
    add(entry, fmt::format("{} of version {} shows the prompt \"{}\".", till_, version, entry.code),
        "no such prompt before version 1.14.10", list(entry.buttons));
  }

  void prompt(const CashierEntry& entry) {
    ++judgement_.judged;
    answered_ = nullptr;
    too_old_for(entry);
    open_[entry.code] = &entry;
    waits_ = waits_ || (entry.code == kNoInternet && !selling_);
    const bool mute = entry.buttons.empty() || entry.text.find(' ') == std::string::npos ||
                      std::any_of(entry.buttons.begin(), entry.buttons.end(),
                                  [](const std::string& button) { return button.empty(); });
    const Wording* wording = find_wording(entry.code);
    const bool other = wording != nullptr && entry.buttons != wording->buttons;
    if (!mute && !other) return;
    add(entry,
        fmt::format("The prompt \"{}\" of {} has the wrong buttons or words.", entry.code, till_),
        wording != nullptr ? list(wording->buttons) : "at least one button with a word on it",
        list(entry.buttons));
  }

  // What is asked about a card payment is over when the payment is, or its time (MP-02).
  void withdrawn(const CashierEntry& entry) {
    const auto prompt = entry.facts.text("prompt").value_or("");
    const bool told = !entry.facts.text("because").value_or("").empty();
    if (told && prompt.starts_with("card_")) open_.erase(std::string_view(prompt));
  }

  // The message of the lost line comes when it is lost and goes when it is back.
  void connection(const CashierEntry& entry) {
    link_ = entry.text;
    back_ = link_ == "online" && stands_ && selling_ ? &entry : nullptr;
    other_ = link_ == "offline" && stands_ && selling_ ? &entry : nullptr;
  }
  // It is wrong for another reason now, and the message that stands there says so.
  void still_says() {
    const CashierEntry& change = *std::exchange(other_, nullptr);
    const auto words = change.facts.text("words");
    const auto at = open_.find(kNoInternet);
    if (!words || at == open_.end() || at->second->text.find(*words) != std::string::npos) return;
    add(change, fmt::format("The prompt \"no_internet\" of {} says what was wrong before.", till_),
        fmt::format("\"{}\"", *words), fmt::format("\"{}\"", at->second->text));
  }
  void still_stands() {
    const CashierEntry& back = *std::exchange(back_, nullptr);
    add(back, fmt::format("{} is online and still says that it is not.", till_),
        "the prompt \"no_internet\" goes when the line is back", "it stands");
  }
  void line_lost(const CashierEntry& prompt) {
    if (prompt.code != kNoInternet) return;
    stands_ = true;
    if (!selling_ || link_.empty() || link_ == "offline") return;
    add(prompt, fmt::format("{} says that it has no internet, and is not offline.", till_),
        "the prompt \"no_internet\" when it counts itself offline", fmt::format("{}", link_));
  }

  // Without a line a till opens its register when somebody has said so.
  void register_opened(const CashierEntry& entry) {
    open_.erase("first_login_needed");
    selling_ = true;
    answered_ = nullptr;
    if (!std::exchange(waits_, false)) return;
    add(entry, fmt::format("{} opened its register by itself, without a line.", till_),
        "somebody presses [Continue] first", "nobody did");
  }

  // Whoever answers what stands before the register gets to it, or is asked the next thing
  // (OUT-03, OUT-07, OUT-20).
  void does_not_go_on() {
    const CashierEntry& pressed = *std::exchange(answered_, nullptr);
    if (evidence_.life.faulted("app", till_, pressed.at, pressed.at + kGoneWithin) ||
        evidence_.life.faulted("disk", till_, pressed.at, pressed.at + kGoneWithin)) {
      return;
    }
    add(pressed,
        fmt::format("{} does not go on after [{}] of \"{}\".", till_, pressed.text, pressed.code),
        "its register, or the next question, within 2 s", "neither");
  }

  // Each cause has words of its own on the screen, and always the same.
  void words(const CashierEntry& entry) {
    const auto words = entry.facts.text("words");
    if (!words || words->empty()) return;
    ++judgement_.judged;
    const auto [of_cause, fresh] = words_.emplace(entry.code, *words);
    const auto [cause, unused] = causes_.emplace(*words, entry.code);
    if (of_cause->second == *words && cause->second == entry.code) return;
    add(entry, fmt::format("{} says of \"{}\" what it says of something else.", till_, entry.code),
        "words of its own for each cause, and always the same",
        fmt::format("\"{}\", as of \"{}\"", *words, cause->second));
  }

  // A message that comes with the change of the connection is about that change.
  void says_cause(const CashierEntry& prompt, const CashierEntry* before) {
    if (prompt.code != kNoInternet || before == nullptr || before->at != prompt.at) return;
    const auto words =
        before->kind == CashierEntry::Kind::connection ? before->facts.text("words") : std::nullopt;
    if (!words || prompt.text.find(*words) != std::string::npos) return;
    add(prompt, fmt::format("The prompt \"no_internet\" of {} does not say what is wrong.", till_),
        fmt::format("\"{}\"", *words), fmt::format("\"{}\"", prompt.text));
  }

  void pressed(const CashierEntry& entry) {
    ++judgement_.judged;
    const auto at = open_.find(entry.code);
    if (at == open_.end()) {
      add(entry,
          fmt::format("\"{}\" was pressed on {} for a prompt that did not stand there.", entry.text,
                      till_),
          fmt::format("the prompt \"{}\" on the screen", entry.code),
          open_.empty() ? "no prompt" : fmt::format("\"{}\"", open_.begin()->first));
      return;
    }
    const auto& buttons = at->second->buttons;
    if (std::find(buttons.begin(), buttons.end(), entry.text) == buttons.end()) {
      add(entry, fmt::format("The prompt \"{}\" of {} has no such button.", entry.code, till_),
          list(buttons), fmt::format("\"{}\" was pressed", entry.text));
      return;
    }
    open_.erase(at);
    const bool lets_in = entry.code == kNoInternet || entry.code == "not_synced" ||
                         entry.code == "loyalty_unavailable_start";
    if (!selling_ && lets_in) answered_ = &entry;
    if (entry.code != kNoInternet) return;
    waits_ = stands_ = false;
    back_ = other_ = nullptr;
  }

  void sold(const CashierEntry& entry) {
    const Due* const due = evidence_.account->find(entry.sale);
    const bool by_card = due != nullptr && !due->attempt.empty();
    for (const auto& [id, shown] : open_) {
      if (!blocks(*shown)) continue;
      if (by_card && id.starts_with("card_")) continue;  // that is what it waits for
      add(entry, fmt::format("{} sold {} past the prompt \"{}\".", till_, entry.sale, id),
          "no sale while it stands", fmt::format("acknowledged at {}", moment_text(entry.at)));
    }
  }

  void add(const CashierEntry& entry, std::string what, std::string expected, std::string seen) {
    Violation violation;
    violation.sale = entry.sale;
    violation.till = entry.till;
    violation.at = entry.at;
    violation.line = entry.line;
    violation.what = std::move(what);
    violation.expected = std::move(expected);
    violation.seen = std::move(seen);
    judgement_.violations.push_back(std::move(violation));
  }

  const Evidence& evidence_;
  std::string_view till_;
  Life::Moment last_{Instant{-1}, 0};
  std::map<std::string_view, const CashierEntry*> open_;
  bool selling_ = false;                                // the register is open
  bool stands_ = false;                                 // the prompt no_internet
  std::string_view link_;                               // as it is shown; empty: it was not yet
  const CashierEntry* answered_ = nullptr;              // pressed, before the register was open
  const CashierEntry* back_ = nullptr;                  // online, and that prompt stands
  const CashierEntry* other_ = nullptr;                 // offline for another cause meanwhile
  bool waits_ = false;                                  // for Continue, before it is
  const CashierEntry* before_ = nullptr;                // on this screen
  std::map<std::string_view, std::string_view> words_;  // of a cause
  std::map<std::string_view, std::string_view> causes_;
  Judgement judgement_;
};

Judgement check(const Evidence& evidence) {
  std::map<std::string_view, Screen> screens;
  for (const std::string_view till : evidence.tills) screens.try_emplace(till, evidence, till);
  for (const CashierEntry& entry : evidence.tapes.cashier) {
    const auto at = screens.find(entry.till);
    if (at != screens.end()) at->second.see(entry);
  }
  Judgement all;
  for (auto& [till, screen] : screens) {
    all.take(screen.result());
  }
  return all;
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-25",
     .doc = "Every prompt has words, the buttons of its article and at least one, is pressed "
            "only while it stands, and one that blocks selling is answered before the "
            "run is over and never sold past; what stands before the register lets "
            "into it within 2 s; what is wrong with the line is said in words "
            "of its own.",
     .params = {},
     .example = "waive = { INV-25 = \"why it cannot hold here\" }"},
    "always",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_25_prompts_can_be_answered
