#pragma once

#include "devices/role/simulated.hpp"
#include "devices/terminal/cut.hpp"
#include "devices/terminal/zvt/link.hpp"

#include <memory>
#include <utility>
#include <vector>

namespace tillrig::terminal::zvt {

// A terminal's end of the line with all that can be wrong with it.
class Wire {
 public:
  Wire(Framing framing, const Timers& timers) : link_(make_link(framing, timers)) {}

  void feed(base::ByteView bytes, base::Instant now);
  void poll(base::Instant now);
  [[nodiscard]] base::Instant poll_at() const;
  void send(const Apdu& apdu, base::Instant now) { link_->send(apdu, now); }
  [[nodiscard]] std::vector<LinkEvent> take_events() { return link_->take_events(); }
  // What goes on the line now.
  [[nodiscard]] base::Bytes give();
  [[nodiscard]] base::Duration answer_time() const { return link_->answer_time(); }

  // The connection is gone, and whatever was on its way.
  void reset();
  // Another one is there.
  void connect() { deaf_ = false; }

  // Does to the line what `how` says. True: the connection is gone.
  bool cut(const Cut& cut, base::Instant now);
  // Loses or delays what comes next; true when `how` is one of the two.
  bool cut_next_in(const Cut& cut, base::Instant now);
  // Nothing comes or goes until it is connected anew.
  [[nodiscard]] bool deaf() const { return deaf_; }
  [[nodiscard]] devices::HangUp hang_up() { return std::exchange(hang_up_, devices::HangUp::no); }
  void break_off() { hang_up_ = devices::HangUp::reset; }

  void set_mute(bool mute) { mute_ = mute; }
  void set_garbage(bool garbage) { garbage_ = garbage; }
  [[nodiscard]] std::uint64_t hindered() const { return hindered_; }  // bytes, by these two

 private:
  void collect();

  std::unique_ptr<Link> link_;
  bool deaf_ = false;
  bool mute_ = false;
  bool garbage_ = false;
  std::uint64_t hindered_ = 0;
  base::Instant late_until_ = base::Instant::never();
  bool late_out_ = false;  // what it sends is held up, too
  base::Bytes late_in_;
  devices::HangUp hang_up_ = devices::HangUp::no;
  base::Bytes out_;
};

}  // namespace tillrig::terminal::zvt
