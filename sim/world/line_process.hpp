#pragma once

#include "pos/ports/ports.hpp"
#include "sim/world/process.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>

#include <memory>
#include <string>
#include <vector>

namespace tillrig::world {

// A process whose standard input and output are lines in our hands. Standard error stays ours.
class LineProcess {
 public:
  // Errors: io, naming the program.
  static base::Result<std::shared_ptr<LineProcess>> start(boost::asio::any_io_executor executor,
                                                          const std::vector<std::string>& argv);

  // The next line of its output, without the end of line. Errors: closed, when there is none any
  // more.
  static base::Awaitable<base::Result<std::string>> read_line(std::shared_ptr<LineProcess> self);
  // A line for its input; a dead reader is not an error here.
  void write_line(std::string line) const { in_.send_line(std::move(line)); }

  // SIGKILL, and waits until it is gone.
  void kill() { process_.kill(); }
  // It does nothing from now on, until it may go on.
  void stop() const { process_.stop(); }
  void go_on() const { process_.go_on(); }
  // Why it ended by itself, once its output has: not_allowed when it chose to, with an exit code of
  // its own (it has said why on standard error); closed when it died. Waits a second for its end.
  static base::Awaitable<base::Error> why_ended(std::shared_ptr<LineProcess> self,
                                                const ports::Ports& ports);
  // SIGTERM, so long, SIGKILL. Errors: timeout, when it had to be killed; closed, when it did not
  // end in good order.
  static base::Awaitable<base::Result<void>> end(std::shared_ptr<LineProcess> self,
                                                 const ports::Ports& ports,
                                                 base::Duration patience = std::chrono::seconds(5));

 private:
  LineProcess(boost::asio::any_io_executor executor, Process process, Descriptor in,
              Descriptor out);

  Process process_;
  Descriptor in_;
  boost::asio::posix::stream_descriptor out_;
  std::string buffer_;
};

}  // namespace tillrig::world
