#include "tests/support/certificates.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

namespace genie_slack::test {

namespace certificates_detail {

struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(BIO* bio) const { BIO_free(bio); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using X509Ptr = std::unique_ptr<X509, Free>;
using BioPtr = std::unique_ptr<BIO, Free>;

void require(bool fine) {
    if (!fine)
        throw std::runtime_error("OpenSSL could not make a test certificate");
}

void extend(X509* certificate, X509* issuer, int id, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str());
    require(extension != nullptr);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

X509Ptr blank(EVP_PKEY* key, const std::string& name, X509* issuer, long from_seconds, long to_seconds) {
    static std::atomic<long> serial{1000};
    X509Ptr certificate(X509_new());
    require(certificate != nullptr);
    X509_set_version(certificate.get(), 2);
    const long number = ++serial;
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), number);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), from_seconds);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), to_seconds);
    X509_set_pubkey(certificate.get(), key);
    const std::string unique = name + " " + std::to_string(number);
    X509_NAME* subject = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(unique.c_str()), -1,
                               -1, 0);
    X509_set_issuer_name(certificate.get(), issuer ? X509_get_subject_name(issuer) : subject);
    return certificate;
}

template <class Write>
std::string to_pem(Write write) {
    BioPtr bio(BIO_new(BIO_s_mem()));
    require(bio && write(bio.get()) == 1);
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return std::string(data, static_cast<std::size_t>(size));
}

constexpr long kDay = 24 * 3600;

}  // namespace certificates_detail

using namespace certificates_detail;

struct Authority::Keys {
    Key key;
    X509Ptr certificate;
};

Authority::Authority(const Authority* above) : keys_(std::make_unique<Keys>()) {
    keys_->key.reset(EVP_EC_gen("P-256"));
    require(keys_->key != nullptr);
    X509* const issuer = above ? above->keys_->certificate.get() : nullptr;
    keys_->certificate = blank(keys_->key.get(), "authority", issuer, -2 * kDay, 2 * kDay);
    X509* const own = keys_->certificate.get();
    extend(own, issuer ? issuer : own, NID_basic_constraints, "critical,CA:TRUE");
    extend(own, issuer ? issuer : own, NID_subject_key_identifier, "hash");
    require(X509_sign(own, above ? above->keys_->key.get() : keys_->key.get(), EVP_sha256()) > 0);

    const char* folder = std::getenv("TMPDIR");
    file_ = std::string(folder ? folder : "/tmp") + "/genie-slack-ca-XXXXXX";
    const int descriptor = ::mkstemp(file_.data());
    require(descriptor >= 0);
    const std::string pem = to_pem([this](BIO* bio) { return PEM_write_bio_X509(bio, keys_->certificate.get()); });
    const bool written = ::write(descriptor, pem.data(), pem.size()) == static_cast<ssize_t>(pem.size());
    ::close(descriptor);
    require(written);
}

Authority::~Authority() {
    std::remove(file_.c_str());
}

Certificate Authority::issue(const std::string& names, bool expired) const {
    const Key key(EVP_EC_gen("P-256"));
    require(key != nullptr);
    const auto certificate = blank(key.get(), "leaf", keys_->certificate.get(), -2 * kDay, expired ? -kDay : kDay);
    extend(certificate.get(), keys_->certificate.get(), NID_subject_alt_name, names);
    require(X509_sign(certificate.get(), keys_->key.get(), EVP_sha256()) > 0);
    Certificate result;
    result.certificate_pem = to_pem([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate.get()); });
    result.key_pem = to_pem(
        [&](BIO* bio) { return PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr); });
    return result;
}

}  // namespace genie_slack::test
