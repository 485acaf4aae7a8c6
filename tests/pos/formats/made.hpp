#pragma once

#include "pos/ports/disk.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace tillrig::formats {

// Makes what stands in fixtures/formats: the folder of a till that was killed with a full outbox,
// the folder of the cloud that it had sent its first sales to, and the body of an upload of all.
// Writes into `folder` (its parts till, cloud and up.json), which must not be there. Gives the
// error; empty when all went well.
std::string make_formats(const std::string& folder);

// What the fixtures hold, whoever made them.
inline constexpr const char* kTill = "till-1";
// Of both epochs, those that open them too; the version before has no events of a business day.
inline std::uint64_t events_of(std::string_view version) {
  return version == "before" ? 11 : 13;
}
inline constexpr std::uint64_t kUploaded = 3;  // proved to be in the cloud
inline constexpr std::uint64_t kQuarantined = 1;
inline constexpr const char* kQuarantinedWhy = "unknown_item";
inline constexpr const char* kOldGoods = "old-goods";  // of a sale that a new check may refuse

}  // namespace tillrig::formats
