#include "pos/oms/manifest.hpp"

#include <fmt/format.h>

namespace tillrig::oms {

Result<wire::ManifestAnswer> compare_manifest(Database& database, std::string_view till,
                                              const wire::Manifest& manifest) {
  wire::ManifestAnswer answer;
  answer.server_epoch = database.identity().server_epoch;
  for (const wire::ManifestItem& item : manifest.items) {
    const auto id = base::parse_event_id(item.id);
    if (!id) return base::Failure(id.error());
    if (id->till != till) {
      return base::fail(base::Code::bad_input,
                        "the manifest names {}, but it is {}'s: a till asks for its own events",
                        item.id, till);
    }
    const auto hash = base::parse_hash(item.hash);
    if (!hash) return base::within(item.id, hash.error());
    const auto held = database.body(*id);
    if (!held) return base::Failure(held.error());
    if (!*held) {
      answer.missing.push_back(item.id);
    } else if (base::blake2b(**held) != *hash) {
      answer.different.push_back(item.id);
    } else {
      ++answer.count;
    }
  }
  return answer;
}

}  // namespace tillrig::oms
