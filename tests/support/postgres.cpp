#include "tests/support/postgres.hpp"

#include "core/clock.hpp"
#include "tests/support/server_user.hpp"

#include <libpq-fe.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <unistd.h>

#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace genie_slack::test {

namespace fs = std::filesystem;

namespace {

constexpr Duration kStartTime = std::chrono::seconds(60);
constexpr Duration kEndTime = std::chrono::seconds(30);
constexpr auto kPause = std::chrono::milliseconds(10);

// Debian keeps each major version's programs in a folder of its own; the newest one wins.
std::string find_programs() {
    std::string best;
    int version = 0;
    std::error_code missing;
    for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", missing)) {
        const int found = std::atoi(entry.path().filename().c_str());
        if (found > version && fs::exists(entry.path() / "bin" / "postgres")) {
            version = found;
            best = (entry.path() / "bin").string();
        }
    }
    if (best.empty())
        throw std::runtime_error("no PostgreSQL server in /usr/lib/postgresql: ./test installs it");
    return best;
}

// The server ends with the thread that started it (--pdeathsig), so that no test leaves one behind: this thread lives
// as long as the process, whichever thread asks for the start.
class Starter {
 public:
    static Starter& instance() {
        static Starter& starter = *new Starter;  // never destroyed: its thread waits until the process ends
        return starter;
    }
    std::unique_ptr<ChildProcess> start(std::vector<std::string> arguments) {
        std::packaged_task<std::unique_ptr<ChildProcess>()> task([&] {
            return std::make_unique<ChildProcess>("/usr/bin/setpriv", std::move(arguments),
                                                  std::map<std::string, std::string>{});
        });
        auto process = task.get_future();
        {
            const std::lock_guard lock(mutex_);
            tasks_.push_back(std::move(task));
        }
        changed_.notify_one();
        return process.get();
    }

 private:
    Starter() {
        std::thread([this] {
            for (;;) {
                std::unique_lock lock(mutex_);
                changed_.wait(lock, [this] { return !tasks_.empty(); });
                auto task = std::move(tasks_.front());
                tasks_.pop_front();
                lock.unlock();
                task();
            }
        }).detach();
    }
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::packaged_task<std::unique_ptr<ChildProcess>()>> tasks_;
};

class Connection {
 public:
    explicit Connection(const std::string& parameters) : connection_(PQconnectdb(parameters.c_str())) {}
    ~Connection() { PQfinish(connection_); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    PostgresServer::Rows query(const std::string& statements) {
        if (PQstatus(connection_) != CONNECTION_OK)
            throw std::runtime_error(PQerrorMessage(connection_));
        PGresult* result = PQexec(connection_, statements.c_str());
        const ExecStatusType status = PQresultStatus(result);
        PostgresServer::Rows rows;
        for (int row = 0; row < PQntuples(result); ++row) {
            auto& fields = rows.emplace_back();
            for (int column = 0; column < PQnfields(result); ++column)
                fields.emplace_back(PQgetisnull(result, row, column) ? "<null>" : PQgetvalue(result, row, column));
        }
        const std::string failure = PQresultErrorMessage(result);
        PQclear(result);
        if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
            throw std::runtime_error(failure);
        return rows;
    }

 private:
    PGconn* connection_;
};

std::string quoted_name(const std::string& name) {
    std::string quoted = "\"";
    for (const char c : name)
        quoted += c == '"' ? "\"\"" : std::string(1, c);
    return quoted + '"';
}

std::string quoted_text(const std::string& text) {
    std::string quoted = "'";
    for (const char c : text)
        quoted += c == '\'' ? "''" : std::string(1, c);
    return quoted + '\'';
}

}  // namespace

PostgresServer::PostgresServer(std::map<std::string, std::string> settings) : programs_(find_programs()) {
    char name[] = "/tmp/genie-slack-pg-XXXXXX";
    if (!mkdtemp(name))
        throw std::runtime_error("no temporary directory for PostgreSQL");
    directory_ = name;
    give_to_server_user(directory_);
    {
        ChildProcess initdb("/usr/bin/setpriv",
                            as_server_user({programs_ + "/initdb", "-D", directory_ + "/data", "-U", "postgres", "-A",
                                            "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"}),
                            {});
        const auto deadline = Deadline::after(kStartTime);
        while (!initdb.exit_code() && !deadline.expired())
            std::this_thread::sleep_for(kPause);
        if (initdb.exit_code() != 0)
            throw std::runtime_error("initdb failed: " + initdb.output());
    }
    const Certificate certificate = authority_.issue("DNS:localhost,IP:127.0.0.1");
    write_file("server.crt", certificate.certificate_pem);
    write_file("server.key", certificate.key_pem);
    write_file("pg_hba.conf", "local all postgres trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n");
    std::map<std::string, std::string> all{{"ssl", "on"},
                                           {"listen_addresses", "127.0.0.1"},
                                           {"unix_socket_directories", directory_},
                                           {"max_connections", "60"},
                                           {"shared_buffers", "16MB"},
                                           {"fsync", "off"},
                                           {"logging_collector", "off"}};
    for (auto& [key, value] : settings)
        all[key] = value;
    std::string text;
    for (const auto& [key, value] : all)
        text += key + " = " + quoted_text(value) + "\n";
    write_file("postgresql.auto.conf", text);
    // Another program may take the port between the look and the start.
    for (int attempt = 0;; ++attempt) {
        port_ = free_port();
        try {
            start();
            return;
        } catch (const std::exception&) {
            if (attempt == 4)
                throw;
        }
    }
}

