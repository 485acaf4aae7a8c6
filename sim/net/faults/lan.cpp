// The lines between the tills of a shop.
#include "sim/net/lan_switch.hpp"
#include "sim/words/args.hpp"

#include <algorithm>

namespace tillrig::net::lan {
namespace {

// Nothing gets through, both ways.
class Cut final : public LineFault {
 public:
  [[nodiscard]] Obstacle connecting(Instant /*now*/) const override {
    return Obstacle::unreachable;
  }
  [[nodiscard]] bool holds(Instant /*now*/) const override { return true; }
};

class Slow final : public LineFault {
 public:
  explicit Slow(Duration each_way) : each_way_(each_way) {}

  [[nodiscard]] Duration latency() const override { return each_way_; }
  bool carry(Way /*way*/, std::size_t bytes, Passage& /*passage*/) override { return bytes > 0; }

 private:
  Duration each_way_;
};

void start_down(words::Target& target, words::FaultId id, const words::Args& /*args*/) {
  auto& port = static_cast<LanPort&>(target);
  port.start(
      id, [] { return std::make_unique<Cut>(); }, port.others());
}

void start_slow(words::Target& target, words::FaultId id, const words::Args& args) {
  auto& port = static_cast<LanPort&>(target);
  const Duration each_way = args.duration("by") / 2;
  port.start(
      id, [each_way] { return std::make_unique<Slow>(each_way); }, port.others());
}

void start_split(words::Target& target, words::FaultId id, const words::Args& args) {
  auto& port = static_cast<LanPort&>(target);
  const std::vector<std::string> side = args.words("side");
  const auto here = [&](const std::string& till) {
    return std::find(side.begin(), side.end(), till) != side.end();
  };
  std::vector<std::string> across = port.others();
  std::erase_if(across, [&](const std::string& other) { return here(other) == here(port.till()); });
  port.start(
      id, [] { return std::make_unique<Cut>(); }, across);
}

void heal(words::Target& target, words::FaultId id) {
  static_cast<LanPort&>(target).heal(id);
}

constexpr std::string_view kDelivers =
    "bytes held in live connections are sent on in order, unless an end has closed meanwhile";

words::Row<words::Fault> row(words::Word word,
                             void (*start)(words::Target&, words::FaultId, const words::Args&),
                             std::string_view heals) {
  return words::Row<words::Fault>(
      words::Fault{std::move(word), words::Domain::lan, start, heal, heals});
}

const auto kDown = row(
    {.name = "lan.down",
     .doc = "A till's cable to the other tills of its shop is out: it neither hears them nor is "
            "heard. Its line to the cloud is another one.",
     .params = {},
     .example = R"({ fault = "lan.down", till = "till-2" })"},
    start_down, kDelivers);
const auto kSplit =
    row({.name = "lan.split",
         .doc = "The LAN of the shop falls apart in two: these tills hear each other, and all "
                "others each other.",
         .params = {{"side", words::Kind::tills, "the tills of one side", true}},
         .example = R"({ fault = "lan.split", side = ["till-1", "till-2"] })"},
        start_split, kDelivers);
const auto kSlow =
    row({.name = "lan.slow",
         .doc = "What a till and the others of its shop say to each other takes "
                "longer, half of it each way.",
         .params = {{"by", words::Kind::duration, "there and back", true}},
         .example = R"({ fault = "lan.slow", till = "till-2", by = "800ms" })"},
        start_slow, "what leaves from then on; what is under way comes as late as it would have");

}  // namespace
}  // namespace tillrig::net::lan
