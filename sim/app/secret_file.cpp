#include "sim/app/secret_file.hpp"

#include <fstream>
#include <sstream>

namespace tillrig::app {

base::Result<std::string> read_text(const std::string& file) {
  std::ifstream in(file);
  std::ostringstream text;
  if (in) text << in.rdbuf();
  if (!in || !text) return base::fail(base::Code::bad_input, "{}: cannot be read", file);
  return text.str();
}

base::Result<std::string> read_secret(const std::string& file) {
  auto text = read_text(file);
  if (!text) return text;
  std::string secret = text->substr(0, text->find_first_of("\r\n"));
  oms::Secrets check;
  if (auto good = check.add("till", secret); !good) return base::within(file, good.error());
  return secret;
}

base::Result<oms::Secrets> read_secrets(const std::string& file) {
  const auto text = read_text(file);
  if (!text) return base::Failure(text.error());
  auto secrets = oms::Secrets::read(*text, file);
  if (secrets && secrets->open_to_all()) {
    return base::fail(base::Code::bad_input,
                      "{}: lists no secret; expected lines of \"TILL SECRET\" and \"{} SECRET\"",
                      file, oms::Secrets::kAudit);
  }
  return secrets;
}

}  // namespace tillrig::app
