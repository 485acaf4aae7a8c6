#include "sim/net/faults/aim.hpp"

namespace tillrig::net::again {

namespace {

class RequestLate final : public LineFault {
 public:
  explicit RequestLate(const words::Args& args)
      : aim_(args, kUploadPath), by_(args.duration("by")) {}

  bool judge(const base::HttpRequest& request, Verdict& verdict) override {
    if (!aim_.hits(request)) return false;
    verdict.late = by_;
    return true;
  }

 private:
  Aim aim_;
  Duration by_;
};

class Duplicate final : public LineFault {
 public:
  explicit Duplicate(const words::Args& args) : aim_(args, kUploadPath) {}

  bool judge(const base::HttpRequest& request, Verdict& verdict) override {
    if (!aim_.hits(request)) return false;
    verdict.twice = true;
    return true;
  }

 private:
  Aim aim_;
};

const auto kRequestLate = wan_fault<RequestLate>(
    {.name = "cloud.request_late",
     .doc = "The request is stuck on its way and reaches the cloud later, when the till has given "
            "up and tried again; its answer goes nowhere.",
     .params = {{"by", words::Kind::duration, "how much later", true},
                kUploadPathParam,
                kCountParam},
     .example = R"({ fault = "cloud.request_late", by = "90s", count = 1 })"},
    "later requests pass; those stuck still arrive at their time");

const auto kDuplicate = wan_fault<Duplicate>(
    {.name = "cloud.duplicate",
     .doc = "The request reaches the cloud twice at the same time; the till gets one answer.",
     .params = {kUploadPathParam, kCountParam},
     .example = R"({ fault = "cloud.duplicate" })"},
    "later requests reach the cloud once");

}  // namespace

}  // namespace tillrig::net::again
