#include "devices/terminal/nexo/json_text.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>

#include <cstdint>
#include <limits>

namespace tillrig::terminal::nexo {
namespace {

namespace json = boost::json;

constexpr std::size_t kDeepest = 32;

// What the parser tells of a text, put together as a value.
struct Builder {
  using Error = boost::system::error_code;
  using View = json::string_view;

  static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_array_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_key_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_string_size = std::numeric_limits<std::size_t>::max();

  json::value_stack stack{};
  std::string number{};  // the pieces of one that have come

  bool on_document_begin(Error&) {
    stack.reset();
    return true;
  }
  bool on_document_end(Error&) { return true; }
  bool on_object_begin(Error&) { return true; }
  bool on_object_end(std::size_t count, Error&) {
    stack.push_object(count);
    return true;
  }
  bool on_array_begin(Error&) { return true; }
  bool on_array_end(std::size_t count, Error&) {
    stack.push_array(count);
    return true;
  }
  bool on_key_part(View piece, std::size_t, Error&) {
    stack.push_chars(piece);
    return true;
  }
  bool on_key(View piece, std::size_t, Error&) {
    stack.push_key(piece);
    return true;
  }
  bool on_string_part(View piece, std::size_t, Error&) {
    stack.push_chars(piece);
    return true;
  }
  bool on_string(View piece, std::size_t, Error&) {
    stack.push_string(piece);
    return true;
  }
  bool on_number_part(View piece, Error&) {
    number.append(piece.data(), piece.size());
    return true;
  }
  bool on_int64(std::int64_t value, View, Error&) {
    number.clear();
    stack.push_int64(value);
    return true;
  }
  bool on_uint64(std::uint64_t value, View, Error&) {
    number.clear();
    stack.push_uint64(value);
    return true;
  }
  bool on_double(auto /*its value, rounded*/, View piece, Error&) {
    number.append(piece.data(), piece.size());
    stack.push_string(number);
    number.clear();
    return true;
  }
  bool on_bool(bool value, Error&) {
    stack.push_bool(value);
    return true;
  }
  bool on_null(Error&) {
    stack.push_null();
    return true;
  }
  bool on_comment_part(View, Error&) { return true; }
  bool on_comment(View, Error&) { return true; }
};

}  // namespace

base::Result<json::value> parse_decimal_json(base::ByteView text) {
  json::parse_options options;
  options.max_depth = kDeepest;
  json::basic_parser<Builder> parser(options);
  boost::system::error_code error;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), error);
  if (!error && read < text.size()) error = json::error::extra_data;
  if (error || !parser.done()) {
    return base::fail(base::Code::bad_input, "not JSON at byte {}: {}", read,
                      error ? error.message() : "it does not go on");
  }
  return parser.handler().stack.release();
}

}  // namespace tillrig::terminal::nexo
