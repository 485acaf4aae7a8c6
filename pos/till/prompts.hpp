#pragma once

#include "pos/base/channel.hpp"
#include "pos/base/mutant.hpp"
#include "pos/base/result.hpp"
#include "pos/till/screen.hpp"

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::till {

// A prompt that the till knows: its name and its buttons in the wording of the help articles (S2).
// What it says, and what each button does, is told by whoever opens it. Rows register themselves.
struct PromptKind {
  PromptKind(std::string_view id, std::initializer_list<std::string_view> buttons,
             bool modal = false, bool of_s2 = false);
  PromptKind(const PromptKind&) = delete;
  PromptKind& operator=(const PromptKind&) = delete;

  std::string_view id;
  std::vector<std::string_view> buttons;
  bool modal = false;  // nothing else works until it is answered
  bool of_s2 = false;  // one of article S2
};

inline const PromptKind kNoInternet{"no_internet", {"Continue"}, false, true};
inline const PromptKind kFirstLoginNeeded{"first_login_needed", {"Try again"}, true};
inline const PromptKind kCriticalError{"critical_error", {"OK"}, true};
inline const PromptKind kNotSynced{"not_synced", {"Close"}, false, true};
inline const PromptKind kLocalMode{"local_mode", {"Continue", "Go online"}};
inline const PromptKind kLoyaltyStart{
    "loyalty_unavailable_start", {"Proceed", "Disable real time loyalty"}, true, true};
inline const PromptKind kLoyaltyUnavailable{"loyalty_unavailable", {"Continue"}, false, true};
inline const PromptKind kCreditOffline{"credit_offline", {"Continue"}};
inline const PromptKind kOlderStore{"older_store", {"OK"}};
inline const PromptKind kTwoTills{"two_tills", {"OK"}};
inline const PromptKind kOutageReport{"outage_report", {"OK"}};
inline const PromptKind kPrinter{"printer", {"OK"}};
inline const PromptKind kReceiptMissing{"receipt_missing", {"Print a copy", "Not needed"}};
inline const PromptKind kCardPayment{"card_payment", {"Cancel"}, true};
inline const PromptKind kCardUnknown{"card_unknown", {"Re-sync"}, true};
inline const PromptKind kCardStillUnknown{"card_still_unknown", {"Re-sync again"}, true};
inline const PromptKind kCardUnresolved{"card_unresolved", {"Close & back to Register"}, true};

// All rows of this program, by id.
std::vector<const PromptKind*> prompt_kinds();

// What pressing a button does. Empty: nothing but that the prompt goes.
using Act = std::function<base::Awaitable<void>()>;

// The prompts that stand on the screen. Each has at least one button, each id stands once (INV-25).
class Prompts {
 public:
  // `version`: of the till; one that is none shows all prompts.
  Prompts(Screen& screen, std::string_view version, const base::Mutants& mutants);

  // Whether this version of the till has it: those of article S2 came with 1.14.10 (OUT-31).
  [[nodiscard]] bool has(const PromptKind& kind) const { return of_the_article_ || !kind.of_s2; }

  // Shows it if this version has it, with an act for each button in the row's order; those left out
  // do nothing. `blocks`: modal this time, whatever the row says. One that stands there already
  // takes the new text and acts, if the text differs, and stays as modal as it was.
  void open(const PromptKind& kind, std::string text, std::vector<Act> acts = {},
            bool blocks = false);
  // Takes it away without an answer, because what it asked about is over.
  void withdraw(const PromptKind& kind, std::string_view because);
  // Takes it away; the caller carries out what the button does. Errors: not_found, naming what does
  // stand there; bad_input, naming its buttons.
  base::Result<Act> press(std::string_view id, std::string_view button);

  [[nodiscard]] bool modal() const;
  [[nodiscard]] std::vector<Prompt> all() const;

 private:
  struct Standing {
    Prompt prompt;
    std::vector<Act> acts;
  };
  void close(std::size_t at, std::string_view button, std::string_view because);

  Screen& screen_;
  bool of_the_article_ = true;
  std::vector<Standing> open_;
};

}  // namespace tillrig::till
