#pragma once

#include "pos/base/bytes.hpp"
#include "pos/base/hash.hpp"
#include "pos/base/time.hpp"
#include "sim/trace/format.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

namespace tillrig::trace {

// One chunk in the making: rows are written in place behind room for the header. The memory is
// taken once and used again, so that a row allocates only when it is larger than all the spare.
class ChunkBuffer {
 public:
  ChunkBuffer(ChunkType type, std::size_t capacity) : type_(type) {
    bytes_.resize(kChunkHeaderBytes + capacity);
  }

  // Where the next row goes: at least `most` bytes. Ended by took() before anything else.
  char* room(std::size_t most) {
    if (bytes_.size() - used_ < most) [[unlikely]]
      bytes_.resize(used_ + most);
    return bytes_.data() + used_;
  }
  void took(const char* end) {
    used_ = static_cast<std::size_t>(end - bytes_.data());
    ++rows_;
  }
  void took(const char* end, base::Instant time, Severity severity) {
    took(end);
    first_ns_ = rows_ == 1 ? time.ns : std::min(first_ns_, time.ns);
    last_ns_ = rows_ == 1 ? time.ns : std::max(last_ns_, time.ns);
    severities_ = static_cast<std::uint8_t>(severities_ | (1U << static_cast<unsigned>(severity)));
  }

  [[nodiscard]] bool empty() const { return rows_ == 0; }
  [[nodiscard]] bool full() const {
    return rows_ >= kChunkRows || used_ >= kChunkHeaderBytes + kChunkPayload;
  }
  [[nodiscard]] ChunkType type() const { return type_; }

  // Finishes the header; the bytes stand until clear().
  base::ByteView seal(const base::Hash256& chain) {
    ChunkHeader header;
    header.type = type_;
    header.severities = severities_;
    header.rows = rows_;
    header.first_ns = first_ns_;
    header.last_ns = last_ns_;
    header.first_row = first_row_;
    std::copy_n(chain.bytes.begin(), kChainBytes, header.chain.begin());
    seal_chunk(header, bytes_.data(), used_);
    return {bytes_.data(), used_};
  }

  void clear() {
    first_row_ += rows_;
    used_ = kChunkHeaderBytes;
    rows_ = 0;
    severities_ = 0;
    first_ns_ = last_ns_ = 0;
  }

 private:
  ChunkType type_;
  std::string bytes_;
  std::size_t used_ = kChunkHeaderBytes;
  std::uint32_t rows_ = 0;
  std::uint64_t first_row_ = 1;
  std::int64_t first_ns_ = 0;
  std::int64_t last_ns_ = 0;
  std::uint8_t severities_ = 0;
};

}  // namespace tillrig::trace
