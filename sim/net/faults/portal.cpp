#include "sim/net/faults/aim.hpp"

namespace tillrig::net::portal {

namespace {

constexpr std::string_view kPage =
    "<!DOCTYPE html>\n<html><head><title>Guest Wi-Fi</title></head>\n<body><h1>Welcome</h1>"
    "<form method=\"post\" action=\"/login\"><input name=\"code\"><button>Go online</button>"
    "</form></body></html>\n";

class Portal final : public LineFault {
 public:
  explicit Portal(const words::Args& args) : aim_(args) {}

  bool judge(const base::HttpRequest& request, Verdict& verdict) override {
    if (!aim_.hits(request)) return false;
    verdict.answer = stranger(200, "text/html; charset=utf-8", kPage);
    return true;
  }

 private:
  Aim aim_;
};

const auto kRow =
    wan_fault<Portal>({.name = "wan.portal",
                       .doc = "A captive portal answers every request with 200 and its login page.",
                       .params = {kPathParam, kCountParam},
                       .example = R"({ fault = "wan.portal" })"},
                      "requests reach the cloud again; nothing was held", true);

}  // namespace

}  // namespace tillrig::net::portal
