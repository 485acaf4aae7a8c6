#include "sim/net/faults/aim.hpp"

namespace tillrig::net::answer {

namespace {

class Slow final : public LineFault {
 public:
  explicit Slow(const words::Args& args) : aim_(args), by_(args.duration("by")) {}

  bool judge(const base::HttpRequest& request, Verdict& verdict) override {
    if (!aim_.hits(request)) return false;
    verdict.slow += by_;
    return true;
  }

 private:
  Aim aim_;
  Duration by_;
};

// One switch of the verdict.
template <bool Verdict::*kSwitch>
class Spoilt final : public LineFault {
 public:
  explicit Spoilt(const words::Args& args) : aim_(args) {}

  bool judge(const base::HttpRequest& request, Verdict& verdict) override {
    if (!aim_.hits(request)) return false;
    verdict.*kSwitch = true;
    return true;
  }

 private:
  Aim aim_;
};

const auto kSlow = wan_fault<Slow>(
    {.name = "cloud.slow",
     .doc = "The cloud does what it is asked at once, but its answers come so much later.",
     .params = {{"by", words::Kind::duration, "how much later", true}, kPathParam, kCountParam},
     .example = R"({ fault = "cloud.slow", by = "8s" })"},
    "later requests are answered at once; answers under way keep their delay");

const auto kTruncate = wan_fault<Spoilt<&Verdict::truncate>>(
    {.name = "cloud.truncate",
     .doc = "The cloud's answer breaks off in the middle of its body and the connection ends.",
     .params = {kPathParam, kCountParam},
     .example = R"({ fault = "cloud.truncate", count = 1 })"},
    "answers are whole again; nothing was held", true);

const auto kGarble = wan_fault<Spoilt<&Verdict::garble>>(
    {.name = "cloud.garble",
     .doc = "The cloud's answer arrives damaged: its length is right, its JSON is not JSON.",
     .params = {kPathParam, kCountParam},
     .example = R"({ fault = "cloud.garble", path = "/v1/sync/up" })"},
    "answers are sound again; nothing was held", true);

}  // namespace

}  // namespace tillrig::net::answer
