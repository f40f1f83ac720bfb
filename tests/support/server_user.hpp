// How a test starts a server that refuses to run as root.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace genie_slack::test {

// Arguments of setpriv that run the command, as the user "postgres" when this process is root's. It ends with the
// thread that started it.
std::vector<std::string> as_server_user(std::vector<std::string> command);

// Makes that user the owner of the file or directory.
void give_to_server_user(const std::string& path);

// A port of 127.0.0.1 on which nobody listens now.
std::uint16_t free_port();

}  // namespace genie_slack::test
