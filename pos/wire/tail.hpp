#pragma once

#include "pos/base/bytes.hpp"
#include "pos/base/json.hpp"
#include "pos/base/result.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace tillrig::wire {

using base::Bytes;
using base::ByteView;
using base::Result;

// A field that an event may carry beside its body: its number in the ledger, its name on the wire.
// Numbers are for ever; a new field is a row below, and software that does not know it hands it on.
template <class T>
struct TailField {
  std::uint64_t tag = 0;
  std::string_view name;
};

inline constexpr TailField<std::string> kMember{1, "member"};   // whose points it is about
inline constexpr TailField<std::int64_t> kPoints{2, "points"};  // earned, or below zero spent
inline constexpr TailField<std::string> kAttempt{3,
                                                 "attempt"};  // the payment attempt that it settles
inline constexpr TailField<std::string> kReason{4, "reason"};  // why a person did it

inline constexpr TailField<std::string> kHold{5, "hold"};           // that it captures (hold.hpp)
inline constexpr TailField<std::int64_t> kRedeemed{6, "redeemed"};  // points, of kPoints' member

inline constexpr TailField<std::string> kMoves{10, "moves"};  // of purses (purse.hpp)

inline constexpr TailField<std::string> kOrder{11, "order"};  // open before, at whichever till

inline constexpr std::size_t kTailEntries = 16;
inline constexpr std::size_t kTailBytes = 512;  // of one entry

// The optional fields of an event, known here or not: bytes by tag, kept as they came.
class Tail {
 public:
  [[nodiscard]] std::optional<std::string> get(const TailField<std::string>& field) const;
  // Nothing when it is not there, or its bytes are no whole number.
  [[nodiscard]] std::optional<std::int64_t> get(const TailField<std::int64_t>& field) const;
  // At most kTailEntries fields of at most kTailBytes each.
  void set(const TailField<std::string>& field, std::string_view value);
  void set(const TailField<std::int64_t>& field, std::int64_t value);

  void drop(std::uint64_t tag) { entries_.erase(tag); }

  [[nodiscard]] bool empty() const { return entries_.empty(); }
  [[nodiscard]] const std::map<std::uint64_t, Bytes>& entries() const { return entries_; }
  // Errors: bad_input (there already), too_large.
  Result<void> add(std::uint64_t tag, Bytes bytes);

  bool operator==(const Tail&) const = default;

 private:
  std::map<std::uint64_t, Bytes> entries_;
};

// Bytes that are written as hex digits. Errors: bad_input.
Result<Bytes> from_hex(std::string_view hex);

// The readable form, an object: a field known here under its name, any other (and a known one whose
// bytes say nothing readable) as "#7": "hex digits". What is read has the bytes that were written.
void append_tail_json(std::string& out, const Tail& tail);
// Errors: bad_input, naming the member; too_large.
Result<Tail> read_tail(const base::json::object& object);

}  // namespace tillrig::wire
