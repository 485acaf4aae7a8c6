#include "pos/base/http.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

namespace tillrig::base {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                            [](char x, char y) { return lower(x) == lower(y); });
}

using CharSet = std::array<bool, 256>;

constexpr unsigned char byte_of(char c) {
  return static_cast<unsigned char>(c);
}

constexpr CharSet token_chars() {  // RFC 9110, 5.6.2
  CharSet set{};
  for (char c = 'a'; c <= 'z'; ++c) set[byte_of(c)] = true;
  for (char c = 'A'; c <= 'Z'; ++c) set[byte_of(c)] = true;
  for (char c = '0'; c <= '9'; ++c) set[byte_of(c)] = true;
  for (const char c : std::string_view("!#$%&'*+-.^_`|~")) set[byte_of(c)] = true;
  return set;
}

// Nothing in a message that we were handed can end its line early (RFC 9110, 5.5).
constexpr CharSet value_chars() {
  CharSet set{};
  for (unsigned byte = 0x20; byte < 0x100; ++byte) set[byte] = byte != 0x7f;
  set['\t'] = true;
  return set;
}

constexpr CharSet kToken = token_chars();
constexpr CharSet kValue = value_chars();

// What is not in the set is written as `instead`.
void append_clean(Bytes& out, std::string_view text, const CharSet& set, char instead) {
  const std::size_t from = out.size();
  out += text;
  for (std::size_t i = from; i < out.size(); ++i) {
    if (!set[byte_of(out[i])]) out[i] = instead;
  }
}

void append_value(Bytes& out, std::string_view value) {
  append_clean(out, value, kValue, ' ');
}

void append_token(Bytes& out, std::string_view name) {
  append_clean(out, name, kToken, '-');
}

void append_target(Bytes& out, std::string_view target) {
  for (const char c : target) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte != 0x7f) {
      out += c;
    } else {
      fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned>(byte));
    }
  }
}

// The fields that say how long a message is and what follows it are ours to write.
bool is_framing(std::string_view name) {
  return same_name(name, "Content-Length") || same_name(name, "Connection") ||
         same_name(name, "Transfer-Encoding");
}

void append_fields(Bytes& out, const HttpFields& fields, bool keep_alive) {
  for (const auto& [name, value] : fields.all) {
    if (name.empty() || is_framing(name)) continue;
    append_token(out, name);
    out += ": ";
    append_value(out, value);
    out += "\r\n";
  }
  out += keep_alive ? "Connection: keep-alive\r\n" : "Connection: close\r\n";
}

void append_body(Bytes& out, const Bytes& body) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, body.size());
  out += "Content-Length: ";
  out.append(digits, static_cast<std::size_t>(end.ptr - digits));
  out += "\r\n\r\n";
  out += body;
}

}  // namespace

std::string_view HttpFields::get(std::string_view name) const {
  for (const auto& [key, value] : all) {
    if (same_name(key, name)) return value;
  }
  return {};
}

void HttpFields::add(std::string_view name, std::string_view value) {
  all.emplace_back(name, value);
}

Bytes write_http(const HttpRequest& request) {
  Bytes out;
  out.reserve(request.body.size() + 512);
  append_token(out, request.method);
  out += ' ';
  append_target(out, request.target);
  out += " HTTP/1.1\r\n";
  append_fields(out, request.fields, request.keep_alive);
  append_body(out, request.body);
  return out;
}

Bytes write_http(const HttpResponse& response) {
  Bytes out;
  out.reserve(response.body.size() + 512);
  fmt::format_to(std::back_inserter(out), "HTTP/1.1 {:03} {}\r\n", response.status,
                 http_reason(response.status));
  append_fields(out, response.fields, response.keep_alive);
  const int status = response.status;
  if (status / 100 == 1 || status == 204 || status == 304) {  // never a body (RFC 9112, 6.3)
    out += "\r\n";
  } else {
    append_body(out, response.body);
  }
  return out;
}

}  // namespace tillrig::base
