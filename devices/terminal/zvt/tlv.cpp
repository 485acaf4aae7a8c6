#include "devices/terminal/zvt/tlv.hpp"

#include "devices/terminal/zvt/bcd.hpp"

namespace tillrig::terminal::zvt {
namespace {

constexpr unsigned kMoreTag = 0x1f;  // low five bits all set: the tag goes on
constexpr unsigned kMoreBit = 0x80;
constexpr std::size_t kMostTagBytes = 3;

base::Bytes tlv_tag(std::uint32_t tag) {
  base::Bytes out;
  if (tag > 0xffff) out += char_of(tag >> 16U & 0xffU);
  if (tag > 0xff) out += char_of(tag >> 8U & 0xffU);
  return out + char_of(tag & 0xffU);
}

}  // namespace

base::Bytes tlv_length(std::size_t length) {
  if (length < kMoreBit) return {char_of(length)};
  if (length <= 0xff) return {char_of(0x81), char_of(length)};
  return {char_of(0x82), char_of(length >> 8U & 0xffU), char_of(length & 0xffU)};
}

base::Result<TlvLength> read_tlv_length(base::ByteView bytes) {
  const auto missing = [] {
    return base::fail(base::Code::protocol, "the length of a TLV object is cut off");
  };
  if (bytes.empty()) return missing();
  const unsigned first = byte_of(bytes[0]);
  if (first < kMoreBit) return TlvLength{first, 1};
  const std::size_t more = first & 0x7fU;
  if (more == 0 || more > 2) {
    return base::fail(base::Code::protocol,
                      "the length of a TLV object begins with {:02x}; expected 00 to 7f, 81 or 82",
                      first);
  }
  if (bytes.size() <= more) return missing();
  std::size_t length = byte_of(bytes[1]);
  if (more == 2) length = length << 8U | byte_of(bytes[2]);
  return TlvLength{length, 1 + more};
}

base::Bytes encode(const std::vector<Tlv>& objects) {
  base::Bytes out;
  for (const Tlv& object : objects) {
    out += tlv_tag(object.tag) + tlv_length(object.value.size()) + object.value;
  }
  return out;
}

base::Result<std::vector<Tlv>> read_tlv(base::ByteView bytes) {
  std::vector<Tlv> objects;
  while (!bytes.empty()) {
    std::uint32_t tag = byte_of(bytes[0]);
    std::size_t size = 1;
    bool more = (tag & kMoreTag) == kMoreTag;
    while (more && size < kMostTagBytes && size < bytes.size()) {
      more = (byte_of(bytes[size]) & kMoreBit) != 0;
      tag = tag << 8U | byte_of(bytes[size++]);
    }
    if (more) return base::fail(base::Code::protocol, "the tag of a TLV object is cut off");
    bytes.remove_prefix(size);
    const auto length = read_tlv_length(bytes);
    if (!length) return base::Failure(length.error());
    bytes.remove_prefix(length->size);
    if (length->length > bytes.size()) {
      return base::fail(base::Code::protocol,
                        "the TLV object {:x} is said to be {} bytes long, and {} are there", tag,
                        length->length, bytes.size());
    }
    objects.push_back({tag, base::Bytes(bytes.substr(0, length->length))});
    bytes.remove_prefix(length->length);
  }
  return objects;
}

}  // namespace tillrig::terminal::zvt
