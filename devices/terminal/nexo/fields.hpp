#pragma once

#include "pos/base/json.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace tillrig::terminal::nexo {

// An object of a message, and where it stands. What is not there reads as nothing; what is there
// and is no such thing is an error, the first of which stays.
class Fields {
 public:
  Fields(const base::json::value& root, std::string path);

  [[nodiscard]] Fields at(std::string_view key) const;
  [[nodiscard]] bool here() const { return object_ != nullptr; }
  [[nodiscard]] bool has(std::string_view key) const;
  [[nodiscard]] std::string text(std::string_view key, std::size_t longest = 256) const;
  // A text that must be there.
  [[nodiscard]] std::string need(std::string_view key, std::size_t longest = 256) const;
  // A number as its digits: "10.1".
  [[nodiscard]] std::string number(std::string_view key) const;
  [[nodiscard]] bool flag(std::string_view key, bool otherwise) const;
  // Each object of a list; an object that stands alone is a list of one.
  void each(std::string_view key, const std::function<void(const Fields&)>& take) const;

  void refuse(std::string_view key, std::string_view expected) const;
  void refuse(base::Error error) const;
  [[nodiscard]] base::Result<void> check() const;

 private:
  Fields(const base::json::object* object, std::string path,
         std::shared_ptr<std::optional<base::Error>> error);
  [[nodiscard]] const base::json::value* find(std::string_view key) const;

  const base::json::object* object_;
  std::string path_;
  std::shared_ptr<std::optional<base::Error>> error_;
};

}  // namespace tillrig::terminal::nexo
