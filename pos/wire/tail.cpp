#include "pos/wire/tail.hpp"

#include "pos/base/assert.hpp"
#include "pos/base/json_fields.hpp"
#include "pos/base/varint.hpp"

#include <array>
#include <charconv>
#include <variant>

namespace tillrig::wire {
namespace {

using base::Code;
using base::fail;
using AnyField = std::variant<TailField<std::string>, TailField<std::int64_t>>;

constexpr std::array<AnyField, 8> kKnown = {kMember, kPoints,   kAttempt, kReason,
                                            kHold,   kRedeemed, kMoves,   kOrder};

std::uint64_t tag_of(const AnyField& field) {
  return std::visit([](const auto& known) { return known.tag; }, field);
}
std::string_view name_of(const AnyField& field) {
  return std::visit([](const auto& known) { return known.name; }, field);
}

Bytes bytes_of(std::string_view value) {
  return Bytes(value);
}
Bytes bytes_of(std::int64_t value) {
  Bytes bytes;
  base::append_signed(bytes, value);
  return bytes;
}

// The known field's value as JSON; empty when its bytes would not come back from it.
std::string readable(std::uint64_t tag, const Bytes& bytes) {
  std::string json;
  for (const AnyField& known : kKnown) {
    if (tag_of(known) != tag) continue;
    if (std::holds_alternative<TailField<std::string>>(known)) {
      if (base::is_utf8(bytes)) base::append_quoted(json, bytes);
    } else {
      base::VarintReader reader(bytes);
      const auto value = reader.signed_varint();
      if (value && reader.empty()) base::append_number(json, *value);
    }
  }
  return json;
}

// One member of the readable form. Errors: bad_input, naming it.
Result<void> take_member(Tail& tail, std::string_view key, const base::json::value& value) {
  const auto refuse = [&](std::string_view expected) {
    return fail(Code::bad_input, "the key '{}' is {}; expected {}", key, base::describe_json(value),
                expected);
  };
  for (const AnyField& known : kKnown) {
    if (name_of(known) != key) continue;
    if (std::holds_alternative<TailField<std::string>>(known)) {
      const auto* text = value.if_string();
      if (text == nullptr) return refuse("a text");
      return tail.add(tag_of(known), Bytes(text->data(), text->size()));
    }
    const auto* number = value.if_int64();
    if (number == nullptr) return refuse("a whole number");
    return tail.add(tag_of(known), bytes_of(*number));
  }
  std::uint64_t tag = 0;
  const char* const end = key.data() + key.size();
  const bool numbered = key.size() > 1 && key[0] == '#';
  const auto parsed = std::from_chars(key.data() + (numbered ? 1 : 0), end, tag);
  if (!numbered || parsed.ec != std::errc() || parsed.ptr != end) {
    return fail(Code::bad_input, "the key '{}' is neither a field known here nor '#' and a number",
                key);
  }
  const auto* hex = value.if_string();
  if (hex == nullptr) return refuse("hex digits");
  auto bytes = from_hex(std::string_view(hex->data(), hex->size()));
  if (!bytes) return base::within(key, bytes.error());
  return tail.add(tag, *std::move(bytes));
}

}  // namespace

Result<Bytes> from_hex(std::string_view hex) {
  Bytes bytes;
  if (hex.size() % 2 != 0) return fail(Code::bad_input, "an odd number of hex digits");
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    unsigned value = 0;
    const char* const end = hex.data() + i + 2;
    const auto [rest, error] = std::from_chars(hex.data() + i, end, value, 16);
    if (error != std::errc() || rest != end) {
      return fail(Code::bad_input, "\"{}\" is not two hex digits", hex.substr(i, 2));
    }
    bytes += static_cast<char>(static_cast<unsigned char>(value));
  }
  return bytes;
}

std::optional<std::string> Tail::get(const TailField<std::string>& field) const {
  const auto at = entries_.find(field.tag);
  if (at == entries_.end()) return std::nullopt;
  return at->second;
}

std::optional<std::int64_t> Tail::get(const TailField<std::int64_t>& field) const {
  const auto at = entries_.find(field.tag);
  if (at == entries_.end()) return std::nullopt;
  base::VarintReader reader(at->second);
  const auto value = reader.signed_varint();
  if (!value || !reader.empty()) return std::nullopt;
  return *value;
}

void Tail::set(const TailField<std::string>& field, std::string_view value) {
  entries_.erase(field.tag);
  const auto added = add(field.tag, bytes_of(value));
  TILLRIG_ASSERT(added, "the till keeps its own fields within their limits");
}

void Tail::set(const TailField<std::int64_t>& field, std::int64_t value) {
  entries_.erase(field.tag);
  const auto added = add(field.tag, bytes_of(value));
  TILLRIG_ASSERT(added, "the till keeps its own fields within their limits");
}

Result<void> Tail::add(std::uint64_t tag, Bytes bytes) {
  if (entries_.contains(tag)) return fail(Code::bad_input, "the field {} is there twice", tag);
  if (bytes.size() > kTailBytes || entries_.size() >= kTailEntries) {
    return fail(Code::too_large, "a tail has at most {} fields of at most {} bytes", kTailEntries,
                kTailBytes);
  }
  entries_.emplace(tag, std::move(bytes));
  return {};
}

void append_tail_json(std::string& out, const Tail& tail) {
  base::JsonWriter fields(out);
  for (const auto& [tag, bytes] : tail.entries()) {
    if (const std::string value = readable(tag, bytes); !value.empty()) {
      for (const AnyField& known : kKnown) {
        if (tag_of(known) == tag) fields.lead(name_of(known)) += value;
      }
    } else {
      fields(fmt::format("#{}", tag), base::to_hex(bytes));
    }
  }
  fields.close();
}

Result<Tail> read_tail(const base::json::object& object) {
  Tail tail;
  for (const auto& [key, value] : object) {
    if (auto taken = take_member(tail, key, value); !taken) return base::Failure(taken.error());
  }
  return tail;
}

}  // namespace tillrig::wire
