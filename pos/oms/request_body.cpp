#include "pos/oms/request_body.hpp"

#include "pos/wire/api.hpp"

#include <algorithm>

namespace tillrig::oms {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_but_for_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

// "Application/JSON ; charset=utf-8" -> "Application/JSON"
std::string_view media_type(std::string_view field) {
  field = field.substr(0, field.find(';'));
  while (field.ends_with(' ')) field.remove_suffix(1);
  return field;
}

tl::unexpected<BodyProblem> refuse(int status, std::string code, std::string what) {
  return tl::unexpected(BodyProblem{status, std::move(code), std::move(what)});
}

}  // namespace

tl::expected<base::Bytes, BodyProblem> read_body(const base::HttpRequest& request) {
  const std::string_view type = media_type(request.fields.get("Content-Type"));
  if (!same_but_for_case(type, wire::kContentType)) {
    return refuse(415, "bad_content_type",
                  fmt::format("the content type is '{}'; expected {}", type.substr(0, 64),
                              wire::kContentType));
  }
  if (request.body.size() > wire::kBodyLimit) {
    return refuse(413, "too_large",
                  fmt::format("the body has {} bytes; at most {} are taken", request.body.size(),
                              wire::kBodyLimit));
  }
  const std::string_view encoding = request.fields.get("Content-Encoding");
  if (encoding.empty() || same_but_for_case(encoding, "identity")) return request.body;
  if (!same_but_for_case(encoding, "zstd")) {
    return refuse(
        415, "bad_content_encoding",
        fmt::format("the content encoding is '{}'; expected zstd or none", encoding.substr(0, 64)));
  }
  auto body = wire::unpack(request.body, wire::kBodyLimit);
  if (body) return *std::move(body);
  const bool large = body.error().code == base::Code::too_large;
  return refuse(large ? 413 : 400, large ? "too_large" : "bad_body", body.error().what);
}

}  // namespace tillrig::oms
