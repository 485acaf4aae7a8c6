#include "pos/base/json.hpp"

#include <boost/json/parser.hpp>
#include <boost/json/serialize.hpp>

#include <exception>

namespace tillrig::base {

std::string describe_json(const json::value& value) {
  switch (value.kind()) {
    case json::kind::string:
      return value.get_string().size() > 40
                 ? fmt::format("a text of {} bytes", value.get_string().size())
                 : fmt::format("the text {}", json::serialize(value));
    case json::kind::array:
      return fmt::format("a list of {}", value.get_array().size());
    case json::kind::object:
      return "an object";
    case json::kind::double_:
      return fmt::format("{}, written with a point or exponent or too large",
                         json::serialize(value));
    default:
      return json::serialize(value);
  }
}

namespace {

Result<const json::value*> find(const json::object& object, std::string_view key,
                                std::string_view expected) {
  const auto* value = object.if_contains(json::string_view(key.data(), key.size()));
  if (value == nullptr) {
    return fail(Code::bad_input, "the key '{}' is missing; expected {}", key, expected);
  }
  return value;
}

Failure wrong(std::string_view key, const json::value& found, std::string_view expected) {
  return fail(Code::bad_input, "the key '{}' is {}; expected {}", key, describe_json(found),
              expected);
}

}  // namespace

Result<json::value> parse_json(ByteView text, json::storage_ptr storage) {
  try {
    json::parse_options options;
    options.max_depth = 32;
    unsigned char scratch[1024];
    json::parser parser({}, options, scratch, sizeof scratch);
    parser.reset(std::move(storage));
    json::error_code error;
    const std::size_t parsed = parser.write(text.data(), text.size(), error);
    if (error) {
      return fail(Code::bad_input, "not JSON: {} at byte {} of {}", error.message(), parsed,
                  text.size());
    }
    return parser.release();
  } catch (const std::exception& error) {  // a text or list beyond what the library can hold
    return fail(Code::bad_input, "this JSON of {} bytes cannot be held: {}", text.size(),
                error.what());
  }
}

Result<const json::object*> as_object(const json::value& value, std::string_view what) {
  if (const auto* object = value.if_object()) return object;
  return fail(Code::bad_input, "the {} is {}; expected an object", what, describe_json(value));
}

Result<std::int64_t> get_int(const json::object& object, std::string_view key, std::int64_t least,
                             std::int64_t most) {
  const auto range = [&] { return fmt::format("a whole number from {} to {}", least, most); };
  const auto value = find(object, key, "a whole number");
  if (!value) return Failure(value.error());
  const auto* number = (*value)->if_int64();  // what does not fit is held as uint64 or double
  if (number == nullptr || *number < least || *number > most) return wrong(key, **value, range());
  return *number;
}

Result<std::string> get_text(const json::object& object, std::string_view key,
                             std::size_t longest) {
  const auto value = find(object, key, "a text");
  if (!value) return Failure(value.error());
  const auto* text = (*value)->if_string();
  if (text == nullptr || text->size() > longest) {
    return wrong(key, **value, fmt::format("a text of at most {} bytes", longest));
  }
  return std::string(text->data(), text->size());
}

Result<const json::array*> get_array(const json::object& object, std::string_view key,
                                     std::size_t longest) {
  const auto value = find(object, key, "a list");
  if (!value) return Failure(value.error());
  const auto* array = (*value)->if_array();
  if (array == nullptr || array->size() > longest) {
    return wrong(key, **value, fmt::format("a list of at most {}", longest));
  }
  return array;
}

Result<const json::object*> get_object(const json::object& object, std::string_view key) {
  const auto value = find(object, key, "an object");
  if (!value) return Failure(value.error());
  if (const auto* found = (*value)->if_object()) return found;
  return wrong(key, **value, "an object");
}

}  // namespace tillrig::base
