#include "pos/till/control_line.hpp"

#include "pos/base/json_fields.hpp"
#include "tests/pos/till/till_rig.hpp"

#include <functional>
#include <random>

namespace tillrig::till {
namespace {

// A till that is spoken to by lines alone, on the same rig.
class ControlLineTest : public TillTest {
 protected:
  ~ControlLineTest() override { rig.kernel.close_lane(rig.till_lane); }

  base::Awaitable<void> starting_line() { started = co_await line->start(); }
  void open() {
    line = std::make_unique<ControlLine>(ports, config(), [this](std::string_view said) {
      EXPECT_EQ(said.find('\n'), std::string_view::npos);
      heard.emplace_back(said);
    });
    kernel::spawn(rig.kernel, rig.till_lane, starting_line());
    pass(3s);
    ASSERT_TRUE(started) << started.error().what;
    heard.clear();
  }
  // What is said after a line within 300 ms that is an answer.
  std::vector<std::string> answers_to(std::string_view said) {
    heard.clear();
    line->take(said);
    pass(300ms);
    return answers();
  }
  [[nodiscard]] std::vector<std::string> answers() const {
    std::vector<std::string> found;
    for (const std::string& each : heard) {
      if (each.find(R"("ev":)") == std::string::npos) found.push_back(each);
    }
    return found;
  }
  [[nodiscard]] std::size_t shown(std::string_view kind) const {
    return static_cast<std::size_t>(
        std::count_if(heard.begin(), heard.end(), [&](const std::string& each) {
          return each.starts_with(fmt::format(R"({{"ev":"shown","kind":"{}")", kind));
        }));
  }

  std::unique_ptr<ControlLine> line;
  std::vector<std::string> heard;
};

using Lines = std::vector<std::string>;

TEST_F(ControlLineTest, ASaleIsRungUpPaidAndCompleted) {
  open();
  EXPECT_EQ(answers_to(R"({"id":1,"do":"enter","code":"milk"})"),
            Lines{R"({"id":1,"ok":{"total":129}})"});
  EXPECT_EQ(answers_to(R"({"id":2,"do":"quantity","line":1,"quantity":2000})"),
            Lines{R"({"id":2,"ok":{"total":258}})"});
  EXPECT_EQ(answers_to(R"({"id":3,"do":"discount","rate":1000})"),
            Lines{R"({"id":3,"ok":{"total":232}})"});
  EXPECT_EQ(answers_to(R"({"id":4,"do":"discount","line":1,"amount":8})"),
            Lines{R"({"id":4,"ok":{"total":225}})"});
  EXPECT_EQ(answers_to(R"({"id":5,"do":"tender","kind":"cash","amount":1000})"),
            Lines{R"({"id":5,"ok":{"total":225,"change":775}})"});
  EXPECT_EQ(heard.front(), R"({"ev":"shown","kind":"cart","lines":["2 x The milk 2.25"],)"
                           R"("total":225,"tax":15,"due":0,"change":775})");
  EXPECT_EQ(
      answers_to(R"({"id":6,"do":"complete"})"),
      Lines{
          R"({"id":6,"ok":{"sale":"till-1.1.2","number":"1-0000001","total":225,"change":775}})"});
  EXPECT_EQ(shown("completed"), 1U);
  EXPECT_EQ(answers_to(R"({"id":7,"do":"refund","sale":"till-1.1.2","lines":[1]})"),
            Lines{R"({"id":7,"ok":{"sale":"till-1.1.3","number":"1-0000002","total":-225}})"});
  EXPECT_EQ(
      answers_to(R"({"id":8,"do":"void_line","line":9})"),
      Lines{R"({"id":8,"no":{"code":"not_found","text":"the sale has no line 9; it has 0"}})"});
  EXPECT_EQ(answers_to(R"({"do":"cancel"})"), Lines{R"({"ok":{}})"}) << "a question without an id";
}

TEST_F(ControlLineTest, TheStateAndRegisterSalesAreSaidInFull) {
  open();
  answers_to(R"({"do":"enter","code":"wine"})");
  answers_to(R"({"do":"tender","kind":"cash","amount":999})");
  answers_to(R"({"do":"complete"})");
  answers_to(R"({"do":"enter","code":"milk"})");
  rig.start("wan.down");
  pass(60s);
  EXPECT_EQ(
      answers_to(R"({"id":1,"do":"state"})"),
      Lines{
          R"({"id":1,"ok":{"state":{"stage":"register","link":"offline","cause":"link",)"
          R"("prompts":[{"id":"no_internet","text":"No network connection. Check the cable )"
          R"(or the Wi-Fi. Sales are kept on this till and sent when the connection is )"
          R"(back.","buttons":["Continue"],"modal":0}],"cart":["1 x The milk 1.29"],)"
          R"("total":129,"tax":8,"due":129,"change":0,"counters":{"pending":0,"quarantined":0,)"
          R"("uploaded":2,"value":0,"oldest_ms":0},"health":"sound","epoch":1,"day":"1970-01-01",)"
          R"("arrows":"green","in_step_ms":64200,"local_ms":0}}})"});
  const Lines rows = answers_to(R"({"id":2,"do":"sales"})");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_TRUE(rows[0].starts_with(
      R"({"id":2,"ok":{"sales":[{"sale":"till-1.1.2","kind":"sale","epoch":1,"number":1,)"
      R"("total":999,"wall_ms":)"))
      << rows[0];
  EXPECT_TRUE(rows[0].ends_with(R"(,"sync":"acked","why":"","at":"oms"}]}})")) << rows[0];
}

