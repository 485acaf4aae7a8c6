// Somebody between till and cloud answers with a status, and the cloud sees nothing.
#include "sim/net/faults/aim.hpp"

#include <string>

namespace tillrig::net::status {

namespace {

constexpr std::string_view kPage = "text/html; charset=utf-8";
constexpr std::string_view kText = "text/plain";

struct Answer {
  std::string_view fault;
  int status = 0;
  std::string_view doc;
  std::string_view example;
  std::string_view type;
  std::string_view body = {};  // empty: the status in words
  std::string_view field = {};
  std::string_view value = {};
  bool asks_to_wait = false;  // with Retry-After, if told
};

constexpr Answer kAnswers[] = {
    {"cloud.302", 302,
     "A captive portal sends everybody to its login page with a 302; the cloud sees nothing.",
     R"({ fault = "cloud.302" })", kPage,
     "<html><body>Please <a href=\"/login\">log in</a>.</body>", "Location",
     "http://portal.example/login"},
    {"cloud.401",
     401,
     "A gateway asks for a login of its own with a 401; the cloud sees nothing.",
     R"({ fault = "cloud.401", path = "/v1/sync/up" })",
     kPage,
     {},
     "WWW-Authenticate",
     "Basic realm=\"gateway\""},
    {"cloud.403", 403, "A filter forbids the address with a 403; the cloud sees nothing.",
     R"({ fault = "cloud.403" })", kPage},
    {"cloud.404", 404,
     "A web server that knows nothing of the cloud answers 404; the cloud sees nothing.",
     R"({ fault = "cloud.404", count = 2 })", kPage},
    {"cloud.407",
     407,
     "A proxy asks for a login with a 407; the cloud sees nothing.",
     R"({ fault = "cloud.407" })",
     kPage,
     {},
     "Proxy-Authenticate",
     "Basic realm=\"proxy\""},
    {"cloud.429",
     429,
     "A load balancer answers 429, with Retry-After if given; the cloud sees nothing.",
     R"({ fault = "cloud.429", retry_after = "2m", path = "/v1/sync/up" })",
     kText,
     {},
     {},
     {},
     true},
    {"cloud.500", 500,
     "A load balancer answers 500 in plain text; the cloud never sees the request.",
     R"({ fault = "cloud.500", count = 3 })", kText},
    {"cloud.503",
     503,
     "A load balancer answers 503, with Retry-After if given; the cloud sees nothing.",
     R"({ fault = "cloud.503", retry_after = "30s" })",
     kText,
     {},
     {},
     {},
     true},
    {"cloud.511", 511,
     "A captive portal says with a 511 that one must log in to the network; the cloud sees "
     "nothing.",
     R"({ fault = "cloud.511" })", kPage},
};

class Status final : public LineFault {
 public:
  Status(const Answer& answer, const words::Args& args)
      : answer_(answer), aim_(args), retry_after_(args.duration("retry_after")) {}

  bool judge(const base::HttpRequest& request, Verdict& verdict) override {
    if (!aim_.hits(request)) return false;
    const std::string_view body =
        answer_.body.empty() ? base::http_reason(answer_.status) : answer_.body;
    base::HttpResponse answer = stranger(answer_.status, answer_.type, body);
    if (!answer_.field.empty()) answer.fields.add(answer_.field, answer_.value);
    if (retry_after_ > Duration{}) {
      const auto seconds = std::chrono::ceil<std::chrono::seconds>(retry_after_).count();
      answer.fields.add("Retry-After", std::to_string(seconds));
    }
    verdict.answer = std::move(answer);
    return true;
  }

 private:
  const Answer& answer_;
  Aim aim_;
  Duration retry_after_;
};

constexpr words::Param kRetryAfter{
    "retry_after", words::Kind::duration,
    "sent as Retry-After in whole seconds, rounded up; none if left out"};

bool fill_table() {
  for (const Answer& answer : kAnswers) {
    words::Fault row;
    row.name = answer.fault;
    row.doc = answer.doc;
    if (answer.asks_to_wait) row.params.push_back(kRetryAfter);
    row.params.push_back(kPathParam);
    row.params.push_back(kCountParam);
    row.example = answer.example;
    row.start = [&answer](words::Target& target, words::FaultId id, const words::Args& args) {
      static_cast<Link&>(target).start(id, std::make_unique<Status>(answer, args));
    };
    row.heal = disarm;
    row.heals = "the cloud answers again; nothing was held";
    row.cuts_off = true;
    words::Table<words::Fault>::add(std::move(row));
  }
  return true;
}

const bool kFilled = fill_table();

}  // namespace

}  // namespace tillrig::net::status
