#include "sim/scenario/read/sale_names.hpp"

#include "sim/scenario/read/step.hpp"

#include <fmt/format.h>

#include <set>

namespace tillrig::scenario {
namespace {

using words::Kind;

// All names of a plan: those that were given, and those that are called.
class Names {
 public:
  void read(const std::vector<Action>& doing) {
    for (const Action& action : doing) {
      if (action.step != nullptr) read(*action.step, action.args, action.where);
    }
  }

  void read(const words::Word& row, const words::Args& args, const Where& where) {
    for (const words::Param& param : row.params) {
      const std::string value = args.text(param.name);
      if (value.empty()) continue;
      if (param.kind == Kind::name && !given_.insert(value).second)
        twice_.push_back({where, value});
      const bool of_one = value.starts_with("sale:");
      const bool names_one = param.kind == Kind::sale ||
                             (of_one && (param.kind == Kind::paper || param.kind == Kind::books));
      if (!names_one) continue;
      std::string sale = of_one ? value.substr(5) : value;
      if (!by_place(sale)) called_.push_back({where, std::move(sale)});
    }
  }

  void check(Problems& problems) const {
    for (const auto& [where, sale] : twice_) {
      problems.add(where, fmt::format("a second sale is called \"{}\"", sale),
                   "another name: each sale has its own");
    }
    std::vector<std::string_view> names{"last", "last-1", "first", "#1"};
    names.insert(names.end(), given_.begin(), given_.end());
    for (const auto& [where, sale] : called_) {
      if (!given_.contains(sale)) problems.unknown(where, "sale", sale, names);
    }
  }

 private:
  struct Called {
    Where where;
    std::string sale;
  };
  std::set<std::string, std::less<>> given_;
  std::vector<Called> called_;
  std::vector<Called> twice_;
};

}  // namespace

void check_sale_names(const Plan& plan, Problems& problems) {
  Names names;
  for (const Phase& phase : plan.phases) {
    names.read(phase.doing);
    for (const Expected& each : phase.expects) names.read(*each.row, each.args, each.where);
  }
  for (const At& at : plan.ats) names.read(at.doing);
  for (const When& when : plan.whens) names.read(when.doing);
  names.check(problems);
}

}  // namespace tillrig::scenario
