// A file of CA certificates of which only those are parsed that a connection asks for. Parsing the 140 of a system
// takes OpenSSL 3.0 most of this program's start.
#pragma once

#include <openssl/types.h>

#include <string>

namespace genie_slack::net {

// Lets `store` trust what is in the PEM file, by the subject of each certificate. False, and nothing changed, when that
// cannot be told beforehand: the file cannot be read, has no certificate, or has something else or something broken in
// it. A store takes one file this way.
bool trust_bundle(X509_STORE* store, const std::string& file);

}  // namespace genie_slack::net
