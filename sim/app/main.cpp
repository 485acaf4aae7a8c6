#include "sim/app/command_line.hpp"

int main(int count, char** words) {
  return tillrig::app::main_command(count, words);
}
