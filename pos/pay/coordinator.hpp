#pragma once

#include "pos/base/mutant.hpp"
#include "pos/pay/attempt.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tillrig::pay {

// How long the cashier may cancel, how long an answer is waited for, how often Re-sync is there.
struct CardRules {
  base::Duration cancel_window = std::chrono::seconds(30);
  base::Duration result_timeout = std::chrono::seconds(60);
  base::Duration ask_timeout = std::chrono::seconds(15);  // of one question
  base::Duration ask_again = std::chrono::seconds(5);     // while the terminal is at it
  base::Duration in_progress_ends = std::chrono::minutes(4);
  std::uint64_t resyncs = 2;
};

// What the cashier can do about a payment now; at most one of the buttons is there.
enum class Button { none, cancel, resync, resync_again, close };

// Sees to it that "the card was charged and the till never heard" ends with exactly one paid order
// (S3, MP-01 to MP-23; reference: domain 3.5): a state machine of all card payments of a till. It
// does nothing itself: whoever drives it carries out the actions and tells what came of them.
//
// An answer "in progress" does not use up a press and gives none back: the question of the same
// press is asked again until there is another answer. A question that gets lost does use it up.
class Coordinator {
 public:
  explicit Coordinator(CardRules rules = {}, base::Mutants mutants = {})
      : rules_(rules), mutants_(std::move(mutants)) {}

  // The attempts that the store has, when the till starts: those whose end nobody knows are of
  // orders that are closed now. `incomplete`: ids of approved ones whose orders are not completed.
  std::vector<Action> reopen(std::vector<wire::Attempt> kept,
                             const std::vector<std::string>& incomplete);

  std::vector<Action> step(const Event& event, base::Instant now);
  // When it wants a Tick; never: not by itself.
  [[nodiscard]] base::Instant poll_at() const;

  // Errors: not_allowed, in a sentence that says what is in its way.
  [[nodiscard]] Result<void> may_begin(std::string_view order) const;
  // Other money for it. Errors: likewise.
  [[nodiscard]] Result<void> may_tender(std::string_view order) const;
  // Voiding or giving back. Errors: likewise.
  [[nodiscard]] Result<void> may_void(std::string_view order) const;

  [[nodiscard]] const std::vector<Attempt>& attempts() const { return attempts_; }
  [[nodiscard]] const Attempt* find(std::string_view id) const;
  // The one of the order in hand that the cashier waits for or has to decide about; null: none.
  [[nodiscard]] const Attempt* in_hand() const;
  // When Cancel goes.
  [[nodiscard]] base::Instant cancel_ends(const Attempt& attempt) const {
    return attempt.requested + rules_.cancel_window;
  }
  [[nodiscard]] Button button(const Attempt& attempt, base::Instant now) const;
  // Lets go of what is over and done with.
  void forget_settled();

 private:
  using Actions = std::vector<Action>;
  void on(const Begin& begin, base::Instant now, Actions& actions);
  void on(const NotKept& not_kept, base::Instant now, Actions& actions);
  void on(const PressCancel& press, base::Instant now, Actions& actions);
  void on(const PressResync& press, base::Instant now, Actions& actions);
  void on(const PressClose& press, base::Instant now, Actions& actions);
  void on(const LineLost& lost, base::Instant now, Actions& actions);
  void on(const AskNow& ask, base::Instant now, Actions& actions);
  void on(const OrderDead& dead, base::Instant now, Actions& actions);
  void on(const Told& told, base::Instant now, Actions& actions);
  void on(const Tick& tick, base::Instant now, Actions& actions);

  Attempt* at(std::string_view id);
  void tell(Attempt& attempt, const Told& told, base::Instant now, Actions& actions);
  void approve(Attempt& attempt, const Told& told, Actions& actions);
  void refuse(Attempt& attempt, const Told& told, Actions& actions);
  void never_came(Attempt& attempt, const Told& told, Actions& actions);
  void foreign(const Told& told, Actions& actions);
  void ask(Attempt& attempt, base::Instant now, Actions& actions);
  void stop_asking(Attempt& attempt);
  void lose(Attempt& attempt, std::string why, Actions& actions);
  void go_back(Attempt& attempt, AttemptState state, std::string why, Actions& actions);
  void end(Attempt& attempt, AttemptState state, std::string why, Actions& actions);
  [[nodiscard]] bool paid_by_another(const Attempt& attempt) const;

  CardRules rules_;
  base::Mutants mutants_;
  std::vector<Attempt> attempts_;
};

}  // namespace tillrig::pay
