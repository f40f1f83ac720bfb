#include "app/answer/chart/chart_png.hpp"

#include "app/answer/chart/chart_scale.hpp"
#include "tests/catch.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace chart_png_test {

using namespace genie_slack;
using namespace genie_slack::answer;
using words::Language;

using Values = std::vector<std::optional<double>>;

Chart chart_with(ChartKind kind, Values values) {
    Chart chart;
    chart.kind = kind;
    chart.title = "Revenue by region";
    chart.x_label = "Region";
    chart.y_label = "Revenue (USD)";
    for (std::size_t i = 0; i < values.size(); ++i)
        chart.categories.push_back("Region " + std::to_string(i + 1));
    chart.series = {{"Revenue", std::move(values)}};
    return chart;
}

std::uint32_t number_at(const std::string& bytes, std::size_t at) {
    std::uint32_t number = 0;
    for (std::size_t i = at; i < at + 4; ++i)
        number = number << 8 | static_cast<unsigned char>(bytes.at(i));
    return number;
}

bool overlap(const Box& a, const Box& b) {
    return a.x < b.right() - 0.5 && b.x < a.right() - 0.5 && a.y < b.bottom() - 0.5 && b.y < a.bottom() - 0.5;
}

// Everything that must hold for every chart.
DrawnChart draw(const Chart& chart, Language language = Language::english) {
    const DrawnChart drawn = draw_chart_with_texts(chart, language);
    REQUIRE(drawn.png.substr(0, 8) == "\x89PNG\r\n\x1a\n");
    CHECK(number_at(drawn.png, 16) == 1200);
    CHECK(number_at(drawn.png, 20) >= 800);
    CHECK(number_at(drawn.png, 20) <= 2'500);
    CHECK(drawn.png.size() < 1'000'000);
    for (std::size_t i = 0; i < drawn.texts.size(); ++i) {
        const Box& box = drawn.texts[i].box;
        INFO(drawn.texts[i].text << " at " << box.x << "," << box.y << " to " << box.right() << "," << box.bottom());
        CHECK(box.x >= 0);
        CHECK(box.y >= 0);
        CHECK(box.right() <= drawn.width);
        CHECK(box.bottom() <= drawn.height);
        for (std::size_t other = 0; other < i; ++other) {
            INFO("over " << drawn.texts[other].text);
            CHECK_FALSE(overlap(box, drawn.texts[other].box));
        }
    }
    return drawn;
}

bool writes(const DrawnChart& drawn, const std::string& text) {
    return std::any_of(drawn.texts.begin(), drawn.texts.end(),
                       [&](const DrawnText& written) { return written.text == text; });
}

TEST_CASE("a scale has round ticks around the values", "[chart]") {
    struct Case {
        double low;
        double high;
        bool from_zero;
        std::vector<std::string> ticks;
    };
    const Case cases[] = {
        {10, 95, true, {"0", "20", "40", "60", "80", "100"}},
        {-35.5, 95, true, {"-50", "0", "50", "100"}},
        {1'060'000, 1'940'000, false, {"0", "500,000", "1,000,000", "1,500,000", "2,000,000"}},
        {175, 185, false, {"174", "176", "178", "180", "182", "184", "186"}},
        {175, 185, true, {"0", "50", "100", "150", "200"}},
        {0, 0, true, {"0.0", "0.2", "0.4", "0.6", "0.8", "1.0"}},
        {5, 5, false, {"0", "1", "2", "3", "4", "5"}},
        {-5, -5, true, {"-5", "-4", "-3", "-2", "-1", "0"}},
        {0.1, 0.46, true, {"0.0", "0.1", "0.2", "0.3", "0.4", "0.5"}},
        {0, 0.012, true, {"0.0000", "0.0025", "0.0050", "0.0075", "0.0100", "0.0125"}},
        {0, 1e18, true, {"0", "2e+17", "4e+17", "6e+17", "8e+17", "1e+18"}},
    };
    for (const Case& one : cases) {
        INFO(one.low << " to " << one.high);
        const Scale scale = make_scale(one.low, one.high, one.from_zero);
        CHECK(name_ticks(scale, Language::english) == one.ticks);
        CHECK(scale.place(one.low) >= -1e-9);
        CHECK(scale.place(one.high) <= 1 + 1e-9);
    }
    CHECK(name_ticks(make_scale(0, 1'500'000, true), Language::german)[1] == "500.000");
    CHECK(name_ticks(make_scale(0, 1, true), Language::german)[1] == "0,2");
}

TEST_CASE("every kind of chart is drawn with its labels", "[chart]") {
    for (const ChartKind kind : {ChartKind::line, ChartKind::bar, ChartKind::area, ChartKind::pie}) {
        INFO(to_string(kind));
        const DrawnChart drawn = draw(chart_with(kind, {1'234'567, 400'000, 900'000}));
        CHECK(writes(drawn, "Revenue by region"));
        CHECK(writes(drawn, "Region 1"));
        CHECK(drawn.png == draw(chart_with(kind, {1'234'567, 400'000, 900'000})).png);
        CHECK(drawn.png != draw(chart_with(kind, {1'234'567, 500'000, 900'000})).png);
        CHECK(drawn.png == draw_chart(chart_with(kind, {1'234'567, 400'000, 900'000}), Language::english));
        if (kind != ChartKind::pie)
            CHECK(writes(drawn, "Revenue (USD)"));
    }
    CHECK(writes(draw(chart_with(ChartKind::bar, {1'234'567, 1})), "1,000,000"));
    CHECK(writes(draw(chart_with(ChartKind::bar, {1'234'567, 1}), Language::german), "1.000.000"));
    CHECK(writes(draw(chart_with(ChartKind::pie, {60, 40}), Language::german), "60,0 %"));
    CHECK(writes(draw(chart_with(ChartKind::pie, {6'000, 4'000})), "6,000 · 60.0%"));
}

TEST_CASE("hard values are drawn within the picture", "[chart]") {
    const std::vector<Values> hard = {
        {5, 5, 5},
        {0, 0},
        {-3, -2, -1},
        {-35.5, 12, 95, -4.1, 0},
        {42},
        {-42},
        {std::nullopt, 4, std::nullopt, 5, std::nullopt},
        {std::nullopt, std::nullopt},
        {1e-9, -1e-10},
        {1e17, 3e17},
        {1e250, -1e250},
        {123'456'789'012, 1},
        {99.999999, 100.000001},
    };
    for (const Values& values : hard)
        for (const ChartKind kind : {ChartKind::line, ChartKind::bar, ChartKind::area}) {
            INFO(to_string(kind) << " of " << values.size() << " from " << values[0].value_or(-1));
            draw(chart_with(kind, values));
        }
    CHECK(draw_chart(Chart(), Language::english).empty());
    CHECK(draw_chart(chart_with(ChartKind::bar, {1.7e308, -1.7e308}), Language::english).empty());
    Chart uneven = chart_with(ChartKind::bar, {1, 2});
    uneven.series.front().values.pop_back();
    CHECK(draw_chart(uneven, Language::english).empty());
}

TEST_CASE("many points and many bars have labels that do not touch", "[chart]") {
    for (const std::size_t count : {13u, 20u, 40u, 500u}) {
        Values values;
        for (std::size_t i = 0; i < count; ++i)
            values.emplace_back(i % 50 == 7 ? std::optional<double>() : 100 + std::sin(static_cast<double>(i)) * 5);
        draw(chart_with(ChartKind::line, values));
        Chart timed = chart_with(ChartKind::line, values);
        for (std::size_t i = 0; i < count; ++i)
            timed.times.push_back(static_cast<double>(i < count / 2 ? i : i * 3) * 86'400);
        draw(timed);
        if (count > 40)
            continue;
        draw(chart_with(ChartKind::bar, values));
        timed.kind = ChartKind::bar;
        draw(timed);
    }
}

TEST_CASE("long names, other scripts and many series are drawn within the picture", "[chart]") {
    Chart chart = chart_with(ChartKind::bar, {5, 4, 3, 2, 1, 6, 7});
    chart.categories = {
        "A very long name of a product that goes on and on, with many words and no end in sight (small)",
        "Averyveryverylongnamewithoutanyspacethatcannotbebrokenanywherewithoutharm",
        "القهوة ممتازة والتوصيل سريع (3 أيام) وهذا نص طويل جدا لا يتسع في سطر واحد",
        "日本茶はとても美味しいです。また注文します。",
        "☕ 👩‍👩‍👧 🇩🇪",
        "\xff\xfe broken\nlines\x01 <b>&amp;</b>",
        ""};
    chart.title = std::string(500, 'W') + " title";
    chart.x_label = std::string(300, 'x');
    chart.y_label = std::string(300, 'y');
    draw(chart);
    chart.kind = ChartKind::line;
    draw(chart);
    chart.kind = ChartKind::pie;
    chart.categories.pop_back();
    chart.series.front().values.pop_back();
    draw(chart);
    chart.kind = ChartKind::bar;
    for (int i = 0; i < 5; ++i) {
        chart.series.push_back(chart.series.front());
        chart.series.back().name = "سلسلة " + std::string(static_cast<std::size_t>(i) * 30, 'n');
    }
    draw(chart);
    for (auto& category : chart.categories)
        category = category.substr(0, 1);
    draw(chart);
    chart.kind = ChartKind::line;
    draw(chart);
}

TEST_CASE("names that would be cut to the same are told apart", "[chart]") {
    Chart chart = chart_with(ChartKind::bar, {5, 4});
    chart.categories = {std::string(100, 'x') + " small", std::string(100, 'x') + " large"};
    const DrawnChart drawn = draw(chart);
    const auto ends_with = [&](const std::string& end) {
        return std::any_of(drawn.texts.begin(), drawn.texts.end(), [&](const DrawnText& written) {
            return written.text.size() > end.size() &&
                   written.text.compare(written.text.size() - end.size(), end.size(), end) == 0;
        });
    };
    CHECK(ends_with(" small"));
    CHECK(ends_with(" large"));
}

}  // namespace chart_png_test
