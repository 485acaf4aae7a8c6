#pragma once

#include "pos/base/channel.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <memory>
#include <string>

namespace tillrig::port {

// A serial line without a cable: a pseudo terminal of this machine, raw. Whoever opens path() has
// the till's end. The line is there as long as this is; nobody can tell whether somebody has it
// open, as with a real serial line.
class Pty {
 public:
  // Errors: io, when the machine gives none.
  static base::Result<std::unique_ptr<Pty>> open(const boost::asio::any_io_executor& executor);
  ~Pty();
  Pty(const Pty&) = delete;
  Pty& operator=(const Pty&) = delete;

  // "/dev/pts/7".
  [[nodiscard]] const std::string& path() const { return path_; }
  // The device's end, once at a time; closing it leaves the line, and it may be had again then.
  // Its deadlines are not kept: a local line takes what it is given.
  [[nodiscard]] base::Channel connect();
  [[nodiscard]] bool connected() const;

 private:
  class End;
  struct Line;

  explicit Pty(const boost::asio::any_io_executor& executor);

  std::shared_ptr<Line> line_;
  int other_ = -1;  // kept open, so that the line outlives whoever opens and closes it
  std::string path_;
};

}  // namespace tillrig::port
