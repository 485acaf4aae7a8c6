// Lines that carry, and badly.
#include "sim/net/faults/aim.hpp"

namespace tillrig::net::quality {

namespace {

class Latency final : public LineFault {
 public:
  Latency(const words::Args& args, Dice dice)
      : each_way_(args.duration("by") / 2),
        jitter_(args.duration("jitter") / 2),
        dice_(std::move(dice)) {}

  [[nodiscard]] Duration latency() const override { return each_way_; }
  bool carry(Way /*way*/, std::size_t bytes, Passage& passage) override {
    if (bytes == 0) return false;
    if (jitter_ > Duration{}) {
      const auto most = static_cast<std::uint64_t>(jitter_.count()) + 1;
      passage.latency += Duration{static_cast<std::int64_t>(dice_(most))};
    }
    return each_way_ > Duration{} || jitter_ > Duration{};
  }

 private:
  Duration each_way_;
  Duration jitter_;
  Dice dice_;
};

class Bandwidth final : public LineFault {
 public:
  explicit Bandwidth(const words::Args& args)
      : up_(static_cast<std::uint64_t>(args.number("up"))),
        down_(static_cast<std::uint64_t>(args.number("down", args.number("up")))) {}

  [[nodiscard]] std::uint64_t bytes_per_second(Way way) const override {
    return way == Way::up ? up_ : down_;
  }
  bool carry(Way way, std::size_t bytes, Passage& passage) override {
    return bytes > 0 && passage.bytes_per_second == bytes_per_second(way);
  }

 private:
  std::uint64_t up_;
  std::uint64_t down_;
};

class Loss final : public LineFault {
 public:
  Loss(const words::Args& args, Dice dice)
      : basis_points_(static_cast<std::uint64_t>(args.number("rate"))), dice_(std::move(dice)) {}

  // Packets of a segment that are lost are sent again together: the unluckiest one counts.
  bool carry(Way /*way*/, std::size_t bytes, Passage& passage) override {
    constexpr std::size_t kPacket = 1460;
    unsigned worst = 0;
    std::size_t left = bytes;
    do {
      worst = std::max(worst, losses());
      left -= std::min(left, kPacket);
    } while (left > 0);
    passage.resent += worst;
    return worst > 0;
  }

 private:
  // In a row, of one packet.
  unsigned losses() {
    constexpr std::uint64_t kAll = 10'000;
    constexpr unsigned kMost = 15;  // as Linux has it: tcp_retries2
    unsigned lost = 0;
    while (lost < kMost && dice_(kAll) < basis_points_) ++lost;
    return lost;
  }

  std::uint64_t basis_points_;
  Dice dice_;
};

constexpr std::string_view kHeals =
    "what leaves from then on; what is under way comes as late as it would have";
constexpr std::int64_t kMostLoss = 5'000;  // basis points: beyond that a line is as good as down

const auto kLatency = wan_fault_by_chance<Latency>(
    {.name = "wan.latency",
     .doc = "Everything takes longer over the line, half of it each way; of two that stand, both "
            "are added. On real sockets whole messages do, connects do not.",
     .params = {{"by", words::Kind::duration, "so much longer there and back", true},
                {"jitter",
                 words::Kind::duration,
                 "and up to so much more, by chance, with nothing overtaken",
                 false,
                 {},
                 "none"}},
     .example = R"({ fault = "wan.latency", by = "600ms", jitter = "200ms" })"},
    kHeals);

const auto kBandwidth = wan_fault<Bandwidth>(
    {.name = "wan.bandwidth",
     .doc = "The line lets through only so much, shared by all connections; of two that stand, and "
            "the line's own, the narrowest counts.",
     .params = {{"up", words::Kind::bandwidth, "to the cloud", true},
                {"down", words::Kind::bandwidth, "from the cloud", false, {}, "as up"}},
     .example = R"({ fault = "wan.bandwidth", up = "64kbit/s", down = "1Mbit/s" })"},
    kHeals);

const auto kLoss = wan_fault_by_chance<Loss>(
    {.name = "wan.loss",
     .doc = "So many of 100 packets are lost by chance and sent again, after 200 ms and a round "
            "trip, then twice that and so on; of two that stand, each loses its share, and the "
            "times add up. On real sockets whole messages wait so, connects do not.",
     .params = {{"rate", words::Kind::rate, "in percent, each way", true, {}, {}, kMostLoss}},
     .example = R"({ fault = "wan.loss", rate = "10" })"},
    kHeals);

}  // namespace

}  // namespace tillrig::net::quality
