#pragma once

#include <string>
#include <utility>
#include <vector>

namespace tillrig::app {

// The real program, started as a person would, in a folder of its own.
struct Ended {
  int code = -1;  // exit code; 128 + signal when one ended it
  std::string out;
  std::string err;
};

class Program {
 public:
  // Standard input is a pipe of ours.
  explicit Program(const std::vector<std::string>& words,
                   const std::vector<std::pair<std::string, std::string>>& environment = {});
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  [[nodiscard]] int pid() const { return pid_; }
  void signal(int number) const;
  void write(const std::string& text) const;
  // The next line of its output; empty when there is none within ten seconds.
  std::string read_line();
  // Reads lines until one contains the text; that line, or empty.
  std::string read_until(const std::string& text);
  // Closes its input and waits for its end, at most a minute.
  Ended wait();

 private:
  int pid_ = -1;
  int in_ = -1;
  int out_ = -1;
  int err_ = -1;
  std::string unread_;
};

Ended run_program(const std::vector<std::string>& words,
                  const std::vector<std::pair<std::string, std::string>>& environment = {});

// A folder that goes with the test.
class TestFolder {
 public:
  TestFolder();
  ~TestFolder();
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;
  [[nodiscard]] std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  [[nodiscard]] const std::string& path() const { return path_; }
  // Writes a file, with its folders. Gives its path.
  std::string write(const std::string& name, const std::string& text) const;
  // Names of everything directly in a folder of it, sorted.
  [[nodiscard]] std::vector<std::string> names(const std::string& folder = "") const;

 private:
  std::string path_;
};

std::string read_file(const std::string& path);

}  // namespace tillrig::app
