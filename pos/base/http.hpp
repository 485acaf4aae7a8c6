#pragma once

#include "pos/base/bytes.hpp"
#include "pos/base/result.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tillrig::base {

// HTTP/1.1 messages as values, and incremental readers over Beast's parser. No I/O.

struct HttpFields {
  std::vector<std::pair<std::string, std::string>> all;  // in order, names as received

  // The first value of a field, by name without regard to case; empty if absent.
  [[nodiscard]] std::string_view get(std::string_view name) const;
  void add(std::string_view name, std::string_view value);
};

struct HttpRequest {
  std::string method = "GET";
  std::string target = "/";
  HttpFields fields;
  Bytes body;
  bool keep_alive = true;
};

struct HttpResponse {
  int status = 200;
  HttpFields fields;
  Bytes body;
  bool keep_alive = true;
};

// The bytes of a message; Content-Length and Connection are added.
Bytes write_http(const HttpRequest& request);
Bytes write_http(const HttpResponse& response);

// The reason phrase for a status: 404 -> "Not Found".
std::string_view http_reason(int status);

// Feeds bytes in as they come and hands out whole messages, in order. After an Error the connection
// is of no more use. Limits: header 16 KiB, body as given. Errors: protocol, too_large.
template <class Message>
class HttpReader {
 public:
  explicit HttpReader(std::size_t body_limit);
  ~HttpReader();
  HttpReader(HttpReader&&) noexcept;
  HttpReader& operator=(HttpReader&&) noexcept;

  Result<void> feed(ByteView bytes);
  // The peer has finished sending. Errors: closed when a message was cut short.
  Result<void> finish();
  // The next whole message, if there is one.
  std::optional<Message> next();
  // Whether some bytes of a message not yet whole have come in.
  [[nodiscard]] bool mid_message() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

extern template class HttpReader<HttpRequest>;
extern template class HttpReader<HttpResponse>;

}  // namespace tillrig::base
