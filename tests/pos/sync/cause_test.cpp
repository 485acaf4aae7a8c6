#include "pos/sync/cause.hpp"

#include "pos/wire/api.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace tillrig::sync {
namespace {

using base::Code;

base::Result<base::HttpResponse> failed(Code code) {
  return base::fail(code, "it failed");
}

base::Result<base::HttpResponse> answered(int status, std::string_view type,
                                          std::string_view retry_after = {}) {
  base::HttpResponse response;
  response.status = status;
  if (!type.empty()) response.fields.add("Content-Type", type);
  if (!retry_after.empty()) response.fields.add("Retry-After", retry_after);
  return response;
}

TEST(Cause, EachFailureOfTheLineIsItsOwn) {
  const std::vector<std::pair<Code, Cause>> expected = {
      {Code::unreachable, Cause::link}, {Code::dns, Cause::dns},
      {Code::refused, Cause::refused},  {Code::timeout, Cause::slow},
      {Code::tls, Cause::tls},          {Code::reset, Cause::reset},
      {Code::protocol, Cause::garbled}, {Code::closed, Cause::garbled},
  };
  for (const auto& [code, cause] : expected) {
    EXPECT_EQ(cause_of(failed(code)), cause) << base::name(code);
  }
}

TEST(Cause, AStatusOfTheCloudIsNotAFailureOfTheLine) {
  for (const int status : {200, 400, 404, 409, 413}) {
    EXPECT_EQ(cause_of(answered(status, wire::kContentType)), Cause::none) << status;
  }
  EXPECT_EQ(cause_of(answered(401, wire::kContentType)), Cause::login);
}

TEST(Cause, WhoeverAnswersWithoutOurContentTypeIsNotTheCloud) {
  for (const int status : {200, 302, 401, 404, 511}) {
    EXPECT_EQ(cause_of(answered(status, "text/html")), Cause::portal) << status;
    EXPECT_EQ(cause_of(answered(status, "")), Cause::portal) << status;
  }
  EXPECT_EQ(cause_of(answered(511, wire::kContentType)), Cause::portal);
}

TEST(Cause, AServerFaultIsToldFromTheInternetAndFromBusy) {
  for (const int status : {500, 502, 503, 504}) {
    EXPECT_EQ(cause_of(answered(status, "text/plain")), Cause::server) << status;
    EXPECT_EQ(cause_of(answered(status, wire::kContentType)), Cause::server) << status;
  }
  EXPECT_EQ(cause_of(answered(429, "text/plain")), Cause::busy);
  EXPECT_EQ(cause_of(answered(429, wire::kContentType, "7")), Cause::busy);
  EXPECT_EQ(cause_of(answered(503, "text/plain", "7")), Cause::busy);
}

TEST(Cause, TheCashierReadsADifferentSentenceForEach) {
  std::set<std::string_view> names;
  std::set<std::string_view> sentences;
  const int last = static_cast<int>(Cause::login);
  for (int i = 0; i <= last; ++i) {
    const auto cause = static_cast<Cause>(i);
    names.insert(name(cause));
    sentences.insert(sentence(cause));
    EXPECT_FALSE(sentence(cause).empty());
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(last) + 1);
  EXPECT_EQ(sentences.size(), static_cast<std::size_t>(last) + 1);
}

}  // namespace
}  // namespace tillrig::sync
