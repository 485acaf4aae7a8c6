#include "pos/base/http.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/status.hpp>

#include <algorithm>
#include <deque>
#include <type_traits>

namespace tillrig::base {
namespace {

namespace beast = boost::beast;
using BeastError = boost::system::error_code;

constexpr std::size_t kHeaderLimit = 16 * 1024;  // also of a chunk's line, and of the trailers
constexpr std::size_t kUsualFields = 8;
constexpr std::size_t kReserve = 256 * 1024;  // a Content-Length is believed up to here

std::string_view view(beast::string_view text) {
  return {text.data(), text.size()};
}

bool is_chunked(std::string_view encoding) {
  constexpr std::string_view kChunked = "chunked";
  return std::equal(encoding.begin(), encoding.end(), kChunked.begin(), kChunked.end(),
                    [](char a, char b) { return (a | 0x20) == b; });
}

template <class Message>
constexpr bool kIsRequest = std::is_same_v<Message, HttpRequest>;

// One message, filled in while Beast reads it.
template <class Message>
class Parser final : public beast::http::basic_parser<kIsRequest<Message>> {
 public:
  Parser() {
    this->header_limit(UINT32_MAX);  // ours is counted over the whole header, however it is cut
    message.fields.all.reserve(kUsualFields);
  }

  Message message;
  std::uint64_t chunk_left = 0;   // of the chunk that we are in
  bool encoding_unknown = false;  // a Transfer-Encoding other than chunked

 private:
  using View = beast::string_view;

  void on_request_impl(beast::http::verb, View method, View target, int, BeastError&) override {
    if constexpr (kIsRequest<Message>) {
      message.method = view(method);
      message.target = view(target);
    }
  }
  void on_response_impl(int status, View, int, BeastError&) override {
    if constexpr (!kIsRequest<Message>) message.status = status;
  }
  void on_field_impl(beast::http::field field, View name, View value, BeastError&) override {
    if (header_done_) return;  // a trailer: never merged into the header (RFC 9110, 6.5.1)
    if (field == beast::http::field::transfer_encoding && !is_chunked(view(value))) {
      encoding_unknown = true;
    }
    message.fields.add(view(name), view(value));
  }
  void on_header_impl(BeastError&) override { header_done_ = true; }
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, BeastError&) override {
    if (length) message.body.reserve(std::min<std::size_t>(kReserve, *length));
  }
  std::size_t on_body_impl(View body, BeastError&) override {
    message.body += view(body);
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t size, View, BeastError&) override { chunk_left = size; }
  std::size_t on_chunk_body_impl(std::uint64_t left, View body, BeastError&) override {
    message.body += view(body);
    chunk_left = left - body.size();
    return body.size();
  }
  void on_finish_impl(BeastError&) override {}

  bool header_done_ = false;
};

}  // namespace

std::string_view http_reason(int status) {
  if (status < 100 || status > 599) return "Unknown";
  const auto known = beast::http::int_to_status(static_cast<unsigned>(status));
  if (known == beast::http::status::unknown) return "Unknown";
  return view(beast::http::obsolete_reason(known));
}

template <class Message>
struct HttpReader<Message>::State {
  std::size_t body_limit = 0;
  std::unique_ptr<Parser<Message>> parser;  // null between messages
  Bytes pending;                            // came in, not yet taken by the parser from `at` on
  std::size_t at = 0;
  std::size_t searched = 0;  // of what is pending, for the end of the header
  std::deque<Message> ready;
  std::optional<Error> broken;

  static constexpr std::string_view kKind = kIsRequest<Message> ? "request" : "response";

  [[nodiscard]] ByteView rest() const { return ByteView(pending).substr(at); }

  Failure broke(Failure failure) {
    broken = failure.value();
    return failure;
  }

  // Garbage is told apart at its first bytes, before any limit or deadline.
  [[nodiscard]] bool plausible() const {
    const ByteView start = rest();
    if constexpr (kIsRequest<Message>) {
      return start[0] > ' ' && start[0] < 0x7f;
    } else {
      constexpr std::string_view kVersion = "HTTP/1.";
      return start.substr(0, kVersion.size()) == kVersion.substr(0, start.size());
    }
  }

