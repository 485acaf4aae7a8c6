#include "sim/net/faults/aim.hpp"

namespace tillrig::net::damage {

namespace {

class Damage final : public LineFault {
 public:
  Damage(const words::Args& args, Dice dice)
      : aim_(args), up_(args.text("way") == "up"), dice_(std::move(dice)) {}

  bool judge(const base::HttpRequest& request, Verdict& verdict) override {
    if (up_ && request.body.empty()) return false;
    if (!aim_.hits(request)) return false;
    constexpr std::uint64_t kAnyBit =
        1'000'000'007;  // far above a body's bits, so all are as likely
    (up_ ? verdict.flip_up : verdict.flip_down) = dice_(kAnyBit);
    return true;
  }

 private:
  Aim aim_;
  bool up_;
  Dice dice_;
};

const auto kRow = wan_fault_by_chance<Damage>(
    {.name = "wan.damage",
     .doc = "A bit of the body, drawn by chance, is flipped on its way; its length is right.",
     .params = {{"way", words::Kind::text, "of requests, or of answers", true, "up down"},
                kPathParam,
                kCountParam},
     .example = R"({ fault = "wan.damage", way = "up", path = "/v1/sync/up", count = 1 })"},
    "bodies are sound again; nothing was held");

}  // namespace

}  // namespace tillrig::net::damage
