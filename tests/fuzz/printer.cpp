// Any bytes may come to a printer, and any to its driver.
#include "devices/printer/driver.hpp"
#include "devices/printer/simulated.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace tillrig::fuzz {
namespace {

std::string printed(base::ByteView bytes, std::size_t step) {
  printer::SimulatedPrinter printer;
  std::string all;
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    all += printer.feed(bytes.substr(at, step), base::Instant{});
  }
  for (const printer::Receipt& receipt : printer.paper()) {
    all += printer::paper_text(receipt) + (receipt.complete ? "cut\n" : "hangs\n");
  }
  return all;
}

}  // namespace

void one(base::ByteView input) {
  const Pieces pieces(input);
  must(printed(pieces.bytes, pieces.step) == printed(pieces.bytes, pieces.bytes.size() + 1),
       "paper and answers do not depend on how the bytes are cut");

  printer::PrinterDriver driver;
  const printer::JobId job = driver.print("a receipt\n");
  base::Bytes written = driver.next();
  driver.ask();
  pieces.each([&](base::ByteView piece) {
    static_cast<void>(driver.feed(piece));
    written += driver.next();
  });
  must(printer::describe(driver.status()) != "", "every status has a sentence");
  static_cast<void>(driver.reset());
  must(driver.queued() <= 1, "one job never becomes two");
  static_cast<void>(job);
}

}  // namespace tillrig::fuzz
