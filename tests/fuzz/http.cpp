// A server must read the same messages from the same bytes, however the network cuts them.
#include "pos/base/http.hpp"

#include "tests/fuzz/fuzz.hpp"

#include <string>

namespace tillrig::fuzz {
namespace {

constexpr std::size_t kBodyLimit = 4096;

std::string told(const base::HttpRequest& message) {
  return message.method + ' ' + message.target + ' ' + message.body;
}
std::string told(const base::HttpResponse& message) {
  return std::to_string(message.status) + ' ' + message.body;
}

template <class Message>
std::string read(base::ByteView bytes, std::size_t step) {
  base::HttpReader<Message> reader(kBodyLimit);
  std::string all;
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    const auto fed = reader.feed(bytes.substr(at, step));
    while (const auto message = reader.next()) {
      must(message->body.size() <= kBodyLimit, "a body is never over its limit");
      all += told(*message) + '\n';
    }
    if (!fed) return all + "error";
  }
  all += reader.finish() ? "end" : "cut";
  while (const auto message = reader.next()) all += told(*message) + '\n';
  return all;
}

}  // namespace

void one(base::ByteView input) {
  const Pieces pieces(input);
  const base::ByteView bytes = pieces.bytes;
  must(read<base::HttpRequest>(bytes, pieces.step) ==
           read<base::HttpRequest>(bytes, bytes.size() + 1),
       "requests do not depend on how they are cut");
  must(read<base::HttpResponse>(bytes, pieces.step) ==
           read<base::HttpResponse>(bytes, bytes.size() + 1),
       "responses do not depend on how they are cut");
}

}  // namespace tillrig::fuzz
