#include "pos/base/assert.hpp"
#include "pos/base/hash.hpp"

#include <sodium/core.h>
#include <sodium/crypto_generichash_blake2b.h>

namespace tillrig::base {
namespace {

const unsigned char* bytes_of(ByteView view) {
  return reinterpret_cast<const unsigned char*>(view.data());
}

// Has libsodium look for the processor's best instructions, worth a tenth on long inputs. It makes
// its random source ready too, which nothing here draws from.
[[maybe_unused]] const int kReady = sodium_init();

}  // namespace

Hash256 blake2b(ByteView bytes) {
  Hash256 hash;
  const int done = crypto_generichash_blake2b(hash.bytes.data(), hash.bytes.size(), bytes_of(bytes),
                                              bytes.size(), nullptr, 0);
  TILLRIG_ASSERT(done == 0, "32 bytes are a length that BLAKE2b has");
  return hash;
}

Hash256 blake2b(ByteView first, ByteView second) {
  Hash256 hash;
  crypto_generichash_blake2b_state state;
  crypto_generichash_blake2b_init(&state, nullptr, 0, hash.bytes.size());
  crypto_generichash_blake2b_update(&state, bytes_of(first), first.size());
  crypto_generichash_blake2b_update(&state, bytes_of(second), second.size());
  crypto_generichash_blake2b_final(&state, hash.bytes.data(), hash.bytes.size());
  return hash;
}

}  // namespace tillrig::base
