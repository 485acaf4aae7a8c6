#include "sim/disk/image.hpp"

#include <algorithm>

namespace tillrig::disk {

ByteView Image::view(std::uint64_t offset, std::uint64_t length) const {
  if (offset >= bytes_.size()) return {};
  return ByteView(bytes_).substr(offset, length);
}

void Image::write(std::uint64_t offset, ByteView bytes) {
  if (offset > bytes_.size()) resize(offset);
  const std::size_t over = std::min<std::size_t>(bytes.size(), bytes_.size() - offset);
  std::copy_n(bytes.data(), over, bytes_.data() + offset);
  bytes_.append(bytes.substr(over));
}

}  // namespace tillrig::disk
