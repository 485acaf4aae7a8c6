#include "pos/wire/manifest.hpp"

namespace tillrig::wire {

base::Bytes write_json(const Manifest& manifest) {
  return base::write_message(manifest);
}

base::Bytes write_json(const ManifestAnswer& answer) {
  return base::write_message(answer);
}

base::Result<Manifest> read_manifest(base::ByteView body) {
  return base::read_message<Manifest>(body, "manifest");
}

base::Result<ManifestAnswer> read_manifest_answer(base::ByteView body) {
  return base::read_message<ManifestAnswer>(body, "answer to a manifest");
}

}  // namespace tillrig::wire
