#pragma once

#include "devices/terminal/machine.hpp"
#include "devices/terminal/nexo/line.hpp"
#include "devices/terminal/nexo/message.hpp"
#include "devices/terminal/nexo/seal.hpp"
#include "devices/terminal/protocol.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tillrig::terminal::nexo {

struct TerminalOptions {
  std::string poi_id = "P400Plus-52500006";
  // Messages come and go sealed with it, and no others; nothing: none do.
  std::optional<Key> key;
};

// The terminal's side of the nexo protocol as Adyen's terminals speak it: JSON in HTTP requests to
// /nexo, each answered when its work is done, on any number of connections. In front of a card
// machine, which outlives it.
//
// The protocol has no acknowledgement: an answer that was written to a connection that stands
// counts as heard.
class NexoTerminal final : public Protocol, public devices::ManyLines {
 public:
  NexoTerminal(TerminalOptions options, CardMachine& machine);

  // Its only connection, as Protocol has it: that of the number 0.
  void line_up(base::Instant now) override { line_up(0, now); }
  void line_down(base::Instant now) override { line_down(0, now); }
  [[nodiscard]] base::Bytes feed(base::ByteView bytes, base::Instant now) override;
  [[nodiscard]] base::Bytes poll(base::Instant now) override;
  [[nodiscard]] base::Instant poll_at() const override;
  [[nodiscard]] base::Bytes look(base::Instant now) override;
  [[nodiscard]] devices::HangUp hang_up() override;
  void power_cut(base::Instant now) override;

  devices::ManyLines* many_lines() override { return this; }
  void line_up(int line, base::Instant now) override;
  void line_down(int line, base::Instant now) override;
  void feed(int line, base::ByteView bytes, base::Instant now) override;
  [[nodiscard]] std::vector<devices::Said> take_said() override;

  void arm(Cut cut) override { armed_ = cut; }
  void disarm() override { armed_.reset(); }
  [[nodiscard]] bool armed() const override { return armed_.has_value(); }
  [[nodiscard]] std::uint64_t cuts() const override { return cuts_; }
  [[nodiscard]] bool has(CutPoint point) const override;

  void watch(std::function<void(std::string line)> watcher) override {
    watcher_ = std::move(watcher);
  }
  void set_mute(bool mute) override { mute_ = mute; }
  void set_garbage(bool garbage) override { garbage_ = garbage; }
  [[nodiscard]] std::uint64_t hindered() const override { return hindered_; }
  [[nodiscard]] std::uint64_t not_understood() const override { return not_understood_; }
  // Which of its days the terminal is in.
  [[nodiscard]] std::string reconciliation() const;

 private:
  // Where the answer to a message goes.
  struct Asker {
    int line = 0;
    std::uint64_t request = 0;
    Header header;
  };
  // A command that waits until the last card has been taken out.
  struct Held {
    Asker asker;
    Message message;
  };

  void hear(int line, Line::Request request, base::Instant now);
  void obey(const Asker& asker, const Message& message, base::Instant now);
  void obey_held(base::Instant now);
  void obey_payment(const Asker& asker, const Message& message, base::Instant now);
  void obey_status(const Asker& asker, const Message& message, base::Instant now);
  void obey_abort(const Asker& asker, const Message& message, base::Instant now);
  void obey_reversal(const Asker& asker, const Message& message, base::Instant now);
  void obey_reconciliation(const Asker& asker, base::Instant now);
  void obey_diagnosis(const Asker& asker);
  void show(const Asker& asker, const Message& message);
  void answer(const Asker& asker, Message message);
  void answer_with(const Asker& asker, Response response);
  void reject(const Asker& asker, std::string_view why);
  void refuse(int line, std::uint64_t request, int status, std::string_view why);
  void say(std::string_view arrow, std::string_view text) const;

  void take_machine(base::Instant now);
  void tell(const Shown& shown, base::Instant now);
  void tell(const Ended& ended, base::Instant now);
  void tell(const Finished& finished, base::Instant now);
  void tell(const Settled& settled, base::Instant now);
  Message payment_answer(const Header& header, const Transaction& transaction) const;
  [[nodiscard]] const Transaction* find(std::string_view sale_id,
                                        std::string_view service_id) const;

  // True: the connection of the payment is gone, and whatever was to be done now is not.
  bool cuts_here(CutPoint point, base::Instant now);
  void lose(int line, base::Instant now);
  Line* line_of(int line);
  base::Bytes give(Line& line);

  TerminalOptions options_;
  CardMachine& machine_;
  std::unique_ptr<Seal> seal_;
  std::map<int, Line> lines_;
  base::Instant now_;               // as last told
  std::optional<Asker> paying_;     // the till is to be told what its payment came to
  std::optional<Asker> reversing_;  // and so on
  std::optional<Asker> settling_;
  std::vector<Held> held_;
  std::uint64_t days_ = 1;
  std::optional<Cut> armed_;
  std::uint64_t cuts_ = 0;
  bool mute_ = false;
  bool garbage_ = false;
  std::uint64_t hindered_ = 0;
  std::uint64_t not_understood_ = 0;
  std::function<void(std::string line)> watcher_;
};

}  // namespace tillrig::terminal::nexo
