#include "core/net/tls.hpp"

#include <boost/system/system_error.hpp>

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <filesystem>
#include <stdexcept>

namespace genie_slack::net {

namespace ssl = boost::asio::ssl;

namespace tls_detail {

// An OpenSSL that is linked statically looks where Debian's package openssl points to the store; other distributions,
// and images without that package, have the store elsewhere. "" when OpenSSL's own places exist.
std::string store_elsewhere() {
    std::error_code ignored;
    if (std::filesystem::exists(X509_get_default_cert_file(), ignored) ||
        std::filesystem::exists(X509_get_default_cert_dir(), ignored))
        return "";
    for (const char* file : {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
                             "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"})
        if (std::filesystem::exists(file, ignored))
            return file;
    return "";
}

}  // namespace tls_detail

std::shared_ptr<ssl::context> create_tls_context(const std::string& ca_file) {
    auto context = std::make_shared<ssl::context>(ssl::context::tls_client);
    if (SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION) != 1)
        throw std::runtime_error("OpenSSL does not support TLS 1.2");
    boost::system::error_code error;
    if (ca_file.empty()) {
        context->set_default_verify_paths(error);
        if (error)
            throw std::runtime_error("the system's CA certificates can't be read: " + error.message());
        const std::string elsewhere = tls_detail::store_elsewhere();
        if (!elsewhere.empty())
            context->load_verify_file(elsewhere, error);
        if (error)
            throw std::runtime_error("the CA certificates in '" + elsewhere + "' can't be read: " + error.message());
    } else {
        context->load_verify_file(ca_file, error);
        if (error)
            throw std::runtime_error("the CA certificates in '" + ca_file + "' can't be read: " + error.message() +
                                     "; SSL_CERT_FILE has to name a PEM file");
    }
    context->set_verify_mode(ssl::verify_peer);
    return context;
}

}  // namespace genie_slack::net
