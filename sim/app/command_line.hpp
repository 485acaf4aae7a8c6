#pragma once

namespace tillrig::app {

// Reads the command line, carries the command out and gives the exit code.
int main_command(int count, char** words);

}  // namespace tillrig::app
