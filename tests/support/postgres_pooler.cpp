#include "tests/support/postgres_pooler.hpp"

#include "core/clock.hpp"
#include "tests/support/server_user.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace genie_slack::test {

namespace {

constexpr const char* kProgram = "/usr/sbin/pgbouncer";
constexpr Duration kPoolerStartTime = std::chrono::seconds(30);

// As userlist.txt writes it.
std::string quoted(const std::string& text) {
    std::string result = "\"";
    for (const char c : text)
        result += c == '"' ? "\"\"" : std::string(1, c);
    return result + '"';
}

}  // namespace

PostgresPooler::PostgresPooler(const PostgresServer& server, const std::string& role, const std::string& password,
                               int server_connections)
    : port_(free_port()) {
    if (!std::filesystem::exists(kProgram))
        throw std::runtime_error(std::string("no ") + kProgram + ": ./test installs it");
    char name[] = "/tmp/genie-slack-pooler-XXXXXX";
    if (!mkdtemp(name))
        throw std::runtime_error("no temporary directory for PgBouncer");
    directory_ = name;
    give_to_server_user(directory_);
    const Certificate certificate = authority_.issue("DNS:localhost,IP:127.0.0.1");
    write_file("pooler.crt", certificate.certificate_pem);
    write_file("pooler.key", certificate.key_pem);
    write_file("users.txt", quoted(role) + " " + quoted(password) + "\n");
    std::ifstream authority(server.ca_file());
    write_file("server_ca.crt", std::string(std::istreambuf_iterator<char>(authority), {}));
    write_file(
        "pgbouncer.ini",
        "[databases]\n* = host=127.0.0.1 port=" + std::to_string(server.port()) +
            "\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = " + std::to_string(port_) +
            "\nunix_socket_dir =\npool_mode = transaction\ndefault_pool_size = " + std::to_string(server_connections) +
            "\nauth_type = scram-sha-256\nauth_file = " + directory_ +
            "/users.txt\nclient_tls_sslmode = require\nclient_tls_key_file = " + directory_ +
            "/pooler.key\nclient_tls_cert_file = " + directory_ +
            "/pooler.crt\nserver_tls_sslmode = verify-full\nserver_tls_ca_file = " + directory_ + "/server_ca.crt\n");
    process_ =
        std::make_unique<ChildProcess>("/usr/bin/setpriv", as_server_user({kProgram, directory_ + "/pgbouncer.ini"}),
                                       std::map<std::string, std::string>{});
    const auto deadline = Deadline::after(kPoolerStartTime);
    while (!is_listening()) {
        if (process_->exit_code() || deadline.expired())
            throw std::runtime_error("PgBouncer does not start: " + process_->output());
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
}

PostgresPooler::~PostgresPooler() {
    process_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
}

void PostgresPooler::write_file(const std::string& name, const std::string& text) {
    const std::string path = directory_ + "/" + name;
    {
        std::ofstream file(path, std::ios::trunc);
        file << text;
        if (!file.flush())
            throw std::runtime_error("cannot write " + path);
    }
    chmod(path.c_str(), S_IRUSR | S_IWUSR);
    give_to_server_user(path);
}

bool PostgresPooler::is_listening() const {
    const int socket_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool connected = connect(socket_fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
    close(socket_fd);
    return connected;
}

}  // namespace genie_slack::test
