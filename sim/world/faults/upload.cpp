#include "sim/world/faults/upload.hpp"

#include "pos/wire/body_sum.hpp"
#include "sim/net/faults/aim.hpp"

#include <strings.h>

#include <algorithm>
#include <utility>

namespace tillrig::world {
namespace {

bool is_packed(const base::HttpRequest& request) {
  return request.fields.get("Content-Encoding") == "zstd";
}

void sum_anew(base::HttpFields& fields, base::ByteView body) {
  const std::string name(wire::kSumField);
  std::erase_if(fields.all, [&](const auto& field) {
    return ::strcasecmp(field.first.c_str(), name.c_str()) == 0;
  });
  wire::add_sum(fields, body);
}

}  // namespace

std::optional<wire::ReadBatch> read_upload(const base::HttpRequest& request) {
  if (request.target != net::kUploadPath) return std::nullopt;
  if (wire::damaged(request.fields, request.body)) return std::nullopt;
  base::Bytes body = request.body;
  if (is_packed(request)) {
    auto unpacked = wire::unpack(request.body, wire::kBodyLimit);
    if (!unpacked) return std::nullopt;
    body = *std::move(unpacked);
  }
  auto batch = wire::read_batch(body);
  if (!batch) return std::nullopt;
  return *std::move(batch);
}

const wire::UpItem* first_document(const wire::ReadBatch& batch) {
  const auto at =
      std::find_if(batch.items.begin(), batch.items.end(), [](const wire::ReadItem& item) {
        return item.item && std::holds_alternative<wire::Document>(item.item->event.body);
      });
  return at == batch.items.end() ? nullptr : &*at->item;
}

void replace_body(base::HttpRequest& request, base::Bytes body) {
  request.body = is_packed(request) ? wire::pack(body) : std::move(body);
  sum_anew(request.fields, request.body);
}

void replace_body(base::HttpResponse& response, base::Bytes body) {
  response.body = std::move(body);
  sum_anew(response.fields, response.body);
}

}  // namespace tillrig::world
