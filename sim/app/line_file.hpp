#pragma once

#include "pos/base/result.hpp"

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

namespace tillrig::app {

// A report that grows line by line and can be read while it does.
class LineFile {
 public:
  // Begins the file anew. Errors: not_allowed, naming the path and why.
  base::Result<void> open(const std::string& path);
  // To the file at once; after an error nothing more is put there. Does nothing when not open.
  void write(std::string_view lines);
  // Errors: io, when not everything could be written.
  base::Result<void> close();

 private:
  struct Closing {
    void operator()(std::FILE* file) const { static_cast<void>(std::fclose(file)); }
  };
  std::string path_;
  std::unique_ptr<std::FILE, Closing> file_;
  int error_ = 0;
};

}  // namespace tillrig::app
