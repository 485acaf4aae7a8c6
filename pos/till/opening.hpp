#pragma once

#include "pos/till/parts.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace tillrig::till {

using base::Result;

// How a till opens: the verdict on its store, first contact with the cloud, the epoch, the first
// page; and which page it is at from then on.
class Opening {
 public:
  explicit Opening(const Parts& parts) : parts_(parts) {}

  // Shows the first page; returns when the till can be used or waits for a button.
  base::Awaitable<void> first_page();

  // Which epoch the next document is numbered in (design, rule 3): the one in the store when
  // nothing can have been lost, a new one at creation, when the cloud knows more than we do, and
  // after an unclean stop that cannot ask; also when the files are a copy, or may be one (the
  // machine was started anew) and nobody can be asked. Errors are the store's; the next sale then
  // tries again first.
  Result<void> settle_epoch();
  [[nodiscard]] bool epoch_settled() const { return epoch_settled_; }

  [[nodiscard]] Stage stage() const { return stage_; }
  // Is called once, when the register is open.
  void when_open(std::function<void()> then) { when_open_ = std::move(then); }
  // The till is being closed: no page is opened any more, and nothing is asked of the store.
  void end() { ending_ = true; }
  void go_to(Stage stage);
  // No sale is taken any more. What the store can still read goes on being sent.
  void say_critical(std::string text);

  // The connection is another one, or was lost.
  void on_connection(sync::Link link, sync::Cause cause);
  // The cloud has told us what it knows of this till.
  void on_login();
  void on_slow_line();
  // Time has passed: the messages of what spans hours.
  void on_beat();

 private:
  Result<void> choose_epoch();
  [[nodiscard]] std::uint32_t above(std::uint32_t epoch, bool alone) const;
  void say_what_others_did();
  [[nodiscard]] bool is_set_up() const;
  // Neither open nor closed, nor about to be closed.
  [[nodiscard]] bool still_opening() const { return stage_ == Stage::starting && !ending_; }
  base::Awaitable<void> open_register();
  base::Awaitable<void> open_offline();
  base::Awaitable<void> proceed();
  base::Awaitable<void> open_without_loyalty();
  base::Awaitable<void> send_what_is_left();
  void say_no_internet(sync::Cause cause, bool blocks);
  // What a till without a line shows after that, before its register.
  base::Awaitable<void> open_without_line();
  void say_not_synced(bool blocks);
  void remind_of_local_mode();
  base::Awaitable<void> go_online();

  const Parts& parts_;
  Stage stage_ = Stage::starting;
  std::function<void()> when_open_;
  bool epoch_settled_ = false;
  bool contacting_ = false;  // the first contact is under way
  bool ending_ = false;
  std::map<std::uint32_t, std::uint64_t> highest_;  // number that was given here, by epoch
  bool told_older_ = false;
  int beats_with_line_ = 0;
  bool told_not_synced_ = false;  // and not in step since then
  std::int64_t hours_told_ = 0;   // of local mode
};

}  // namespace tillrig::till
