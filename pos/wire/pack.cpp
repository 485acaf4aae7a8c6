#include "pos/base/assert.hpp"
#include "pos/wire/api.hpp"

#include <zstd.h>

#include <memory>

namespace tillrig::wire {
namespace {

using base::Code;
using base::fail;

constexpr int kLevel = 1;  // level 3 is no smaller on batches of sales and costs more

struct Free {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

// Working memory, kept per thread: making it anew costs more than packing a batch. It carries
// nothing from one call to the next.
ZSTD_CCtx* packer() {
  thread_local const std::unique_ptr<ZSTD_CCtx, Free> context(ZSTD_createCCtx());
  return context.get();
}

ZSTD_DCtx* unpacker() {
  thread_local const std::unique_ptr<ZSTD_DCtx, Free> context(ZSTD_createDCtx());
  return context.get();
}

}  // namespace

Bytes pack(ByteView body) {
  Bytes out(ZSTD_compressBound(body.size()), '\0');
  const std::size_t size =
      ZSTD_compressCCtx(packer(), out.data(), out.size(), body.data(), body.size(), kLevel);
  TILLRIG_ASSERT(ZSTD_isError(size) == 0, "zstd failed with room for the worst case");
  out.resize(size);
  return out;
}

Result<Bytes> unpack(ByteView packed, std::size_t limit) {
  const unsigned long long claimed = ZSTD_getFrameContentSize(packed.data(), packed.size());
  if (claimed == ZSTD_CONTENTSIZE_ERROR || claimed == ZSTD_CONTENTSIZE_UNKNOWN) {
    return fail(Code::protocol,
                "the body of {} bytes is not a zstd frame that states its unpacked size",
                packed.size());
  }
  if (claimed > limit) {
    return fail(Code::too_large, "the body unpacks to {} bytes; at most {} are taken", claimed,
                limit);
  }
  const std::size_t frame = ZSTD_findFrameCompressedSize(packed.data(), packed.size());
  if (ZSTD_isError(frame) != 0 || frame != packed.size()) {
    return fail(Code::protocol, "the body of {} bytes is not exactly one zstd frame",
                packed.size());
  }
  Bytes out(static_cast<std::size_t>(claimed), '\0');
  const std::size_t size =
      ZSTD_decompressDCtx(unpacker(), out.data(), out.size(), packed.data(), packed.size());
  if (ZSTD_isError(size) != 0 || size != out.size()) {
    return fail(Code::protocol, "the zstd frame of {} bytes is damaged", packed.size());
  }
  return out;
}

}  // namespace tillrig::wire
