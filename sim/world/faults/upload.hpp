#pragma once

#include "pos/base/http.hpp"
#include "pos/wire/api.hpp"

#include <optional>
#include <string_view>

namespace tillrig::world {

// Uploads on their way, as whoever could read and change them would. An upload's batch, unpacked;
// nothing of a request that is no readable upload.
std::optional<wire::ReadBatch> read_upload(const base::HttpRequest& request);

// The first sale or refund of a batch; null: it has none.
const wire::UpItem* first_document(const wire::ReadBatch& batch);

// Puts another body into a message, with what its fields say of it: packing and sum.
void replace_body(base::HttpRequest& request, base::Bytes body);
void replace_body(base::HttpResponse& response, base::Bytes body);

}  // namespace tillrig::world
