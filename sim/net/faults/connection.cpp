#include "sim/net/faults/aim.hpp"

namespace tillrig::net::connection {

namespace {

// Faults of the line that stay as they are until healed: what a connect meets, whether live
// connections stand still, whether they are reset when it starts.
template <Obstacle kObstacle, bool kHolds, bool kCuts>
class Standing final : public LineFault {
 public:
  explicit Standing(const words::Args& /*args*/) {}

  [[nodiscard]] Obstacle connecting(Instant /*now*/) const override { return kObstacle; }
  [[nodiscard]] bool holds(Instant /*now*/) const override { return kHolds; }
  [[nodiscard]] bool cuts_live() const override { return kCuts; }
};

constexpr std::string_view kDelivers =
    "bytes held in live connections are sent on in order, unless an end has closed meanwhile";
constexpr std::string_view kConnects = "new connections succeed; nothing was held";

const auto kDown = wan_fault<Standing<Obstacle::unreachable, true, false>>(
    {.name = "wan.down",
     .doc = "The line is down: connects fail at once (unreachable), live connections stand still.",
     .params = {},
     .example = R"({ fault = "wan.down" })"},
    kDelivers, true);

const auto kBlackhole = wan_fault<Standing<Obstacle::silence, true, false>>(
    {.name = "wan.blackhole",
     .doc = "The line swallows everything: connects and live connections hear nothing until their "
            "deadline.",
     .params = {},
     .example = R"({ fault = "wan.blackhole" })"},
    kDelivers, true);

const auto kRefuse = wan_fault<Standing<Obstacle::refused, false, true>>(
    {.name = "wan.refuse",
     .doc = "The cloud's address refuses connections after a round trip; live ones are reset.",
     .params = {},
     .example = R"({ fault = "wan.refuse" })"},
    kConnects, true);

const auto kReset = wan_fault<Standing<Obstacle::reset, false, true>>(
    {.name = "wan.reset",
     .doc = "Connections are reset: new ones after a round trip, live ones when it starts.",
     .params = {},
     .example = R"({ fault = "wan.reset" })"},
    kConnects, true);

const auto kDns = wan_fault<Standing<Obstacle::dns, false, true>>(
    {.name = "wan.dns",
     .doc = "The cloud's name does not resolve; live connections are reset, so that it is met.",
     .params = {},
     .example = R"({ fault = "wan.dns" })"},
    kConnects, true);

const auto kTls = wan_fault<Standing<Obstacle::tls, false, true>>(
    {.name = "wan.tls",
     .doc = "The secure handshake fails after two round trips; live connections are reset, so that "
            "it is met.",
     .params = {},
     .example = R"({ fault = "wan.tls" })"},
    kConnects, true);

}  // namespace

}  // namespace tillrig::net::connection
