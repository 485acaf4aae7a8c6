#pragma once

#include "pos/base/time.hpp"

#include <cstddef>

namespace tillrig::sync {

using base::Duration;

// How long to wait for an answer of one kind, learnt from the answers that came: their smoothed
// time, four times its spread, and what a body takes at the rate seen (RFC 6298, 2). A slow line is
// not a broken line. Sans-I/O.
class Patience {
 public:
  // Never shorter than `least`, never longer than `most`; at most twice `least` as long as answers
  // take less than that, so that a line which is really gone is noticed soon.
  Patience(Duration least, Duration most) : least_(least), most_(most) {}

  // For a question with a body of so many bytes, and one round trip more where a connection has to
  // be made first.
  enum class Line { made, to_make };
  [[nodiscard]] Duration now(std::size_t bytes = 0, Line line = Line::made) const;
  // An answer took so long, and its question had so many bytes.
  void answered(Duration took, std::size_t bytes = 0);
  // None came within `waited`: twice as long until one does (RFC 6298, 5.5). Questions that were
  // asked together and run out together count once.
  void ran_out(Duration waited, std::size_t bytes = 0);

  // The smoothed time; zero before the first answer.
  [[nodiscard]] Duration smoothed() const { return smoothed_; }

 private:
  Duration least_;
  Duration most_;
  Duration smoothed_{};
  Duration spread_{};
  Duration per_kibibyte_{};  // of large bodies, the slowest of late
  int doublings_ = 0;
};

}  // namespace tillrig::sync
