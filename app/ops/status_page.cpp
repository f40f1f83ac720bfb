#include "app/ops/status_page.hpp"

#include <cstdio>

namespace genie_slack::ops {

namespace status_page_detail {

constexpr const char* kHead = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>genie-slack</title>
<meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="30">
<style>
body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}
table{border-collapse:collapse;width:100%}td,th{padding:.3rem .6rem;border-bottom:1px solid #8886;text-align:right}
td:first-child,th:first-child{text-align:left}.bad{color:#c22;font-weight:bold}small{opacity:.7}
</style></head><body>
<h1>genie-slack</h1>
)";

std::string row(const std::string& name, const std::string& hour, const std::string& day) {
    return "<tr><td>" + name + "</td><td>" + hour + "</td><td>" + day + "</td></tr>\n";
}

std::string time_of(Duration duration, bool is_known) {
    if (!is_known)
        return "–";
    char text[32];
    std::snprintf(text, sizeof text, "%.1f s", std::chrono::duration<double>(duration).count());
    return text;
}

std::string age_of(Duration age) {
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(age).count();
    return std::to_string(minutes / 1440) + " d " + std::to_string(minutes / 60 % 24) + " h " +
           std::to_string(minutes % 60) + " min";
}

}  // namespace status_page_detail

std::string status_page(const Status& status) {
    using namespace status_page_detail;
    const auto& hour = status.hour;
    const auto& day = status.day;
    std::string page = kHead;
    page += "<p" + std::string(status.connections == 0 ? " class=\"bad\"" : "") + ">" +
            std::to_string(status.connections) + " of " + std::to_string(status.wanted_connections) +
            " connections to Slack</p>\n";
    page += "<p>" + std::to_string(status.working) + " questions in work, " + std::to_string(status.waiting) +
            " waiting</p>\n<table><tr><th>questions</th><th>last hour</th><th>last day</th></tr>\n";
    page += row("ended", std::to_string(hour.ended), std::to_string(day.ended));
    page += row("of them failed", std::to_string(hour.failed), std::to_string(day.failed));
    page += row("median time", time_of(hour.median, hour.ended > 0), time_of(day.median, day.ended > 0));
    page += row("nine of ten within", time_of(hour.p90, hour.ended > 0), time_of(day.p90, day.ended > 0));
    page += "</table>\n<p><small>Version " + status.version + ", running for " + age_of(status.age) +
            ". Numbers are of this process. For machines: <a href=\"metrics\">metrics</a>, <a "
            "href=\"readyz\">readyz</a>, <a href=\"healthz\">healthz</a>.</small></p>\n</body></html>\n";
    return page;
}

}  // namespace genie_slack::ops
