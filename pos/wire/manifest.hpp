#pragma once

#include "pos/base/bytes.hpp"
#include "pos/base/json_fields.hpp"
#include "pos/base/result.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace tillrig::wire {

// POST /v1/sync/manifest: a till names its own events, and the cloud says which of them it does not
// hold now, and which it holds with other content. Nothing is changed by it.
inline constexpr std::size_t kManifestItems = 1000;  // most of one page

struct ManifestItem {
  std::string id;
  std::string hash;  // hex, of the event's canonical form

  static void describe(auto& self, auto& fields) {
    fields("uuid", self.id, {.bytes = 64})("hash", self.hash, {.bytes = 64});
  }
};

struct Manifest {
  std::vector<ManifestItem> items;

  static void describe(auto& self, auto& fields) {
    fields("items", self.items, {.entries = kManifestItems});
  }
};

struct ManifestAnswer {
  std::string server_epoch;  // another one on the next page: the cloud was put back meanwhile
  std::size_t count = 0;     // of those that it holds as they are
  std::vector<std::string> missing;
  std::vector<std::string> different;

  static void describe(auto& self, auto& fields) {
    fields("server_epoch", self.server_epoch, {.bytes = 64})("count", self.count)(
        "missing", self.missing, {.bytes = 64, .entries = kManifestItems})(
        "different", self.different, {.bytes = 64, .entries = kManifestItems});
  }
};

// Both directions. Errors: bad_input, naming the field.
base::Bytes write_json(const Manifest& manifest);
base::Bytes write_json(const ManifestAnswer& answer);
base::Result<Manifest> read_manifest(base::ByteView body);
base::Result<ManifestAnswer> read_manifest_answer(base::ByteView body);

}  // namespace tillrig::wire
