// The till's README says what the till's descriptions say.
#include "pos/base/json_fields.hpp"
#include "pos/till/command.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace tillrig::till::readme {
namespace {

// The names of a description's fields, inner ones as well.
class FieldNames {
 public:
  explicit FieldNames(std::set<std::string>& names) : names_(names) {}

  template <class T>
  FieldNames& operator()(std::string_view key, const T& value, const base::Limit& = {}) {
    names_.emplace(key);
    look_into(value);
    return *this;
  }
  FieldNames& maybe(std::string_view key, const auto& value, const base::Limit& = {}) {
    return (*this)(key, value);
  }

 private:
  void look_into(const auto&) {}
  template <base::Described T>
  void look_into(const T& value) {
    T::describe(value, *this);
  }
  template <class T>
  void look_into(const std::vector<T>&) {
    look_into(T{});
  }
  template <class T>
  void look_into(const std::optional<T>&) {
    look_into(T{});
  }

  std::set<std::string>& names_;
};

std::string readme() {
  const std::ifstream file(TILLRIG_SOURCE_DIR "/pos/till/README.md");
  std::ostringstream all;
  all << file.rdbuf();
  EXPECT_FALSE(all.str().empty());
  return all.str();
}

std::string section(const std::string& title) {
  const std::string all = readme();
  const std::size_t begin = all.find("## " + title);
  EXPECT_NE(begin, std::string::npos) << title;
  const std::size_t end = all.find("\n## ", begin);
  return all.substr(begin, end - begin);
}

// The row of a section's table that is about a word; empty when there is none.
std::string row_of(const std::string& title, std::string_view word) {
  std::istringstream lines(section(title));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(fmt::format("| `{}` |", word))) return line;
  }
  return {};
}

std::size_t rows(const std::string& title) {
  std::istringstream lines(section(title));
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line);) count += line.starts_with("| `") ? 1 : 0;
  return count - 1;  // its head
}

// The fields' column: what stands in backquotes there.
std::set<std::string> words_in(const std::string& row) {
  const std::size_t begin = row.find('|', 1);
  const std::size_t end = row.find('|', begin + 1);
  std::set<std::string> words;
  std::istringstream pieces(row.substr(begin, end - begin));
  std::string piece;
  for (bool inside = false; std::getline(pieces, piece, '`'); inside = !inside) {
    if (inside) words.insert(piece);
  }
  return words;
}

template <class Kind>
void expect_row(const std::string& title) {
  const std::string row = row_of(title, Kind::kName);
  ASSERT_FALSE(row.empty()) << Kind::kName << " has no row";
  std::set<std::string> fields;
  FieldNames visitor(fields);
  const Kind kind{};
  Kind::describe(kind, visitor);
  EXPECT_EQ(words_in(row), fields) << Kind::kName;
}

template <class Sum>
struct Table;
template <class... Kind>
struct Table<std::variant<Kind...>> {
  static void expect(const std::string& title) {
    (expect_row<Kind>(title), ...);
    EXPECT_EQ(rows(title), sizeof...(Kind)) << "a row for something that there is not";
  }
};

TEST(TillReadme, EveryCommandHasItsRowAndFields) {
  Table<Command>::expect("What is asked of a till");
}

TEST(TillReadme, EveryKindThatIsShownHasItsRowAndFields) {
  Table<Shown>::expect("What the cashier sees");
}

TEST(TillReadme, EveryFieldOfAnAnswerIsThere) {
  const std::string answers = section("What it answers");
  std::set<std::string> fields;
  FieldNames visitor(fields);
  Answer answer;
  answer.state.emplace();
  answer.sales.emplace();
  answer.item.emplace();
  answer.found.emplace();
  answer.stock.emplace();
  Answer::describe(answer, visitor);
  EXPECT_GT(fields.size(), 20U);
  for (const std::string& field : fields) {
    EXPECT_NE(answers.find("`" + field + "`"), std::string::npos) << field;
  }
}

// Words of enumerations that the tables list.
TEST(TillReadme, StagesAndLinksAreListed) {
  const std::string seen = section("What the cashier sees");
  for (const auto& row : base::names<Stage>()) {
    EXPECT_NE(seen.find(fmt::format("`{}`", row.name)), std::string::npos) << row.name;
  }
  for (const auto& row : base::names<sync::Link>()) {
    EXPECT_NE(seen.find(fmt::format("`{}`", row.name)), std::string::npos) << row.name;
  }
}

}  // namespace
}  // namespace tillrig::till::readme
