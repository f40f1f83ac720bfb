#include "tests/support/server_user.hpp"

#include <netinet/in.h>
#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <iterator>
#include <stdexcept>

namespace genie_slack::test {

std::vector<std::string> as_server_user(std::vector<std::string> command) {
    std::vector<std::string> whole{"--pdeathsig", "KILL"};
    if (geteuid() == 0)
        whole.insert(whole.end(), {"--reuid", "postgres", "--regid", "postgres", "--clear-groups"});
    whole.push_back("--");
    whole.insert(whole.end(), std::make_move_iterator(command.begin()), std::make_move_iterator(command.end()));
    return whole;
}

void give_to_server_user(const std::string& path) {
    if (geteuid() != 0)
        return;
    const passwd* user = getpwnam("postgres");
    if (!user || chown(path.c_str(), user->pw_uid, user->pw_gid) != 0)
        throw std::runtime_error("cannot give " + path + " to the user postgres");
}

std::uint16_t free_port() {
    const int socket_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    const bool found = bind(socket_fd, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                       getsockname(socket_fd, reinterpret_cast<sockaddr*>(&address), &size) == 0;
    close(socket_fd);
    if (!found)
        throw std::runtime_error("no free port");
    return ntohs(address.sin_port);
}

}  // namespace genie_slack::test
