#pragma once

#include "pos/base/channel.hpp"
#include "pos/base/result.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <memory>
#include <string>
#include <vector>

namespace tillrig::world {

// A real process of ours with its standard input and output in our hands. It dies with us. Its
// standard error stays the rig's.
class ChildProcess {
 public:
  // Errors: io, naming the program.
  static base::Result<std::unique_ptr<ChildProcess>> start(boost::asio::any_io_executor executor,
                                                           const std::vector<std::string>& argv);
  ~ChildProcess();  // SIGKILL, if it still runs
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // The next line of its output, without the end of line. Errors: closed, when there is none any
  // more.
  base::Awaitable<base::Result<std::string>> read_line();
  // A line for its input. Short enough for a pipe's buffer; a dead reader is not an error here.
  void write_line(const std::string& line);

  // SIGKILL, and waits until it is gone.
  void kill();
  // SIGTERM, and waits.
  void terminate();

 private:
  ChildProcess(boost::asio::any_io_executor executor, int pid, int in, int out);
  void reap();

  int pid_;
  int in_;
  std::shared_ptr<boost::asio::posix::stream_descriptor> out_;
  std::string buffer_;
};

}  // namespace tillrig::world
