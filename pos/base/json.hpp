#pragma once

#include "pos/base/bytes.hpp"
#include "pos/base/result.hpp"

#include <boost/json/storage_ptr.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace tillrig::base {

namespace json = boost::json;

// A whole JSON text; strict (no comments, no trailing bytes), at most 32 deep. Errors: bad_input
// with the byte where it went wrong. Of members with the same key the last one counts. A big text
// is parsed fastest into an arena: json::make_shared_resource<json::monotonic_resource>().
Result<json::value> parse_json(ByteView text, json::storage_ptr storage = {});

// Fields of an object, each with its type checked; the Error names the key, what was found and what
// was expected. Whole numbers only: 1.0 and 1e3 are refused, so no money passes through a float.
Result<const json::object*> as_object(const json::value& value, std::string_view what);
Result<std::int64_t> get_int(const json::object& object, std::string_view key, std::int64_t least,
                             std::int64_t most);
Result<std::string> get_text(const json::object& object, std::string_view key,
                             std::size_t longest = 256);
Result<const json::array*> get_array(const json::object& object, std::string_view key,
                                     std::size_t longest);
Result<const json::object*> get_object(const json::object& object, std::string_view key);

// A value in a sentence: short ones as they stand, others by kind and size.
std::string describe_json(const json::value& value);

// Whether the text is well-formed UTF-8, so that a JSON string keeps all of its bytes.
bool is_utf8(std::string_view text);

// Appends a JSON string literal with its quotes; control characters are escaped, and each byte that
// is not part of valid UTF-8 becomes U+FFFD.
void append_quoted(std::string& out, std::string_view text);

}  // namespace tillrig::base
