#include "pos/ports/exchange.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <algorithm>

namespace tillrig::net {
namespace {

using base::Awaitable;
using base::Bytes;
using base::Result;

// Gives what it holds in pieces, and notes how much was asked for at once.
class Scripted final : public base::ByteChannel {
 public:
  explicit Scripted(std::vector<Bytes> pieces) : pieces_(std::move(pieces)) {}

  Awaitable<Result<Bytes>> read(std::size_t most, base::Instant /*deadline*/) override {
    greatest = std::max(greatest, most);
    if (next_ == pieces_.size()) co_return Bytes();
    co_return pieces_[next_++];
  }
  Awaitable<Result<void>> write(Bytes bytes, base::Instant /*deadline*/) override {
    written = std::move(bytes);
    co_return Result<void>{};
  }
  void close() override {}

  std::size_t greatest = 0;
  Bytes written;

 private:
  std::vector<Bytes> pieces_;
  std::size_t next_ = 0;
};

struct Played {
  std::optional<Result<base::HttpResponse>> answer;
  std::string told;
};

Awaitable<void> play(Scripted* channel, Played* played) {
  ports::ExchangeOptions options;
  options.body_limit = 64U * 1024 * 1024;
  options.sent = [played] { played->told += "sent "; };
  options.heard = [played] { played->told += "heard "; };
  Bytes request = "GET / HTTP/1.1\r\n\r\n";
  auto exchanging = ports::exchange(*channel, std::move(request), std::move(options));
  auto answer = co_await std::move(exchanging);
  played->answer.emplace(std::move(answer));
}

Played exchange_over(Scripted& channel) {
  Played played;
  boost::asio::io_context io;
  auto work = play(&channel, &played);
  boost::asio::co_spawn(io, std::move(work), boost::asio::detached);
  io.run();
  return played;
}

TEST(Exchange, SetsAsideLittleForEachReadHoweverLargeAnAnswerMayBe) {
  Scripted channel({"HTTP/1.1 200 OK\r\nContent-Le", "ngth: 2\r\n\r\n{", "}"});
  const Played played = exchange_over(channel);
  ASSERT_TRUE(played.answer && *played.answer);
  EXPECT_EQ((*played.answer)->body, "{}");
  EXPECT_EQ(played.told, "sent heard ");
  EXPECT_LE(channel.greatest, 64U * 1024);
}

TEST(Exchange, AnAnswerThatBreaksOffIsAnEnd) {
  Scripted half({"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{"});
  Played played = exchange_over(half);
  ASSERT_TRUE(played.answer && !*played.answer);
  EXPECT_EQ(played.answer->error().code, base::Code::closed);
  Scripted none({});
  played = exchange_over(none);
  ASSERT_TRUE(played.answer && !*played.answer);
  EXPECT_EQ(played.answer->error().code, base::Code::closed);
  EXPECT_EQ(played.told, "sent ");
}

}  // namespace
}  // namespace tillrig::net
