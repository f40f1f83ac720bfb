// What the leak sanitizer may see of SOCI 4.0: its session's constructor connects and then sends a SET; when the server
// dies in between, the exception leaves libpq's connection behind. Tests that kill PostgreSQL meet that now and then.

extern "C" const char*
__lsan_default_suppressions();  // NOLINT(bugprone-reserved-identifier,readability-identifier-naming)

extern "C" const char*
__lsan_default_suppressions() {  // NOLINT(bugprone-reserved-identifier,readability-identifier-naming)
    return "leak:libsoci_postgresql\n";
}