// While the disk takes its time over a sale, the till answers other questions and is pressed.
TEST_F(ControlLineTest, CommandsRunBesideEachOtherAndAnswerUnderTheirOwnIds) {
  open();
  answers_to(R"({"do":"enter","code":"milk"})");
  answers_to(R"({"do":"tender","kind":"cash","amount":129})");
  rig.start("wan.down");
  pass(60s);
  slow_disk(2s);
  heard.clear();
  line->take(R"({"id":40,"do":"complete"})");
  line->take(R"({"id":41,"do":"complete"})");
  line->take(R"({"id":42,"do":"press","prompt":"no_internet","button":"Continue"})");
  line->take(R"({"id":43,"do":"sales"})");
  line->take(R"({"id":44,"do":"cancel"})");
  pass(100ms);
  const Lines before = answers();
  ASSERT_EQ(before.size(), 4U);
  EXPECT_TRUE(before[0].starts_with(R"({"id":41,"no":{"code":"not_allowed")")) << before[0];
  EXPECT_EQ(before[1], R"({"id":42,"ok":{}})");
  EXPECT_TRUE(before[2].starts_with(R"({"id":43,"ok":{"sales":[{)")) << before[2];
  EXPECT_TRUE(before[3].starts_with(R"({"id":44,"no":{"code":"not_allowed")")) << before[3];
  EXPECT_EQ(shown("completed"), 0U);
  pass(20s);
  ASSERT_EQ(answers().size(), 5U);
  EXPECT_TRUE(answers()[4].starts_with(R"({"id":40,"ok":{"sale":"till-1.1.2")")) << answers()[4];
  EXPECT_EQ(shown("completed"), 1U);
}

