#include "sim/net/faults/aim.hpp"

#include <string>

namespace tillrig::net::status {

namespace {

// A load balancer answers in the cloud's place.
template <int kStatus>
class Status final : public LineFault {
 public:
  explicit Status(const words::Args& args)
      : aim_(args), retry_after_(args.duration("retry_after")) {}

  bool judge(const base::HttpRequest& request, Verdict& verdict) override {
    if (!aim_.hits(request)) return false;
    base::HttpResponse answer = stranger(kStatus, "text/plain", base::http_reason(kStatus));
    if (retry_after_ > Duration{}) {
      const auto seconds = std::chrono::ceil<std::chrono::seconds>(retry_after_).count();
      answer.fields.add("Retry-After", std::to_string(seconds));
    }
    verdict.answer = std::move(answer);
    return true;
  }

 private:
  Aim aim_;
  Duration retry_after_;
};

constexpr words::Param kRetryAfter{
    "retry_after", words::Kind::duration,
    "sent as Retry-After in whole seconds, rounded up; none if left out"};
constexpr std::string_view kHeals = "the cloud answers again; nothing was held";

const auto k500 = wan_fault<Status<500>>(
    {.name = "cloud.500",
     .doc = "A load balancer answers 500 in plain text; the cloud never sees the request.",
     .params = {kPathParam, kCountParam},
     .example = R"({ fault = "cloud.500", count = 3 })"},
    kHeals, true);

const auto k503 = wan_fault<Status<503>>(
    {.name = "cloud.503",
     .doc = "A load balancer answers 503, with Retry-After if given; the cloud sees nothing.",
     .params = {kRetryAfter, kPathParam, kCountParam},
     .example = R"({ fault = "cloud.503", retry_after = "30s" })"},
    kHeals, true);

const auto k429 = wan_fault<Status<429>>(
    {.name = "cloud.429",
     .doc = "A load balancer answers 429, with Retry-After if given; the cloud sees nothing.",
     .params = {kRetryAfter, kPathParam, kCountParam},
     .example = R"({ fault = "cloud.429", retry_after = "2m", path = "/v1/sync/up" })"},
    kHeals, true);

}  // namespace

}  // namespace tillrig::net::status
