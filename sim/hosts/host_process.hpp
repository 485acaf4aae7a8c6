#pragma once

#include "pos/host/clock.hpp"
#include "pos/host/disk.hpp"
#include "pos/host/entropy.hpp"
#include "pos/host/network.hpp"
#include "pos/ports/ports.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace tillrig::hosts {

// A till or a cloud as an ordinary process: the real machine behind all ports, one thread, and a
// standard output of JSON lines, where the recorder's notes go too.
class HostProcess {
 public:
  // `folder` holds the process's files and is there.
  explicit HostProcess(const std::string& folder);

  [[nodiscard]] const ports::Ports& ports() const { return ports_; }
  [[nodiscard]] boost::asio::io_context& io() { return io_; }
  // Whom to believe on lines with TLS; until then the system's authorities.
  void trust(host::TlsTrust trust) { network_.trust(std::move(trust)); }

  // One line on standard output, at once.
  static void say(std::string_view line);

  // Runs until nothing is left to do or stop(). SIGINT and SIGTERM call `end`, once.
  void run(std::function<void()> end);
  void stop() { io_.stop(); }

 private:
  class Lines final : public ports::Recorder {
   public:
    using Recorder::note;
    std::uint64_t note(const ports::Note& what, std::span<const ports::Arg> args) override;

   private:
    std::uint64_t last_ = 0;
  };

  boost::asio::io_context io_{1};
  boost::asio::signal_set signals_;
  host::SystemClock clock_;
  host::SystemTimer timer_;
  host::SystemEntropy entropy_;
  host::TcpNetwork network_;
  host::FolderDisk disk_;
  Lines recorder_;
  ports::Ports ports_;
};

// "127.0.0.1:8080". Errors: bad_input, naming the option.
base::Result<ports::Endpoint> read_endpoint(std::string_view option, std::string_view text);
// The same to connect to, or "tls://127.0.0.1:8443".
base::Result<ports::Endpoint> read_peer(std::string_view option, std::string_view text);

}  // namespace tillrig::hosts
