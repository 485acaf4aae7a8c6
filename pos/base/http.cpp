#include "pos/base/http.hpp"

#include <algorithm>
#include <iterator>

namespace tillrig::base {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

// RFC 9110, 5.6.2.
bool is_token_char(char c) {
  const char l = lower(c);
  return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

// Nothing in a message that we were handed can end its line early (RFC 9110, 5.5).
void append_value(Bytes& out, std::string_view value) {
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    out += (byte < 0x20 && c != '\t') || byte == 0x7f ? ' ' : c;
  }
}

void append_token(Bytes& out, std::string_view name) {
  for (const char c : name) out += is_token_char(c) ? c : '-';
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
  fmt::format_to(std::back_inserter(out), "Content-Length: {}\r\n\r\n", body.size());
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
