#include "tests/sim/app/program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace tillrig::app {
namespace {

namespace fs = std::filesystem;
constexpr int kPatienceMs = 10'000;
constexpr int kEndMs = 60'000;

void make_pipe(int* ends) {
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
}

// Waits for something to read and takes it; false at the end or when nothing came in time.
bool take(int fd, std::string& into, int patience_ms) {
  pollfd watched{fd, POLLIN, 0};
  if (::poll(&watched, 1, patience_ms) <= 0) return false;
  char piece[8192];
  const ssize_t got = ::read(fd, piece, sizeof piece);
  if (got <= 0) return false;
  into.append(piece, static_cast<std::size_t>(got));
  return true;
}

}  // namespace

Program::Program(const std::vector<std::string>& words,
                 const std::vector<std::pair<std::string, std::string>>& environment) {
  int in[2];
  int out[2];
  int err[2];
  make_pipe(in);
  make_pipe(out);
  make_pipe(err);
  std::string path = std::string(TILLRIG_BIN_DIR) + "/tillrig";
  std::vector<char*> arguments = {path.data()};
  std::vector<std::string> copies = words;
  for (std::string& word : copies) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_ = ::fork();
  if (pid_ == 0) {
    ::dup2(in[0], 0);
    ::dup2(out[1], 1);
    ::dup2(err[1], 2);
    if (::chdir(TILLRIG_SOURCE_DIR) != 0) ::_exit(126);
    for (const auto& [name, value] : environment) ::setenv(name.c_str(), value.c_str(), 1);
    ::execv(path.c_str(), arguments.data());
    ::_exit(127);
  }
  ::close(in[0]);
  ::close(out[1]);
  ::close(err[1]);
  in_ = in[1];
  out_ = out[0];
  err_ = err[0];
}

Program::~Program() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  for (const int fd : {in_, out_, err_}) {
    if (fd >= 0) ::close(fd);
  }
}

void Program::signal(int number) const {
  ::kill(pid_, number);
}

void Program::write(const std::string& text) const {
  if (::write(in_, text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    throw std::runtime_error("the program does not read");
  }
}

std::string Program::read_line() {
  for (;;) {
    const std::size_t end = unread_.find('\n');
    if (end != std::string::npos) {
      std::string line = unread_.substr(0, end);
      unread_.erase(0, end + 1);
      return line;
    }
    if (!take(out_, unread_, kPatienceMs)) return "";
  }
}

std::string Program::read_until(const std::string& text) {
  for (;;) {
    std::string line = read_line();
    if (line.empty() || line.find(text) != std::string::npos) return line;
  }
}

Ended Program::wait() {
  ::close(in_);
  in_ = -1;
  Ended ended;
  ended.out = unread_;
  pollfd watched[2] = {{out_, POLLIN, 0}, {err_, POLLIN, 0}};
  while (watched[0].fd >= 0 || watched[1].fd >= 0) {
    if (::poll(watched, 2, kEndMs) <= 0) break;
    if (watched[0].revents != 0 && !take(out_, ended.out, 0)) watched[0].fd = -1;
    if (watched[1].revents != 0 && !take(err_, ended.err, 0)) watched[1].fd = -1;
  }
  if (watched[0].fd >= 0 || watched[1].fd >= 0) ::kill(pid_, SIGKILL);
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  ended.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return ended;
}

Ended run_program(const std::vector<std::string>& words,
                  const std::vector<std::pair<std::string, std::string>>& environment) {
  return Program(words, environment).wait();
}

TestFolder::TestFolder() {
  path_ = (fs::temp_directory_path() / "tillrig-test-XXXXXX").string();
  if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error("no temporary folder");
}

TestFolder::~TestFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::string TestFolder::write(const std::string& name, const std::string& text) const {
  const fs::path path = fs::path(path_) / name;
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
  return path.string();
}

std::vector<std::string> TestFolder::names(const std::string& folder) const {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(fs::path(path_) / folder)) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace tillrig::app