PostgresServer::~PostgresServer() {
    if (process_) {
        resume();
        stop();
    }
    remove_shared_memory();
    std::error_code ignored;
    fs::remove_all(directory_, ignored);
}

void PostgresServer::start() {
    process_ = Starter::instance().start(
        as_server_user({programs_ + "/postgres", "-D", directory_ + "/data", "-p", std::to_string(port_)}));
    const std::string parameters = "host=" + directory_ + " port=" + std::to_string(port_);
    const auto deadline = Deadline::after(kStartTime);
    while (PQping(parameters.c_str()) != PQPING_OK) {
        if (process_->exit_code() || deadline.expired()) {
            const std::string said = process_->output();
            process_.reset();
            throw std::runtime_error("PostgreSQL does not start: " + said);
        }
        std::this_thread::sleep_for(kPause);
    }
}

void PostgresServer::stop() {
    if (!process_)
        return;
    process_->signal(SIGQUIT);
    wait_for_end();
}

void PostgresServer::kill() {
    if (!process_)
        return;
    const std::vector<int> all = processes();
    for (const int process : all)
        ::kill(process, SIGKILL);
    wait_for_end();
    // Its children keep the port and the memory until they are gone as well.
    const auto deadline = Deadline::after(kEndTime);
    for (const int process : all)
        while (fs::exists("/proc/" + std::to_string(process)) && !deadline.expired())
            std::this_thread::sleep_for(kPause);
    remove_shared_memory();
    std::error_code ignored;
    fs::remove(directory_ + "/data/postmaster.pid", ignored);
}

void PostgresServer::pause() {
    for (const int process : processes())
        ::kill(process, SIGSTOP);
}

void PostgresServer::resume() {
    for (const int process : processes())
        ::kill(process, SIGCONT);
}

PostgresServer::Rows PostgresServer::query(const std::string& database, const std::string& statements) {
    Connection connection("host=" + directory_ + " port=" + std::to_string(port_) + " user=postgres dbname='" +
                          database + "' options=-cclient_min_messages=warning");
    return connection.query(statements);
}

std::string PostgresServer::value(const std::string& database, const std::string& statements) {
    const Rows rows = query(database, statements);
    if (rows.empty() || rows[0].empty())
        throw std::runtime_error("no row came from: " + statements);
    return rows[0][0];
}

void PostgresServer::create_role(const std::string& role, const std::string& password) {
    query("postgres", "CREATE ROLE " + quoted_name(role) + " LOGIN PASSWORD " + quoted_text(password));
}

void PostgresServer::create_database(const std::string& database, const std::string& role) {
    query("postgres", "CREATE DATABASE " + quoted_name(database));
    query("postgres", "GRANT CONNECT, CREATE ON DATABASE " + quoted_name(database) + " TO " + quoted_name(role));
    // As on PostgreSQL 15 and newer, whatever the template says.
    query(database, "REVOKE CREATE ON SCHEMA public FROM PUBLIC");
}

std::string PostgresServer::log() const {
    return earlier_log_ + (process_ ? process_->output() : "");
}

void PostgresServer::write_file(const std::string& name, const std::string& text) {
    const std::string path = directory_ + "/data/" + name;
    {
        std::ofstream file(path, std::ios::trunc);
        file << text;
        if (!file.flush())
            throw std::runtime_error("cannot write " + path);
    }
    chmod(path.c_str(), S_IRUSR | S_IWUSR);
    give_to_server_user(path);
}

// The postmaster and all that it started.
std::vector<int> PostgresServer::processes() const {
    std::vector<int> found;
    if (!process_)
        return found;
    found.push_back(process_->pid());
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator("/proc", ignored)) {
        std::ifstream status(entry.path() / "stat");
        std::string line;
        if (!std::getline(status, line))
            continue;
        // "pid (name) state parent ...": the name may hold anything but the last ')'.
        std::istringstream fields(line.substr(line.rfind(')') + 1));
        std::string state;
        int parent = 0;
        fields >> state >> parent;
        if (parent == process_->pid())
            found.push_back(std::atoi(entry.path().filename().c_str()));
    }
    return found;
}

void PostgresServer::wait_for_end() {
    const auto deadline = Deadline::after(kEndTime);
    while (!process_->exit_code() && !deadline.expired())
        std::this_thread::sleep_for(kPause);
    earlier_log_ += process_->output();
    process_.reset();
}

// A killed server leaves its System V segment behind: line 7 of postmaster.pid is "key id".
void PostgresServer::remove_shared_memory() {
    std::ifstream file(directory_ + "/data/postmaster.pid");
    std::string line;
    for (int i = 0; i < 7; ++i)
        std::getline(file, line);
    std::istringstream fields(line);
    long key = 0;
    int id = -1;
    if (fields >> key >> id)
        shmctl(id, IPC_RMID, nullptr);
}

}  // namespace genie_slack::test
