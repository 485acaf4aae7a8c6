#include "sim/net/faults/aim.hpp"

#include <algorithm>

namespace tillrig::net::flap {

namespace {

// Down first, then up, and so on from its start.
class Flap final : public LineFault {
 public:
  Flap(const words::Args& args, Instant started)
      : started_(started),
        down_(std::max(args.duration("down"), kShortest)),
        up_(std::max(args.duration("up"), kShortest)) {}

  [[nodiscard]] Obstacle connecting(Instant now) const override {
    return holds(now) ? Obstacle::unreachable : Obstacle::none;
  }
  [[nodiscard]] bool holds(Instant now) const override { return into(now) < down_; }
  [[nodiscard]] Instant next_change(Instant now) const override {
    const Duration at = into(now);
    return now + ((at < down_ ? down_ : down_ + up_) - at);
  }

 private:
  static constexpr Duration kShortest = std::chrono::milliseconds(1);

  [[nodiscard]] Duration into(Instant now) const { return (now - started_) % (down_ + up_); }

  Instant started_;
  Duration down_;
  Duration up_;
};

void start(words::Target& target, words::FaultId id, const words::Args& args) {
  auto& link = static_cast<Link&>(target);
  link.start(id, std::make_unique<Flap>(args, link.now()));
}

const words::Row<words::Fault> kRow{words::Fault{
    {.name = "wan.flap",
     .doc = "The line goes down and up in turn, down first; while down it is as wan.down.",
     .params = {{"up", words::Kind::duration, "how long it carries each time, 1ms at least", true},
                {"down", words::Kind::duration, "how long it is down each time, 1ms at least",
                 true}},
     .example = R"({ fault = "wan.flap", up = "40s", down = "6s" })"},
    words::Domain::wan,
    start,
    disarm,
    "the line stays up; bytes held in live connections are sent on in order"}};

}  // namespace

}  // namespace tillrig::net::flap
