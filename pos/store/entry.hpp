#pragma once

#include "pos/base/bytes.hpp"
#include "pos/base/hash.hpp"
#include "pos/base/ids.hpp"
#include "pos/base/money.hpp"
#include "pos/base/time.hpp"

#include <cstdint>

namespace tillrig::store {

using base::Bytes;
using base::ByteView;
using base::Hash256;
using base::Money;
using base::Result;

// One of this till's events. The order of keys is the order in which the events were made.
struct Key {
  std::uint32_t epoch = 0;
  std::uint64_t seq = 0;  // from 1, without gaps

  auto operator<=>(const Key&) const = default;
};

inline Key key_of(const base::EventId& id) {
  return {id.epoch, id.seq};
}

// What both copies keep of one event beside its bytes: enough for the queue and its counters to
// work without decoding a body.
struct Head {
  Key key;
  std::uint64_t number = 0;  // receipt number; 0 when the event has none
  std::uint8_t kind = 0;     // wire::EventKind
  Money total;
  base::WallTime wall;
  Hash256 hash;  // of the body
};

// One event as each copy keeps it: encoded once (wire::encode), and those bytes are what ledger,
// row and hash are made of.
struct Entry {
  Head head;
  Bytes body;
};

}  // namespace tillrig::store
