#include "tests/house/coroutines.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

namespace tillrig::house {
namespace {

std::vector<Offence> in_function(std::string_view body) {
  return check_coroutines(
      "pos/sync/x.cpp", fmt::format("boost::asio::awaitable<void> Lane::run() {{\n{}\n}}\n", body));
}

TEST(Coroutines, HandOnlyNamedThingsToWhatTheyAwait) {
  for (const Source& source :
       read_tree(TILLRIG_SOURCE_DIR, {"pos", "devices", "sim", "viewer", "tests", "bench"},
                 {".hpp", ".cpp"})) {
    EXPECT_EQ(text(check_coroutines(source.path, source.content)), "");
  }
}

TEST(Coroutines, NoticeEachHazard) {
  for (const std::string_view body : {
           "co_await send(Request{1, 2});",
           "co_await send({1, 2});",
           "auto answer = co_await send(\n    first,\n    Request{1});",
           "use(Request{1}, co_await send(a));",
           "use(Request{1}.id() + co_await send(a));",
           "auto all = Pair{co_await send(a), 2};",
           "return_value = {co_await send(a)};",
           "if (co_await send(Request{1})) { done(); }",
           "while ((co_await send(Request{1})).ok) { done(); }",
           "for (auto x : co_await list(Filter{1})) { use(x); }",
           "co_return co_await send(Request{});",
           "co_await send([this](int x) { use(x); });",
           "co_await send([] { use(1); });",
           "co_await send(flag ? one : two);",
           "const auto& text = flag ? co_await one() : co_await two();",
           "if (x) co_await send(Request{1});",
           "for (;;) { if (x) { auto a = co_await send(Request{1}); } }",
       }) {
    const std::vector<Offence> found = in_function(body);
    EXPECT_EQ(found.size(), 1U) << body << "\n" << text(found);
  }
  const std::vector<Offence> found = in_function("int a = 1;\nauto b = co_await send(Request{a});");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(text(found.front()),
            "pos/sync/x.cpp:3: found a value in braces in one statement with co_await; expected a "
            "named local before it (g++ 12 destroys such temporaries twice)");
}

TEST(Coroutines, NoticeEachKindInOneStatement) {
  EXPECT_EQ(in_function("co_await send(Request{1}, [] { use(1); }, a ? b : c);").size(), 3U);
}

TEST(Coroutines, LeaveAloneWhatStandsBeforeOrAfter) {
  for (const std::string_view body : {
           "const Request request{1, 2};\nauto answer = co_await send(request);",
           "auto x = flag ? one : two; co_await send(x);",
           "auto work = [] { return 1; };\nco_await send(work());",
           "if (co_await send(a)) { Request b{1}; use(b); }",
           "while (co_await send(a)) { auto c = d ? e : f; use(c); }",
           "if (a ? b : c) co_await send(d);",
           "if (Request{1} == a) { co_await send(d); } else co_await send(e);",
           "for (int i{0}; i < 3; ++i) { co_await send(list[i]); }",
           "auto [a, b] = co_await both();",
           "const auto& [a, b] = co_await both();",
           "auto a = co_await send(list[0], map[key]); Request b{1};",
           "[[maybe_unused]] auto a = co_await send(b);",
           "do { use(Request{1}); } while (co_await more());",
           "switch (co_await kind()) { case 1: use(Request{1}); }",
           "// co_await send(Request{1});\nsay(\"co_await send(Request{1})\");",
           "use(Request{1}); co_await send(a); use(Request{2});",
           "co_await send(std::chrono::seconds(1), '{', \"{?[]}\");",
       }) {
    EXPECT_EQ(text(in_function(body)), "") << body;
  }
}

TEST(Coroutines, LambdasThatAreCoroutinesCaptureNothing) {
  const std::string_view returns = "-> boost::asio::awaitable<void>";
  for (const std::string_view capture : {"&", "this", "=", "a, &b", "x = std::move(y)"}) {
    EXPECT_EQ(in_function(fmt::format("auto f = [{}]() {} {{ co_await go(); }};", capture, returns))
                  .size(),
              1U)
        << capture;
    EXPECT_EQ(
        in_function(fmt::format("spawn([{}]() mutable {} {{ co_return; }});", capture, returns))
            .size(),
        1U)
        << capture;
    EXPECT_EQ(in_function(fmt::format("spawn([{}]() {} {{ for (;;) {{ co_await go(); }} }});",
                                      capture, returns))
                  .size(),
              1U)
        << capture;
  }
  EXPECT_EQ(text(in_function(fmt::format("auto f = [](int a) {} {{ co_await go(a); }};", returns))),
            "");
  EXPECT_EQ(text(in_function("auto f = [this] { return 1; };\nco_await go(f());")), "");
}

}  // namespace
}  // namespace tillrig::house
