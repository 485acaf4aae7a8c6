#pragma once

#include "pos/lan/board.hpp"
#include "pos/lan/election.hpp"
#include "pos/lan/message.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tillrig::lan {

// What the till has to know of what came over the LAN.
struct OrdersChanged {};  // some of them
struct HubChanged {};     // or who is there
struct Refused {          // an order that was asked for
  std::string order;
  std::string why;
};
struct AttemptAsked {  // what became of it, by that till
  std::string attempt;
  std::string by;
};
struct AttemptTold {  // for this till, or for another one
  std::string attempt;
  std::string by;
  std::string body;
};
using News = std::variant<OrdersChanged, HubChanged, Refused, AttemptAsked, AttemptTold>;

struct MemberConfig {
  std::string self;
  bool wired = false;
  std::vector<std::string> peers;  // all other tills of the shop
  LanRules rules;
  base::Mutants mutants;
};

// One till on the LAN of its shop: hub or peer. Sans-I/O: it is fed what others said, and gives
// what is to be said to whom. All goes through the hub, that what one knows all know; where there
// is none, or it is not heard, a till tells whom it hears. Nothing that matters rests on who is
// hub: an order is another till's by its holder's word alone, which is kept before it is given.
class Member {
 public:
  // Makes durable what the board has to outlive the app with; before anybody is told of it.
  using Keep = std::function<Result<void>(const Board&)>;
  struct Out {
    std::string to;
    Message message;
  };

  Member(MemberConfig config, Board board, Keep keep);

  void begin(Instant now);
  void heard(const Said& said, Instant now);
  void lost(const std::string& peer, Instant now);
  void tick(Instant now);
  [[nodiscard]] Instant next(Instant now) const;

  std::vector<Out> take_out() { return std::exchange(out_, {}); }
  std::vector<News> take_news() { return std::exchange(news_, {}); }

  [[nodiscard]] const Board& board() const { return board_; }
  [[nodiscard]] const Election& election() const { return election_; }
  // Whether another till knows of the order as it is now.
  [[nodiscard]] bool shared(const OpenOrder& order) const;
  // The newest event of this till that another one knows of; nothing: none.
  [[nodiscard]] const std::optional<base::EventId>& noted() const { return noted_; }
  void made(std::string event) { newest_ = std::move(event); }

  // What the till itself does with its orders. What could not be kept did not happen. Errors: the
  // board's, the store's.
  Result<void> park(OpenOrder order, bool is_new);
  Result<void> pick_up(const std::string& id);
  Result<void> close(const std::string& id, OrderState how, std::int64_t now_ms);
  // Asks whoever holds it; News say what came of it. Errors: not_found (no open order),
  // needs_connection (its holder cannot be reached).
  Result<void> ask_for(const std::string& id);
  // True: somebody was asked.
  bool ask_attempt(const std::string& attempt);
  void tell_attempt(const std::string& attempt, const std::string& by, const std::string& body);

 private:
  void take(const std::string& from, const Beat& beat, Instant now);
  void take(const std::string& from, const Rows& rows, Instant now);
  void take(const std::string& from, const Take& take, Instant now);
  void take(const std::string& from, const Denied& denied, Instant now);
  void take(const std::string& from, const Ask& ask, Instant now);
  void take(const std::string& from, const Told& told, Instant now);
  Result<void> keep_or_go_back(const Board& before);
  void changed(const std::string& id, const std::string& but = {});
  void spread(const Rows& rows, const std::string& but = {});
  void send_all(const std::string& to);
  bool send(const std::string& to, Message message);
  void deny(const std::string& by, const std::string& order, std::string why);
  void beat_all(Instant now);
  void look_who_is_hub(const std::string& before);

  MemberConfig config_;
  Board board_;
  Keep keep_;
  Election election_;
  std::vector<Out> out_;
  std::vector<News> news_;
  Instant beat_at_ = Instant::never();
  std::map<std::string, std::uint64_t, std::less<>> shared_;  // orders, by their version
  std::string newest_;                                        // event that this till has made
  std::optional<base::EventId> noted_;
  std::map<std::string, std::string> newest_of_;  // the others
};

}  // namespace tillrig::lan
