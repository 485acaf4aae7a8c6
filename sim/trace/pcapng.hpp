#pragma once

#include "pos/base/bytes.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace tillrig::trace {

// What went over a device's connections as a capture file (pcapng) that Wireshark and tshark read:
// one interface, IPv4 packets of TCP connections put together around the bytes. Given the same it
// writes the same.
class Pcapng {
 public:
  using Write = std::function<void(base::ByteView bytes)>;

  // Begins the file: `name` is the interface's, `port` that of the device.
  Pcapng(Write write, std::string_view name, std::uint16_t port);

  // A till has connected. Times are in nanoseconds since 1970.
  int connected(std::int64_t at);
  void sent(int connection, bool to_device, base::ByteView bytes, std::int64_t at);
  void ended(int connection, bool by_device, bool reset, std::int64_t at);

 private:
  struct Flow {
    std::uint16_t till_port = 0;
    std::uint32_t from_till = 0;  // the next sequence number
    std::uint32_t from_device = 0;
  };

  void packet(Flow& flow, bool to_device, unsigned flags, base::ByteView bytes, std::int64_t at);
  void block(std::uint32_t type, const base::Bytes& body);

  Write write_;
  std::uint16_t port_;
  std::uint16_t packets_ = 0;  // the identification of the next one
  int last_ = 0;
  std::map<int, Flow> flows_;
};

}  // namespace tillrig::trace
