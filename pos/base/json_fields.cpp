#include "pos/base/json_fields.hpp"

namespace tillrig::base {

void JsonReader::refuse(Error error) {
  if (ok_) error_ = std::move(error);
  ok_ = false;
}

std::int64_t JsonReader::whole(std::string_view key, std::int64_t least, std::int64_t most) {
  std::int64_t value = 0;
  if (const json::value* found = member(key)) {
    Limit limit;
    limit.least = least;
    limit.most = most;
    take_whole(*found, key, value, limit);
  }
  return value;
}

std::string JsonReader::text(std::string_view key, std::size_t longest) {
  std::string value;
  if (const json::value* found = member(key)) take_text(*found, key, value, longest);
  return value;
}

const json::array* JsonReader::array(std::string_view key, std::size_t longest) {
  const json::value* found = member(key);
  return found == nullptr ? nullptr : list(*found, key, longest);
}

const json::object* JsonReader::object(std::string_view key) {
  const json::value* found = member(key);
  if (found == nullptr) return nullptr;
  if (const auto* object = found->if_object()) return object;
  refuse_kind(key, *found, "an object");
  return nullptr;
}

const json::value* JsonReader::member(std::string_view key) {
  if (!ok_) return nullptr;
  const json::value* found = object_->if_contains(json::string_view(key.data(), key.size()));
  if (found == nullptr) {
    refuse({Code::bad_input, fmt::format("the key '{}' is missing", key)});
  }
  return found;
}

void JsonReader::take_whole(const json::value& found, std::string_view key, std::int64_t& value,
                            const Limit& limit) {
  const auto* number = found.if_int64();  // what does not fit is held as uint64 or double
  if (number != nullptr && *number >= limit.least && *number <= limit.most) {
    value = *number;
    return;
  }
  refuse_kind(key, found, fmt::format("a whole number from {} to {}", limit.least, limit.most));
}

void JsonReader::take_text(const json::value& found, std::string_view key, std::string& value,
                           std::size_t longest) {
  const auto* text = found.if_string();
  if (text == nullptr || text->size() > longest) {
    return refuse_kind(key, found, fmt::format("a text of at most {} bytes", longest));
  }
  value.assign(text->data(), text->size());
}

void JsonReader::take(const json::value& found, std::string_view key, EventId& value,
                      const Limit&) {
  std::string text;
  take_text(found, key, text, 64);
  if (!ok_) return;
  auto id = parse_event_id(text);
  if (id) {
    value = *std::move(id);
  } else {
    refuse({id.error().code, fmt::format("the key '{}': {}", key, id.error().what)});
  }
}

const json::array* JsonReader::list(const json::value& found, std::string_view key,
                                    std::size_t longest) {
  const auto* array = found.if_array();
  if (array != nullptr && array->size() <= longest) return array;
  refuse_kind(key, found, fmt::format("a list of at most {}", longest));
  return nullptr;
}

void JsonReader::refuse_word(std::string_view key, std::string_view word,
                             const std::string& known) {
  refuse({Code::bad_input, fmt::format("the key '{}' is '{}'; expected {}", key, word, known)});
}

void JsonReader::refuse_kind(std::string_view key, const json::value& found,
                             std::string_view expected) {
  refuse({Code::bad_input,
          fmt::format("the key '{}' is {}; expected {}", key, describe_json(found), expected)});
}

void JsonReader::refuse_entry(std::string_view key, std::size_t index, const Error& error) {
  refuse({error.code, fmt::format("{}[{}]: {}", key, index, error.what)});
}

}  // namespace tillrig::base
