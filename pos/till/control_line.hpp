#pragma once

#include "pos/till/till.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace tillrig::till {

// A till behind its control line: lines of JSON in both directions, one object a line (README.md).
//   in   {"id":9,"do":"tender","kind":"cash","amount":1000}
//   out  {"id":9,"ok":{...}} or {"id":9,"no":{"code":"not_allowed","text":"..."}}
//   out  {"ev":"shown","kind":"completed",...}   what the cashier sees
// Commands run beside each other, so answers come in the order in which they are ready, each with
// the id of its question, if that had one. Knows nothing of what carries the lines.
class ControlLine final : private Screen {
 public:
  static constexpr std::size_t kLongestLine = 1024 * 1024;  // bytes, without its end

  // Takes one line without its end; called in order, also from within take() and feed(), which it
  // must not call.
  using Out = std::function<void(std::string_view line)>;

  ControlLine(ports::Ports ports, Config config, Out out);

  // As Till::start().
  base::Awaitable<Result<void>> start();

  // Bytes as they come: whole lines are taken, the rest is kept. A line that is too long is
  // answered with a refusal and passed over.
  void feed(std::string_view bytes);
  // One line without its end. What cannot be read is answered with a refusal.
  void take(std::string_view line);

  // Closes the till as the command does, when what is under way is over (or three seconds have
  // passed). Errors are the store's.
  base::Awaitable<Result<void>> close();
  [[nodiscard]] bool closed() const { return till_.closed(); }
  // Told once, after the answer to the command that closed the till.
  std::function<void()> on_closed;

 private:
  using Id = std::optional<std::int64_t>;

  void show(const Shown& shown) override;
  base::Awaitable<void> carry_out(Id id, Command command);
  void answer(Id id, const Result<Answer>& answer);
  void refuse(Id id, const base::Error& error);

  ports::Ports ports_;
  Out out_;
  Till till_;
  std::string unread_;
  bool passing_over_ = false;  // the rest of a line that was too long
  int under_way_ = 0;
  std::unique_ptr<ports::Alarm> ended_;  // rung when a command is over
};

}  // namespace tillrig::till
