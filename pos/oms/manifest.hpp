#pragma once

#include "pos/oms/database.hpp"
#include "pos/wire/manifest.hpp"

#include <string_view>

namespace tillrig::oms {

// What the cloud holds now of these events of a till, by the bytes that are stored and not by what
// was noted of them. Errors: bad_input (no id or hash, or another till's), the database's.
Result<wire::ManifestAnswer> compare_manifest(Database& database, std::string_view till,
                                              const wire::Manifest& manifest);

}  // namespace tillrig::oms