TEST_F(ControlLineTest, ALineThatMakesNoSenseIsAnsweredNamingWhatIsWrong) {
  open();
  const std::vector<std::pair<std::string, std::string>> hostile = {
      {R"({"id":1})", "do"},
      {R"({"id":1,"do":"complet"})", "did you mean \\\"complete\\\"?"},
      {R"({"id":1,"do":"explode"})", "there is: enter, quantity, void_line"},
      {R"({"id":-1,"do":"state"})", "id"},
      {R"({"id":"1","do":"state"})", "id"},
      {R"({"id":1,"do":5})", "do"},
      {R"({"id":1,"do":"tender","kind":"cash"})", "amount"},
      {R"({"id":1,"do":"tender","kind":"cash","amount":1.5})", "amount"},
      {R"({"id":1,"do":"tender","kind":"cash","amount":"5"})", "amount"},
      {R"({"id":1,"do":"tender","kind":"cash","amount":9223372036854775808})", "amount"},
      {R"({"id":1,"do":"tender","kind":"voucher","amount":5})", "voucher"},
      {R"({"id":1,"do":"void_line","line":-1})", "line"},
      {R"({"id":1,"do":"discount","line":1})", "rate or an amount"},
      {R"({"id":1,"do":"discount","line":1,"rate":5,"amount":5})", "rate or an amount"},
      {R"({"id":1,"do":"refund"})", "sale"},
      {R"({"id":1,"do":"refund","sale":"till-1.1.2","lines":[0]})", "lines"},
      {R"({"id":1,"do":"refund","sale":"till-1.1.2","lines":["1"]})", "lines"},
      {R"({"id":1,"do":"refund","sale":"till-1.1.2","lines":1})", "lines"},
      {R"({"id":1,"do":"press","prompt":"printer"})", "button"},
      {R"({"id":1,"do":"enter","code":7})", "code"},
      {R"([1])", "object"},
      {"null", "object"},
      {"{", "JSON"},
      {"{}x", "JSON"},
      {"tender", "JSON"},
      {R"({"id":1,"do":"state")", "JSON"},
      {std::string(50'000, '['), "JSON"},
      {R"({"id":1,"do":"enter","code":")" + std::string(5000, 'x') + "\"}", "code"},
      {R"({"id":1,"do":"enter","code":")" + std::string(1'100'000, 'x') + "\"}", "1048576 bytes"},
  };
  for (const auto& [said, about] : hostile) {
    const Lines no = answers_to(said);
    ASSERT_EQ(no.size(), 1U) << said;
    EXPECT_NE(no[0].find(R"("no":{"code":")"), std::string::npos) << no[0];
    EXPECT_NE(no[0].find(about), std::string::npos) << no[0];
  }
  EXPECT_EQ(answers_to(R"({"do":"cancel","colour":"blue"})"), Lines{R"({"ok":{}})"})
      << "fields that it does not know are nobody's fault";
}

TEST_F(ControlLineTest, BytesAreCutIntoLinesHoweverTheyCome) {
  open();
  const std::string all = R"({"id":1,"do":"enter","code":"milk"})"
                          "\r\n\n"
                          R"({"id":2,"do":"cancel"})"
                          "\n";
  for (std::size_t step = 1; step <= all.size(); ++step) {
    heard.clear();
    for (std::size_t at = 0; at < all.size(); at += step) line->feed(all.substr(at, step));
    pass(10ms);
    const Lines expected = {R"({"id":1,"ok":{"total":129}})", R"({"id":2,"ok":{}})"};
    ASSERT_EQ(answers(), expected) << step;
  }
}

TEST_F(ControlLineTest, ALineThatIsTooLongIsRefusedOnceAndTheNextOneIsTaken) {
  open();
  heard.clear();
  for (int i = 0; i < 200; ++i) line->feed(std::string(10'000, 'x'));
  pass(10ms);
  ASSERT_EQ(answers().size(), 1U) << "it is refused before its end is there";
  EXPECT_TRUE(answers()[0].starts_with(R"({"no":{"code":"too_large","text":")")) << answers()[0];
  line->feed("x\n{\"id\":5,\"do\":\"cancel\"}\n");
  pass(10ms);
  ASSERT_EQ(answers().size(), 2U);
  EXPECT_EQ(answers()[1], R"({"id":5,"ok":{}})");
  // The longest that is taken, and one byte more.
  std::string longest = R"({"id":6,"do":"cancel","x":")";
  longest += std::string(ControlLine::kLongestLine - longest.size() - 2, 'y') + "\"}";
  heard.clear();
  line->feed(longest + "\n");
  line->feed(longest + " \n");
  pass(10ms);
  ASSERT_EQ(answers().size(), 2U);
  EXPECT_TRUE(answers()[0].find("too_large") != std::string::npos) << answers()[0];
  EXPECT_EQ(answers()[1], R"({"id":6,"ok":{}})");
}

TEST_F(ControlLineTest, SaysThatItIsClosedAfterItsAnswer) {
  open();
  int closed = 0;
  line->on_closed = [&] {
    ++closed;
    EXPECT_EQ(answers(), Lines{R"({"id":1,"ok":{}})"});
  };
  answers_to(R"({"id":1,"do":"close"})");
  EXPECT_EQ(closed, 1);
  EXPECT_TRUE(line->closed());
  EXPECT_EQ(shown("stage"), 1U);
  const Lines late = answers_to(R"({"id":2,"do":"sales"})");
  ASSERT_EQ(late.size(), 1U);
  EXPECT_TRUE(late[0].find("closed") != std::string::npos) << late[0];
  EXPECT_EQ(closed, 1);
}

// The end of the input, or a signal.
TEST_F(ControlLineTest, ClosingFromOutsideWaitsForTheSaleInHand) {
  open();
  answers_to(R"({"do":"enter","code":"milk"})");
  answers_to(R"({"do":"tender","kind":"cash","amount":129})");
  slow_disk(1s);
  heard.clear();
  line->take(R"({"id":1,"do":"complete"})");
  bool over = false;
  const auto closing = [](ControlLine& closed_line, bool& done) -> base::Awaitable<void> {
    const auto closed = co_await closed_line.close();
    done = closed.has_value();
  };
  kernel::spawn(rig.kernel, rig.till_lane, closing(*line, over));
  pass(100ms);
  EXPECT_FALSE(over);
  pass(30s);
  EXPECT_TRUE(over);
  EXPECT_TRUE(line->closed());
  ASSERT_EQ(answers().size(), 1U);
  EXPECT_TRUE(answers()[0].starts_with(R"({"id":1,"ok":{"sale":)")) << answers()[0];
}

// A line damaged anywhere is carried out or refused: one answer each, whatever it says.
TEST_F(ControlLineTest, DamagedLinesAreAnsweredOnceEach) {
  open();
  std::mt19937_64 random(7);
  const std::vector<std::string> good = {
      R"({"id":9,"do":"tender","kind":"cash","amount":1000})",
      R"({"id":9,"do":"refund","sale":"till-1.1.2","lines":[1,2]})",
      R"({"id":9,"do":"press","prompt":"printer","button":"OK"})",
      R"({"id":9,"do":"discount","line":1,"rate":1050})",
  };
  for (const std::string& whole : good) {
    for (int round = 0; round < 200; ++round) {
      std::string bad = whole.substr(0, round % 7 == 0 ? random() % whole.size() : whole.size());
      if (bad.empty()) continue;
      for (std::size_t n = 1 + random() % 3; n > 0; --n) {
        bad[random() % bad.size()] = "0123456789-{}[]\",:eE.\x01\xff"[random() % 23];
      }
      if (bad.find("close") != std::string::npos) continue;
      EXPECT_EQ(answers_to(bad).size(), 1U) << bad;
    }
  }
}

TEST(ControlLineWords, EveryCommandAndKindHasANameOfItsOwn) {
  const auto unique = [](auto names) {
    std::sort(names.begin(), names.end());
    return std::unique(names.begin(), names.end()) == names.end();
  };
  EXPECT_TRUE(unique(base::Kinds<Command>::kNames));
  EXPECT_TRUE(unique(base::Kinds<Shown>::kNames));
}

}  // namespace
}  // namespace tillrig::till
