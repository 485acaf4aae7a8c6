#pragma once

#include "pos/base/bytes.hpp"

#include <cstdint>

namespace tillrig::disk {

using base::Bytes;
using base::ByteView;

// The bytes of one file as reads see them. A gap left by a write beyond the end is zeros.
class Image {
 public:
  [[nodiscard]] std::uint64_t size() const { return bytes_.size(); }
  [[nodiscard]] ByteView bytes() const { return bytes_; }

  // The part of [offset, offset + length) that the file has.
  [[nodiscard]] ByteView view(std::uint64_t offset, std::uint64_t length) const;

  void write(std::uint64_t offset, ByteView bytes);
  void resize(std::uint64_t size) { bytes_.resize(size, '\0'); }

 private:
  Bytes bytes_;
};

}  // namespace tillrig::disk