  // Takes in a header once all of it is there; false: it is not. Beast would count its limit anew
  // with every piece, so the end is found here and Beast gets the header whole.
  Result<bool> read_header() {
    if (!plausible()) {
      return fail(Code::protocol, "what came is not an HTTP/1.x {}: it begins with the bytes {}",
                  kKind, to_hex(rest().substr(0, 8)));
    }
    const auto end = rest().find("\r\n\r\n", searched);
    const std::size_t size = end == ByteView::npos ? rest().size() : end + 4;
    if (size > kHeaderLimit) {
      return fail(Code::too_large, "the header of an HTTP {} is over {} bytes", kKind,
                  kHeaderLimit);
    }
    searched = end == ByteView::npos && size > 3 ? size - 3 : 0;
    if (end == ByteView::npos) return false;
    parser = std::make_unique<Parser<Message>>();
    parser->body_limit(std::uint64_t{body_limit});
    BeastError error;
    at += parser->put(boost::asio::const_buffer(rest().data(), size), error);
    if (error) return refuse(error);
    if (parser->encoding_unknown) {
      return fail(Code::protocol, "an HTTP {} has a Transfer-Encoding other than chunked", kKind);
    }
    return true;
  }

  // Takes in a chunk's line or some bytes of the body; false: more must come in first.
  Result<bool> read_body() {
    // The shortest line of a chunk with what must follow it is "0" and two line ends; Beast asserts
    // that it never gets less twice.
    const bool at_chunk_line = parser->chunked() && parser->chunk_left == 0;
    if (rest().empty() || (at_chunk_line && rest().size() < 5)) return false;
    BeastError error;
    const std::size_t taken =
        parser->put(boost::asio::const_buffer(rest().data(), rest().size()), error);
    at += taken;
    const bool more = error == beast::http::error::need_more;
    if (error && !more) return refuse(error);
    if (at_chunk_line && (more ? rest().size() : taken) > kHeaderLimit) {
      return fail(Code::too_large, "a chunk's line in an HTTP {} is over {} bytes", kKind,
                  kHeaderLimit);
    }
    return !more;
  }

  [[nodiscard]] Failure refuse(const BeastError& error) const {
    if (error == beast::http::error::body_limit) {
      return fail(Code::too_large, "the body of an HTTP {} is over {} bytes", kKind, body_limit);
    }
    return fail(Code::protocol, "not a proper HTTP {}: {}", kKind, error.message());
  }

  void hand_out() {
    bool interim = false;
    if constexpr (!kIsRequest<Message>) {  // 100 Continue and the like: the answer is yet to come
      interim = parser->message.status / 100 == 1 && parser->message.status != 101;
    }
    if (!interim) {
      parser->message.keep_alive = parser->keep_alive();
      ready.push_back(std::move(parser->message));
    }
    parser.reset();
  }
};

template <class Message>
HttpReader<Message>::HttpReader(std::size_t body_limit) : state_(std::make_unique<State>()) {
  state_->body_limit = body_limit;
}

template <class Message>
HttpReader<Message>::~HttpReader() = default;
template <class Message>
HttpReader<Message>::HttpReader(HttpReader&&) noexcept = default;
template <class Message>
HttpReader<Message>& HttpReader<Message>::operator=(HttpReader&&) noexcept = default;

template <class Message>
Result<void> HttpReader<Message>::feed(ByteView bytes) {
  State& s = *state_;
  if (s.broken) return Failure(*s.broken);
  s.pending += bytes;
  while (s.at < s.pending.size()) {
    const auto moved = s.parser ? s.read_body() : s.read_header();
    if (!moved) return s.broke(Failure(moved.error()));
    if (!*moved) break;
    if (s.parser->is_done()) s.hand_out();
  }
  s.pending.erase(0, s.at);
  s.at = 0;
  return {};
}

template <class Message>
Result<void> HttpReader<Message>::finish() {
  State& s = *state_;
  if (s.broken) return Failure(*s.broken);
  if (!mid_message()) return {};
  if (s.parser && s.parser->need_eof()) {
    BeastError error;
    s.parser->put_eof(error);
    if (!error) {
      s.hand_out();
      return {};
    }
  }
  return s.broke(
      fail(Code::closed, "the peer ended the connection within an HTTP {}", State::kKind));
}

template <class Message>
std::optional<Message> HttpReader<Message>::next() {
  auto& ready = state_->ready;
  if (ready.empty()) return std::nullopt;
  std::optional<Message> message(std::move(ready.front()));
  ready.pop_front();
  return message;
}

template <class Message>
bool HttpReader<Message>::mid_message() const {
  return state_->parser != nullptr || !state_->pending.empty();
}

template class HttpReader<HttpRequest>;
template class HttpReader<HttpResponse>;

}  // namespace tillrig::base
