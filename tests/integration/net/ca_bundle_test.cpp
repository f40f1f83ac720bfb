#include "core/net/ca_bundle.hpp"

#include "core/net/http_client.hpp"
#include "core/net/resolver.hpp"
#include "core/net/tls.hpp"
#include "tests/catch.hpp"
#include "tests/support/run.hpp"
#include "tests/support/scripted_server.hpp"

#include <boost/asio/io_context.hpp>

#include <openssl/x509_vfy.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>

namespace genie_slack::ca_bundle_test {

using namespace std::chrono_literals;
namespace asio = boost::asio;

std::string text_of(const std::string& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

// A file beside the authority's own, as long as it lives.
class BundleFile {
 public:
    BundleFile(const test::Authority& beside, const std::string& content) : path_(beside.file() + ".bundle") {
        std::ofstream(path_) << content;
    }
    ~BundleFile() { std::filesystem::remove(path_); }
    BundleFile(const BundleFile&) = delete;
    BundleFile& operator=(const BundleFile&) = delete;

    const std::string& path() const { return path_; }

 private:
    std::string path_;
};

// "" when a server with that certificate is believed, else why not.
std::string distrust(const std::string& bundle, const test::Certificate& certificate) {
    asio::io_context context{1};
    net::Resolver resolver(context.get_executor(), [](const std::string&, std::uint16_t port) {
        return net::NetResult<net::Endpoints>(
            net::Endpoints{asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), port)});
    });
    test::ScriptedServer server(
        context.get_executor(),
        [](test::Peer& peer, int) -> asio::awaitable<void> {
            co_await peer.read_request();
            co_await peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        },
        &certificate, false, "127.0.0.1");
    std::string why;
    {
        auto client = net::create_http_client(context.get_executor(), net::create_tls_context(bundle), resolver, {});
        const net::HttpRequest request("GET", "https://good.example:" + std::to_string(server.port()) + "/");
        const auto response = test::run(context, client->send(request, Deadline::after(10s)), 20s);
        if (!response)
            why = response.error().message;
    }
    test::run(context, server.stop());
    return why;
}

bool is_trusted_by_subject(const std::string& file) {
    const std::unique_ptr<X509_STORE, void (*)(X509_STORE*)> store(X509_STORE_new(), X509_STORE_free);
    return net::trust_bundle(store.get(), file);
}

TEST_CASE("of a bundle each authority is trusted, and nobody else", "[tls]") {
    const test::Authority first;
    const test::Authority second;
    const test::Authority third;
    const BundleFile bundle(first, "# Notes between certificates are nothing.\n" + text_of(first.file()) +
                                       text_of(second.file()) + text_of(second.file()));
    REQUIRE(is_trusted_by_subject(bundle.path()));
    CHECK(distrust(bundle.path(), first.issue("DNS:good.example")) == "");
    CHECK(distrust(bundle.path(), second.issue("DNS:good.example")) == "");
    CHECK_THAT(distrust(bundle.path(), third.issue("DNS:good.example")), test::contains("certificate"));
    CHECK_THAT(distrust(bundle.path(), first.issue("DNS:bad.example")), test::contains("certificate"));
    CHECK_THAT(distrust(bundle.path(), first.issue("DNS:good.example", true)), test::contains("expired"));
}

TEST_CASE("an authority between the bundle's and the server's is believed when the server shows it", "[tls]") {
    const test::Authority root;
    const test::Authority between(&root);
    test::Certificate server = between.issue("DNS:good.example");
    CHECK_THAT(distrust(root.file(), server), test::contains("certificate"));
    server.certificate_pem += text_of(between.file());
    CHECK(distrust(root.file(), server) == "");
    // Servers that show the root as well are no better known for it.
    server.certificate_pem += text_of(root.file());
    CHECK(distrust(root.file(), server) == "");
    const test::Authority other;
    CHECK_THAT(distrust(other.file(), server), test::contains("certificate"));
}

TEST_CASE("a bundle with something else in it is left to OpenSSL", "[tls]") {
    const test::Authority authority;
    const test::Certificate server = authority.issue("DNS:good.example");
    const std::string good = text_of(authority.file());
    for (const std::string& other :
         {std::string(), std::string("nothing of that kind"), good + server.key_pem,
          good + "-----BEGIN CERTIFICATE-----\nbroken\n-----END CERTIFICATE-----\n",
          good + "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n", good.substr(0, good.size() / 2)}) {
        const BundleFile bundle(authority, other);
        CHECK_FALSE(is_trusted_by_subject(bundle.path()));
    }
    CHECK_FALSE(is_trusted_by_subject("/nonexistent/ca.pem"));
    // A key beside the certificate does no harm there.
    const BundleFile with_key(authority, good + server.key_pem);
    CHECK(distrust(with_key.path(), server) == "");
    const BundleFile empty(authority, "");
    CHECK_THROWS_WITH(net::create_tls_context(empty.path()), test::contains(empty.path()));
}

}  // namespace genie_slack::ca_bundle_test
