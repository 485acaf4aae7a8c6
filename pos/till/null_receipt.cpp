#include "pos/till/null_receipt.hpp"

#include <chrono>

namespace tillrig::till {

std::string moment_words(std::int64_t wall_ms) {
  using namespace std::chrono;
  const sys_time<milliseconds> moment{milliseconds(wall_ms)};
  const auto midnight = floor<days>(moment);
  const year_month_day day(midnight);
  const hh_mm_ss time(floor<seconds>(moment - midnight));
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02} UTC", static_cast<int>(day.year()),
                     static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

Receipt null_receipt(const base::EventId& id, const wire::OutageClosed& closed,
                     const Config& config, bool copy) {
  using Style = ReceiptLine::Style;
  const base::Currency currency =
      base::find_currency(config.currency).value_or(base::Currency{config.currency, 2});
  Receipt paper;
  paper.of = id.text();
  paper.columns = config.shop.columns;
  paper.copy = copy;
  const auto put = [&](Style style, std::string left, std::string right = {}) {
    paper.lines.push_back({style, std::move(left), std::move(right)});
  };
  if (!config.shop.header.empty()) put(Style::title, config.shop.header.front());
  if (copy) put(Style::bold, config.shop.copy_mark);
  put(Style::bold, "NULL RECEIPT");
  put(Style::plain, "Event " + id.text());
  put(Style::plain, "From " + moment_words(closed.since_ms));
  put(Style::plain, "Until " + moment_words(closed.until_ms));
  put(Style::plain, fmt::format("Documents {}", closed.documents));
  put(Style::bold, "TOTAL", base::format_money({}, currency));
  if (wire::has_to_be_reported(closed)) put(Style::plain, "To be reported: more than 48 hours");
  return paper;
}

}  // namespace tillrig::till
