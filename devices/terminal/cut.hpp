#pragma once

#include "pos/base/names.hpp"
#include "pos/base/time.hpp"

namespace tillrig::terminal {

// Where in a card payment something happens to the line, seen from the terminal. ZVT has all of
// them; a protocol of one request and one answer has the first two, `card_in`, `approved` and
// `outcome`.
enum class CutPoint {
  before_taken,  // a: the command has come and is not acknowledged
  after_taken,   // b: it has been acknowledged
  card_in,       // c: the card is in, the host has not been asked
  approved,      // d: the host has approved, the till has not been told
  outcome,       // e: the outcome (04 0F), on its way
  outcome_ack,   // f: the till's acknowledgement of it
  printing,      // g: the receipt is being printed at the till
  before_end,    // h: all is told but the end
  end,           // i: the end (06 0F), on its way
  end_ack,       // j: the till's acknowledgement of the end
};

constexpr auto names_of(CutPoint) {
  return base::named<CutPoint>({
      {CutPoint::before_taken, "before_taken"},
      {CutPoint::after_taken, "after_taken"},
      {CutPoint::card_in, "card_in"},
      {CutPoint::approved, "approved"},
      {CutPoint::outcome, "outcome"},
      {CutPoint::outcome_ack, "outcome_ack"},
      {CutPoint::printing, "printing"},
      {CutPoint::before_end, "before_end"},
      {CutPoint::end, "end"},
      {CutPoint::end_ack, "end_ack"},
  });
}

enum class CutHow {
  reset,   // the connection breaks
  close,   // it ends in an orderly way
  silent,  // nothing comes through any more, until it is connected anew
  lose,    // this one message is lost (at a point between messages: the terminal's next one)
  twice,   // this one message comes twice
  late,    // nothing comes through for a while; then all of it does
};

constexpr auto names_of(CutHow) {
  return base::named<CutHow>({
      {CutHow::reset, "reset"},
      {CutHow::close, "close"},
      {CutHow::silent, "silent"},
      {CutHow::lose, "lose"},
      {CutHow::twice, "twice"},
      {CutHow::late, "late"},
  });
}

// Happens once, to the next payment that comes to its point.
struct Cut {
  CutPoint point = CutPoint::outcome;
  CutHow how = CutHow::reset;
  base::Duration late_by = std::chrono::seconds(10);
};

}  // namespace tillrig::terminal
