#include "devices/terminal/nexo/fields.hpp"

#include <fmt/format.h>

#include <utility>

namespace tillrig::terminal::nexo {
namespace {

constexpr std::size_t kMostEntries = 64;

}  // namespace

Fields::Fields(const base::json::value& root, std::string path)
    : object_(root.if_object()),
      path_(std::move(path)),
      error_(std::make_shared<std::optional<base::Error>>()) {
  if (object_ != nullptr) return;
  refuse(base::Error{base::Code::bad_input, fmt::format("{} is {}; expected an object", path_,
                                                        base::describe_json(root))});
}

Fields::Fields(const base::json::object* object, std::string path,
               std::shared_ptr<std::optional<base::Error>> error)
    : object_(object), path_(std::move(path)), error_(std::move(error)) {}

const base::json::value* Fields::find(std::string_view key) const {
  if (object_ == nullptr) return nullptr;
  const base::json::value* const found =
      object_->if_contains(base::json::string_view(key.data(), key.size()));
  return found == nullptr || found->is_null() ? nullptr : found;
}

bool Fields::has(std::string_view key) const {
  return find(key) != nullptr;
}

Fields Fields::at(std::string_view key) const {
  std::string path = fmt::format("{}.{}", path_, key);
  const base::json::value* const found = find(key);
  if (found != nullptr && !found->is_object()) refuse(key, "an object");
  return {found == nullptr ? nullptr : found->if_object(), std::move(path), error_};
}

std::string Fields::text(std::string_view key, std::size_t longest) const {
  const base::json::value* const found = find(key);
  if (found == nullptr) return {};
  const base::json::string* const text = found->if_string();
  if (text == nullptr || text->size() > longest) {
    refuse(key, fmt::format("a text of at most {} bytes", longest));
    return {};
  }
  return {text->data(), text->size()};
}

std::string Fields::need(std::string_view key, std::size_t longest) const {
  if (!has(key)) {
    refuse(key, "a text");
    return {};
  }
  return text(key, longest);
}

std::string Fields::number(std::string_view key) const {
  const base::json::value* const found = find(key);
  if (found != nullptr && found->is_int64()) return fmt::format("{}", found->get_int64());
  if (found != nullptr && found->is_uint64()) return fmt::format("{}", found->get_uint64());
  if (found != nullptr && found->is_string()) return text(key);
  refuse(key, "a number");
  return {};
}

bool Fields::flag(std::string_view key, bool otherwise) const {
  const base::json::value* const found = find(key);
  if (found == nullptr) return otherwise;
  if (found->is_bool()) return found->get_bool();
  refuse(key, "true or false");
  return otherwise;
}

void Fields::each(std::string_view key, const std::function<void(const Fields&)>& take) const {
  const base::json::value* const found = find(key);
  if (found == nullptr) return;
  const std::string path = fmt::format("{}.{}", path_, key);
  if (const auto* const alone = found->if_object()) return take({alone, path, error_});
  const auto* const list = found->if_array();
  if (list == nullptr || list->size() > kMostEntries) {
    return refuse(key, fmt::format("a list of at most {}", kMostEntries));
  }
  for (const base::json::value& entry : *list) {
    if (!entry.is_object()) return refuse(key, "a list of objects");
    take({entry.if_object(), path, error_});
  }
}

void Fields::refuse(std::string_view key, std::string_view expected) const {
  const base::json::value* const found = find(key);
  refuse(base::Error{
      base::Code::bad_input,
      fmt::format("{}.{} is {}; expected {}", path_, key,
                  found == nullptr ? "not there" : base::describe_json(*found), expected)});
}

void Fields::refuse(base::Error error) const {
  if (!*error_) *error_ = std::move(error);
}

base::Result<void> Fields::check() const {
  if (*error_) return base::Failure(**error_);
  return {};
}

}  // namespace tillrig::terminal::nexo
