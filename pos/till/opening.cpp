// How a till opens: store, first contact, epoch, first page.
#include "pos/base/spawn.hpp"
#include "pos/till/till_parts.hpp"

namespace tillrig::till {

Till::Parts::Parts(ports::Ports ports, Config config, Screen& screen)
    : ports_(std::move(ports)), config_(std::move(config)), screen_(screen), prompts_(screen) {}

base::Awaitable<Result<void>> Till::Parts::start() {
  store::Config kept;
  kept.till = config_.name;
  kept.currency = config_.currency;
  kept.mutants = config_.mutants;
  auto opened = store::Store::open(ports_.disk, ports_.clock, ports_.recorder, kept);
  if (!opened) co_return base::within(config_.name + " cannot open its store", opened.error());
  store_ = std::move(*opened);
  co_await sleep_off_debt();
  if (store_->health() == store::Health::critical) {
    say_critical("The till's storage is damaged: " + store_->opened().what +
                 " Do not sell on this till; make sure it is connected and press OK.");
    co_return Result<void>{};
  }

  sync::ServiceConfig syncing;
  syncing.till = config_.name;
  syncing.cloud = config_.cloud;
  syncing.connectivity = config_.connectivity;
  syncing.mutants = config_.mutants;
  sync::Service::Listener listener;
  listener.connection = [this](sync::Link link, sync::Cause cause) { on_connection(link, cause); };
  listener.counters = [this] { on_counters(); };
  listener.logged_in = [this] {
    if (stage_ == Stage::register_page) static_cast<void>(settle_epoch());
  };
  service_ = std::make_unique<sync::Service>(ports_, *store_, syncing, std::move(listener));

  if (!config_.scanner.host.empty()) {
    ScannerLine::Listener codes;
    codes.scan = [this](const scanner::Scan& scan) { on_scan(scan); };
    codes.reject = [this](const scanner::Reject& reject) { on_reject(reject); };
    scanner_.emplace(ports_, config_.scanner, std::move(codes));
    auto scanning = scanner_->run();
    base::spawn(ports_.executor, std::move(scanning));
  }
  if (!config_.printer.host.empty()) {
    PrinterLine::Listener paper;
    paper.status = [this](const printer::PrinterStatus& status) { on_printer(status); };
    paper.done = [this](printer::JobId) { ports_.recorder.note({.mark = "receipt.printed"}); };
    paper.in_doubt = [this](printer::JobId) {
      ports_.recorder.note({.mark = "receipt.in_doubt", .severity = ports::Severity::warn});
    };
    printer_.emplace(ports_, config_.printer, std::move(paper));
    auto printing = printer_->run();
    base::spawn(ports_.executor, std::move(printing));
  }
  co_await first_page();
  co_return Result<void>{};
}

base::Awaitable<void> Till::Parts::first_page() {
  const sync::Cause cause = co_await service_->first_contact();
  if (cause != sync::Cause::none) {
    if (store_->epoch() == 0) {
      prompts_.open({"first_login_needed",
                     "This till has never been connected. It needs the cloud once before its first "
                     "sale. " +
                         std::string(sync::sentence(cause)),
                     {std::string(kTryAgain)},
                     true});
    } else {
      say_no_internet(cause, true);
    }
    co_return;
  }
  if (auto settled = settle_epoch(); !settled) refuse(settled.error());
  co_await sleep_off_debt();
  go_to(Stage::register_page);
  service_->start();
}

// Which epoch the next document is numbered in (design, rule 3): the one in the store when nothing
// can have been lost, a new one at creation, when the cloud knows more than we do, and after an
// unclean stop that cannot ask.
Result<void> Till::Parts::settle_epoch() {
  auto settled = choose_epoch();
  epoch_settled_ = settled.has_value();  // if not, the next sale tries again before it begins
  return settled;
}

Result<void> Till::Parts::choose_epoch() {
  std::uint32_t cloud_epoch = 0;
  std::uint64_t cloud_number = 0;
  const auto& login = service_->logged_in();
  if (login) {
    for (const wire::LoggedIn::High& high : login->highs) {
      if (high.epoch < cloud_epoch) continue;
      cloud_epoch = high.epoch;
      cloud_number = high.number;
    }
  }
  const std::uint32_t epoch = store_->epoch();
  if (epoch == 0) return store_->open_epoch("created", cloud_epoch + 1);
  const bool ahead =
      cloud_epoch > epoch || (cloud_epoch == epoch && cloud_number > store_->high_number());
  if (ahead) return store_->open_epoch("cloud_ahead", cloud_epoch + 1);
  if (!store_->opened().new_epoch_due) return {};
  if (store_->opened().copy_lost) return store_->open_epoch("copy_lost");
  if (!login) return store_->open_epoch("unclean_stop");
  store_->keep_epoch();
  return {};
}

void Till::Parts::go_to(Stage stage) {
  stage_ = stage;
  Shown shown;
  shown.kind = Shown::Kind::stage;
  shown.stage = stage;
  screen_.show(shown);
}

void Till::Parts::say_critical(std::string text) {
  go_to(Stage::critical);
  prompts_.open({"critical_error", std::move(text), {std::string(kOk)}, true});
}

void Till::Parts::say_no_internet(sync::Cause cause, bool modal) {
  prompts_.open({"no_internet",
                 std::string(sync::sentence(cause)) +
                     " Sales are kept on this till and sent when the connection is back.",
                 {std::string(kContinue)},
                 modal});
}

void Till::Parts::on_connection(sync::Link link, sync::Cause cause) {
  Shown shown;
  shown.kind = Shown::Kind::connection;
  shown.link = link;
  shown.cause = cause;
  shown.text = sync::sentence(cause);
  screen_.show(shown);
  if (stage_ != Stage::register_page) return;
  if (link == sync::Link::offline) say_no_internet(cause, false);
  if (link == sync::Link::online) prompts_.withdraw("no_internet", "the line is back");
}

void Till::Parts::on_counters() {
  Shown shown;
  shown.kind = Shown::Kind::counters;
  shown.counters = store_->counters();
  screen_.show(shown);
}

void Till::Parts::on_printer(const printer::PrinterStatus& status) {
  if (printer::is_ready(status)) return prompts_.withdraw("printer", "the printer is ready");
  prompts_.open({"printer", printer::describe(status), {std::string(kOk)}, false});
}

}  // namespace tillrig::till
