#pragma once

#include "devices/terminal/payment.hpp"
#include "pos/base/names.hpp"
#include "pos/base/time.hpp"

#include <cstdint>
#include <string>

namespace tillrig::terminal {

// What a terminal wants of its acquirer.
enum class Errand {
  authorise,  // may this card be charged so much?
  advise,     // an approval given without the host: the acquirer takes it as it is
  reverse,    // what was authorised under this trace is given back
  settle,     // end of day: sums
};

constexpr auto names_of(Errand) {
  return base::named<Errand>({
      {Errand::authorise, "authorise"},
      {Errand::advise, "advise"},
      {Errand::reverse, "reverse"},
      {Errand::settle, "settle"},
  });
}

// One message from a terminal to its acquirer. Terminal id and trace name the transaction for
// ever: a repeat has the same, and the acquirer books it once.
struct HostRequest {
  std::uint64_t id = 0;  // of this message; its answer has the same
  Errand errand = Errand::authorise;
  std::string terminal_id;
  std::uint32_t trace = 0;  // of the transaction that it is about
  std::uint32_t receipt_number = 0;
  std::string reference;  // the till's, where its protocol has one
  std::string pan;        // masked
  std::string card_name;
  base::Money amount;  // settle: the sum of all
  std::string currency;
  std::uint32_t count = 1;  // settle: of how many
};

struct HostAnswer {
  std::uint64_t id = 0;
  // approved, approved_in_part (amount), declined (reason); to settle and reverse: done or failed.
  // unknown with no_host: the terminal's line to the host is down, and it was not sent.
  Verdict verdict = Verdict::unknown;
  Reason reason = Reason::none;
  base::Money amount;  // what is approved
  std::string authorisation_code;
  std::string currency;  // empty: as asked
};

// The terminal's way to its acquirer. Whoever stands behind it answers by CardMachine::answered(),
// at once, later or never.
class Host {
 public:
  virtual ~Host() = default;
  virtual void send(const HostRequest& request, base::Instant now) = 0;
};

}  // namespace tillrig::terminal
