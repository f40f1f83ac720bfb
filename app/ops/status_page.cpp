#include "app/ops/status_page.hpp"

#include <algorithm>
#include <cstdio>

namespace genie_slack::ops {

namespace status_page_detail {

constexpr const char* kHead = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>genie-slack</title>
<meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="30">
<style>
:root{color-scheme:light dark;background:Canvas;color:CanvasText}
body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%}td,th{padding:.3rem .6rem;border-bottom:1px solid #8886;text-align:right}
td:first-child,th:first-child{text-align:left}.bad{color:#c22;color:light-dark(#c22,#ff7b72);font-weight:bold}small{opacity:.85}
figure{margin:1.5rem 0}figcaption{font-weight:bold}svg{width:100%;height:auto}
.done{fill:#3b7dd8}.failed{fill:#c22}.axis{stroke:#8886}text{font-size:10px;fill:currentColor}
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

constexpr int kBar = 20;  // with its gap
constexpr int kHeight = 80;

// A bar of one hour; `from` and `height` in pixels, above the axis.
std::string bar(std::size_t hour, double from, double height, const char* kind, const std::string& title) {
    char text[160];
    std::snprintf(text, sizeof text, "<rect class=\"%s\" x=\"%zu\" y=\"%.1f\" width=\"%d\" height=\"%.1f\"><title>",
                  kind, hour * kBar, kHeight - from - height, kBar - 4, height);
    return text + title + "</title></rect>";
}

std::string hours_ago(std::size_t hour) {
    const std::size_t ago = relay::RecentTurns::kHours - 1 - hour;
    return ago == 0 ? "in the last hour" : std::to_string(ago) + " to " + std::to_string(ago + 1) + " hours ago";
}

// `most` is what the highest bar stands for.
std::string figure(const std::string& caption, const std::string& bars, const std::string& most) {
    const std::string width = std::to_string(relay::RecentTurns::kHours * kBar);
    const std::string height = std::to_string(kHeight);
    return "<figure><figcaption>" + caption + ", at most " + most + "</figcaption><svg role=\"img\" aria-label=\"" +
           caption + " of the last 24 hours\" viewBox=\"0 0 " + width + " " + std::to_string(kHeight + 15) + "\">" +
           bars + "<line class=\"axis\" x1=\"0\" y1=\"" + height + "\" x2=\"" + width + "\" y2=\"" + height +
           "\"/><text x=\"0\" y=\"" + std::to_string(kHeight + 12) + "\">24 hours ago</text><text x=\"" + width +
           "\" y=\"" + std::to_string(kHeight + 12) + "\" text-anchor=\"end\">now</text></svg></figure>\n";
}

std::string figures(const Status& status) {
    std::size_t most = 0;
    Duration longest{};
    for (const auto& hour : status.hours) {
        most = std::max(most, hour.ended);
        longest = std::max(longest, hour.median);
    }
    if (most == 0)
        return "";
    std::string counts;
    std::string times;
    for (std::size_t i = 0; i < status.hours.size(); ++i) {
        const auto& hour = status.hours[i];
        const double unit = static_cast<double>(kHeight) / static_cast<double>(most);
        const std::size_t done = hour.ended - hour.failed;
        const std::string told =
            hours_ago(i) + ": " + std::to_string(hour.ended) + ", " + std::to_string(hour.failed) + " failed";
        const double failed_height = unit * static_cast<double>(hour.failed);
        if (hour.failed > 0)
            counts += bar(i, 0, failed_height, "failed", told);
        if (done > 0)
            counts += bar(i, failed_height, unit * static_cast<double>(done), "done", told);
        if (hour.ended > 0 && longest > Duration::zero()) {
            const double share = static_cast<double>(hour.median.count()) / static_cast<double>(longest.count());
            times += bar(i, 0, share * kHeight, "done", hours_ago(i) + ": " + time_of(hour.median, true));
        }
    }
    return figure("Questions by hour", counts, std::to_string(most)) +
           figure("Median time by hour", times, time_of(longest, true));
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
    page += "</table>\n" + figures(status) + "<p><small>Version " + status.version + ", running for " +
            age_of(status.age) +
            ". Numbers are of this process. For machines: <a href=\"metrics\">metrics</a>, <a "
            "href=\"readyz\">readyz</a>, <a href=\"healthz\">healthz</a>.</small></p>\n</body></html>\n";
    return page;
}

}  // namespace genie_slack::ops
