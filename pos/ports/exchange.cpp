#include "pos/ports/exchange.hpp"

namespace tillrig::ports {

base::Awaitable<base::Result<base::HttpResponse>> exchange(base::ByteChannel& channel,
                                                           base::Bytes request,
                                                           ExchangeOptions options) {
  constexpr std::size_t kReadBytes = 64 * 1024;  // a channel may set aside as many for each read
  const base::Instant deadline = options.deadline;
  auto written = co_await channel.write(std::move(request), deadline);
  if (!written) co_return base::Failure(written.error());
  if (options.sent) options.sent();
  base::HttpReader<base::HttpResponse> reader(options.body_limit);
  bool heard = false;
  for (;;) {
    auto bytes = co_await channel.read(kReadBytes, deadline);
    if (!bytes) co_return base::Failure(bytes.error());
    const bool over = bytes->empty();
    if (!over && !heard && options.heard) options.heard();
    heard = heard || !over;
    const auto fed = over ? reader.finish() : reader.feed(*bytes);
    if (!fed) co_return base::Failure(fed.error());
    if (auto response = reader.next()) co_return std::move(*response);
    if (over) {
      co_return base::fail(base::Code::closed, "the connection ended before the answer was whole");
    }
  }
}

}  // namespace tillrig::ports
