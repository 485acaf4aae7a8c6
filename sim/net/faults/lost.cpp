#include "sim/net/faults/aim.hpp"

namespace tillrig::net::lost {

namespace {

class ResponseLost final : public LineFault {
 public:
  explicit ResponseLost(const words::Args& args)
      : aim_(args, kUploadPath), hang_(args.number("hang") != 0) {}

  bool judge(const base::HttpRequest& request, Verdict& verdict) override {
    if (!aim_.hits(request)) return false;
    verdict.lose_answer = true;
    verdict.hang = verdict.hang || hang_;
    return true;
  }

 private:
  Aim aim_;
  bool hang_;
};

class RequestLost final : public LineFault {
 public:
  explicit RequestLost(const words::Args& args) : aim_(args, kUploadPath) {}

  bool judge(const base::HttpRequest& request, Verdict& verdict) override {
    if (!aim_.hits(request)) return false;
    verdict.lose_request = true;
    return true;
  }

 private:
  Aim aim_;
};

const auto kResponseLost = wan_fault<ResponseLost>(
    {.name = "cloud.response_lost",
     .doc = "The cloud commits and answers, but the answer never arrives: the till sees the "
            "connection end, or nothing until its deadline.",
     .params = {kUploadPathParam,
                kCountParam,
                {"hang", words::Kind::flag,
                 "true: the connection stays open and silent; false (default): it ends"}},
     .example = R"({ fault = "cloud.response_lost", count = 2 })"},
    "later answers arrive; lost ones stay lost", true);

const auto kRequestLost = wan_fault<RequestLost>(
    {.name = "cloud.request_lost",
     .doc = "The request vanishes on its way: the cloud gets nothing, the till hears nothing until "
            "its deadline.",
     .params = {kUploadPathParam, kCountParam},
     .example = R"({ fault = "cloud.request_lost", count = 1 })"},
    "later requests arrive; lost ones stay lost", true);

}  // namespace

}  // namespace tillrig::net::lost
