#pragma once

#include "pos/base/result.hpp"
#include "pos/till/screen.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::till {

// The wording of the buttons is that of the help articles (S2).
inline constexpr std::string_view kContinue = "Continue";
inline constexpr std::string_view kOk = "OK";
inline constexpr std::string_view kTryAgain = "Try again";

// The prompts that stand on the screen. Each has at least one button, each id stands once (INV-25).
class Prompts {
 public:
  explicit Prompts(Screen& screen) : screen_(screen) {}

  // Shows it. One that stands there already takes the new text, if that differs, and stays as modal
  // as it was.
  void open(Prompt prompt);
  // Takes it away without an answer, because what it asked about is over.
  void withdraw(std::string_view id, std::string_view because);
  // Errors: not_found, naming what does stand there; bad_input, naming its buttons.
  base::Result<void> press(std::string_view id, std::string_view button);

  [[nodiscard]] bool stands(std::string_view id) const;
  [[nodiscard]] bool modal() const;
  [[nodiscard]] const std::vector<Prompt>& all() const { return open_; }

 private:
  void close(std::size_t at, std::string_view how);

  Screen& screen_;
  std::vector<Prompt> open_;
};

}  // namespace tillrig::till
