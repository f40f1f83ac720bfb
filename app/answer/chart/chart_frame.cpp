#include "app/answer/chart/chart_frame.hpp"

#include "app/answer/result/cell.hpp"
#include "slack/text/markup.hpp"

#include <algorithm>
#include <array>

namespace genie_slack::answer {

namespace chart_frame_detail {

constexpr std::array<Colour, 6> kColours = {Colour{0x0072B2}, Colour{0xD55E00}, Colour{0x009E73},
                                            Colour{0xCC79A7}, Colour{0xE69F00}, Colour{0x56B4E9}};
constexpr std::size_t kTextCharacters = 200;
constexpr double kTitleSize = 30;
constexpr double kLegendSize = 24;
constexpr double kAxisTitleSize = 22;
constexpr double kSwatch = 22;
constexpr double kLegendGap = 26;
constexpr double kLegendRow = 36;

// Draws them one after the other, in as many rows as they need. Returns the height of all.
double draw_legend(Canvas& canvas, const Chart& chart, double top) {
    const bool lines = chart.kind == ChartKind::line || chart.kind == ChartKind::area;
    TextStyle style;
    style.size = kLegendSize;
    style.colour = kInk;
    style.max_width = 380;
    double x = kChartMargin;
    double y = top;
    for (std::size_t i = 0; i < chart.series.size(); ++i) {
        const std::string name = chart_text(chart.series[i].name);
        const auto [width, height] = canvas.measure(name, style);
        const double whole = kSwatch + 12 + width;
        if (x > kChartMargin && x + whole > canvas.width() - kChartMargin) {
            x = kChartMargin;
            y += kLegendRow;
        }
        const double middle = y + height / 2;
        if (lines) {
            canvas.line({x, middle}, {x + kSwatch, middle}, 5, series_colour(i));
            draw_marker(canvas, {x + kSwatch / 2, middle}, i, 8);
        } else {
            canvas.bar({x, middle - kSwatch / 2, kSwatch, kSwatch}, series_colour(i), Rounded::none);
        }
        canvas.text({x + kSwatch + 12, y}, name, style);
        x += whole + kLegendGap;
    }
    return y - top + kLegendRow;
}

}  // namespace chart_frame_detail

Colour series_colour(std::size_t series) {
    return chart_frame_detail::kColours[series % chart_frame_detail::kColours.size()];
}

TextStyle tick_style() {
    TextStyle style;
    style.size = 24;
    style.colour = kQuietInk;
    return style;
}

TextStyle axis_title_style() {
    TextStyle style;
    style.size = chart_frame_detail::kAxisTitleSize;
    style.colour = kQuietInk;
    return style;
}

std::string chart_text(const std::string& text) {
    const std::string line = one_line(text);
    return slack::truncate(line.empty() ? std::string(kEmptyCell) : line, chart_frame_detail::kTextCharacters);
}

void draw_marker(Canvas& canvas, Point at, std::size_t series, double radius) {
    const Colour colour = series_colour(series);
    const double r = radius;
    switch (series % 6) {
        case 0:
            return canvas.disc(at, r, colour);
        case 1:
            return canvas.polygon(
                {{at.x - r, at.y - r}, {at.x + r, at.y - r}, {at.x + r, at.y + r}, {at.x - r, at.y + r}}, colour);
        case 2:
            return canvas.polygon({{at.x, at.y - r * 1.3}, {at.x + r * 1.2, at.y + r}, {at.x - r * 1.2, at.y + r}},
                                  colour);
        case 3:
            return canvas.polygon(
                {{at.x, at.y - r * 1.4}, {at.x + r * 1.4, at.y}, {at.x, at.y + r * 1.4}, {at.x - r * 1.4, at.y}},
                colour);
        case 4:
            return canvas.polygon({{at.x, at.y + r * 1.3}, {at.x + r * 1.2, at.y - r}, {at.x - r * 1.2, at.y - r}},
                                  colour);
        default:
            canvas.disc(at, r, colour);
            return canvas.disc(at, r * 0.5, kGround);
    }
}

Box draw_head(Canvas& canvas, const Chart& chart, bool with_legend) {
    using namespace chart_frame_detail;
    const double width = canvas.width() - 2 * kChartMargin;
    double y = kChartMargin - 6;
    if (!chart.title.empty()) {
        TextStyle style;
        style.size = kTitleSize;
        style.bold = true;
        style.colour = kInk;
        style.max_width = width;
        style.lines = 2;
        const std::string title = chart_text(chart.title);
        canvas.text({kChartMargin, y}, title, style);
        y += canvas.measure(title, style).second + 8;
    }
    if (with_legend)
        y += draw_legend(canvas, chart, y);
    // A value's name that only repeats the title needs no place.
    if (!chart.y_label.empty() && chart.y_label != chart.title && chart.kind != ChartKind::pie) {
        TextStyle style = axis_title_style();
        style.max_width = width;
        const std::string name = chart_text(chart.y_label);
        canvas.text({kChartMargin, y}, name, style);
        y += canvas.measure(name, style).second + 8;
    }
    return {kChartMargin, y + 8, width, canvas.height() - kChartMargin - y + 2};
}

Box draw_value_axis(Canvas& canvas, const Box& area, const Scale& scale, words::Language language) {
    const TextStyle style = tick_style();
    const std::vector<std::string> names = name_ticks(scale, language);
    double width = 0;
    double height = 0;
    for (const std::string& name : names) {
        const auto [w, h] = canvas.measure(name, style);
        width = std::max(width, w);
        height = std::max(height, h);
    }
    Box plot = area;
    plot.x += width + 12;
    plot.width -= width + 12;
    plot.y += height / 2;
    plot.height -= height / 2;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const double y = plot.bottom() - scale.place(scale.ticks[i]) * plot.height;
        const bool zero = scale.ticks[i] == 0;
        canvas.line({plot.x, y}, {plot.right(), y}, zero ? 2.5 : 1.5, zero ? kZeroLine : kGrid);
        canvas.text({plot.x - 12, y - height / 2}, names[i], style, Align::right);
    }
    return plot;
}

}  // namespace genie_slack::answer
