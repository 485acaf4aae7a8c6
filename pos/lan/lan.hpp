#pragma once

#include "pos/lan/member.hpp"
#include "pos/ports/ports.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::lan {

// How a till stands on the LAN of its shop.
struct LanConfig {
  std::string shop;        // whoever says another name is not listened to
  ports::Endpoint listen;  // port 0: it is on no LAN
  std::map<std::string, ports::Endpoint, std::less<>> peers;  // the other tills
  bool wired = false;
  LanRules rules;
};

// Carries what a Member says and hears: one connection to each other till, which only we write to,
// and those of the others, which we only read. Decides nothing. Everything referred to outlives it.
class Lan {
 public:
  struct Listener {
    std::function<void(const News&)> news;
    // After anything that was said or done; what was kept is on the disk before it is sent.
    std::function<std::string()> newest;  // the event that the till made last; empty: none
  };

  Lan(const ports::Ports& ports, LanConfig config, std::string self, base::Mutants mutants,
      Board board, Member::Keep keep, Listener listener);
  ~Lan();
  Lan(const Lan&) = delete;
  Lan& operator=(const Lan&) = delete;

  // Listens, and connects to the others, both again and again: no trouble there stops a till. One
  // on no LAN does nothing.
  void start();
  void stop();
  [[nodiscard]] bool on() const { return config_.listen.port != 0 && !config_.peers.empty(); }

  [[nodiscard]] Member& member() { return member_; }
  // What the member has to say after something was done with it goes out.
  void kick();

 private:
  struct Line;
  base::Awaitable<void> open_door();
  base::Awaitable<void> accept();
  base::Awaitable<void> read(std::shared_ptr<base::ByteChannel> channel);
  base::Awaitable<void> keep_line(std::shared_ptr<Line> line);
  base::Awaitable<void> watch();
  bool take(std::string_view line);
  void hand_on();
  void put_in_lines();
  void drop_dead_lines();

  const ports::Ports& ports_;
  LanConfig config_;
  std::string self_;
  Member member_;
  Listener listener_;
  std::unique_ptr<ports::Listener> door_;
  std::map<std::string, std::shared_ptr<Line>, std::less<>> lines_;
  std::unique_ptr<ports::Alarm> work_;
  bool stopped_ = false;
};

}  // namespace tillrig::lan
