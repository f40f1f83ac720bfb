// Long because each kind of chart is drawn here, with the measures and labels that they share.
#include "app/answer/chart/chart_png.hpp"

#include "app/answer/chart/chart_frame.hpp"
#include "app/answer/chart/chart_module.hpp"
#include "app/answer/chart/chart_values.hpp"
#include "core/log.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace genie_slack::answer {

namespace chart_png_detail {

constexpr std::size_t kMarkedPoints = 32;  // lines with more have no room for markers
constexpr double kLabelGap = 22;
constexpr double kBarRow = 40;      // of a horizontal bar with its gap
constexpr double kTwoLineRow = 66;  // when names are broken into two lines
constexpr double kNameWidth = 320;
constexpr std::size_t kNameCharacters = 70;
// Coordinates of larger values are no numbers any more.
constexpr double kLargestDrawn = 1e300;
constexpr int kTallest = 1'800;

struct Range {
    double low = 0;
    double high = 0;
};

Range range_of(const Chart& chart) {
    Range range{std::numeric_limits<double>::max(), std::numeric_limits<double>::lowest()};
    for (const Chart::Series& series : chart.series)
        for (const auto& value : series.values)
            if (value) {
                range.low = std::min(range.low, *value);
                range.high = std::max(range.high, *value);
            }
    return range.low <= range.high ? range : Range{};
}

std::vector<std::string> texts_of(const std::vector<std::string>& texts) {
    std::vector<std::string> out;
    for (const std::string& text : texts)
        out.push_back(chart_text(text));
    return out;
}

// Returns 1, 2, 3, 4, 6, 12, then multiples of 12.
std::size_t step_of(std::size_t number) {
    constexpr std::size_t kFirst[] = {1, 2, 3, 4, 6};
    return number < std::size(kFirst) ? kFirst[number] : (number - std::size(kFirst) + 1) * 12;
}

// Of labels in a row at `places` every n-th is written, with the smallest n that keeps them apart.
void draw_thinned_labels(Canvas& canvas, const std::vector<std::string>& names, const std::vector<double>& places,
                         double top) {
    TextStyle style = tick_style();
    style.max_width = 200;
    std::vector<double> widths;
    for (const std::string& name : names)
        widths.push_back(canvas.measure(name, style).first);
    const auto left_of = [&](std::size_t i) {
        return std::clamp(places[i] - widths[i] / 2, 4.0, std::max(4.0, canvas.width() - 4 - widths[i]));
    };
    const auto keeps_apart = [&](std::size_t every) {
        double end = -1e9;
        for (std::size_t i = 0; i < names.size(); i += every) {
            if (left_of(i) < end + kLabelGap)
                return false;
            end = left_of(i) + widths[i];
        }
        return true;
    };
    // Steps that stay on the same months and quarters of each year.
    std::size_t step = 0;
    while (step_of(step) < names.size() && !keeps_apart(step_of(step)))
        ++step;
    const std::size_t every = step_of(step);
    for (std::size_t i = 0; i < names.size(); i += every)
        canvas.text({left_of(i), top}, names[i], style);
}

// The name of the categories below them; returns the height that is left above.
double draw_category_title(Canvas& canvas, const Chart& chart, double bottom) {
    if (chart.x_label.empty())
        return bottom;
    TextStyle style = axis_title_style();
    style.max_width = canvas.width() - 2 * kChartMargin;
    const std::string name = chart_text(chart.x_label);
    const double height = canvas.measure(name, style).second;
    canvas.text({canvas.width() / 2.0, bottom - height}, name, style, Align::centre);
    return bottom - height - 6;
}

void draw_runs(Canvas& canvas, const Chart& chart, std::size_t number, const std::vector<Point>& points,
               double baseline) {
    const Chart::Series& series = chart.series[number];
    const Colour colour = series_colour(number);
    std::vector<Point> run;
    const auto finish = [&] {
        if (run.size() > 1 && chart.kind == ChartKind::area) {
            std::vector<Point> area = run;
            area.push_back({run.back().x, baseline});
            area.push_back({run.front().x, baseline});
            canvas.polygon(area, {colour.rgb, 0.22});
        }
        if (run.size() > 1)
            canvas.polyline(run, run.size() > 200 ? 2.5 : 4, colour);
        else if (run.size() == 1)
            draw_marker(canvas, run.front(), number, 7);
        run.clear();
    };
    // A value that is missing is a gap, no bridge.
    for (std::size_t i = 0; i < series.values.size(); ++i) {
        if (series.values[i])
            run.push_back(points[i]);
        else
            finish();
    }
    finish();
    if (series.values.size() <= kMarkedPoints)
        for (std::size_t i = 0; i < series.values.size(); ++i)
            if (series.values[i])
                draw_marker(canvas, points[i], number, 7);
}

void draw_lines(Canvas& canvas, const Chart& chart, words::Language language) {
    const Range range = range_of(chart);
    const Scale scale = make_scale(range.low, range.high, chart.kind == ChartKind::area);
    Box area = draw_head(canvas, chart, chart.series.size() > 1);
    const double bottom = draw_category_title(canvas, chart, area.bottom());
    const double label_height = canvas.measure("0", tick_style()).second;
    area.height = bottom - area.y - label_height - 20;
    const Box plot = draw_value_axis(canvas, area, scale, language);

    const std::size_t count = chart.categories.size();
    const double inset = count > 1 ? 12 : plot.width / 2;
    const bool timed = chart.times.size() == count && count > 1 && chart.times.back() > chart.times.front();
    std::vector<double> places;
    for (std::size_t i = 0; i < count; ++i) {
        double part = count > 1 ? static_cast<double>(i) / static_cast<double>(count - 1) : 0;
        if (timed)
            part = (chart.times[i] - chart.times.front()) / (chart.times.back() - chart.times.front());
        places.push_back(plot.x + inset + part * (plot.width - 2 * inset));
    }
    draw_thinned_labels(canvas, texts_of(chart.categories), places, plot.bottom() + 18);
    const double baseline = plot.bottom() - std::clamp(scale.place(0), 0.0, 1.0) * plot.height;
    for (std::size_t number = chart.series.size(); number-- > 0;) {
        std::vector<Point> points;
        for (std::size_t i = 0; i < count; ++i)
            points.push_back(
                {places[i], plot.bottom() - scale.place(chart.series[number].values[i].value_or(0)) * plot.height});
        draw_runs(canvas, chart, number, points, baseline);
    }
}

struct BarLabel {
    std::string text;
    TextStyle style;
};

BarLabel value_label(double value, const Range& range, words::Language language) {
    BarLabel label;
    label.text = format_value(language, value, std::max(std::abs(range.low), std::abs(range.high)));
    label.style.size = 22;
    label.style.colour = kInk;
    return label;
}

// Draws one bar of every series, beside each other in the middle of places that are `slot` wide.
struct BarPlace {
    double offset = 0;
    double width = 0;
};
BarPlace place_of_bar(double slot, std::size_t series, std::size_t count) {
    const double group = std::min(slot * 0.76, 120.0 * static_cast<double>(count));
    const double width = group / static_cast<double>(count);
    const double gap = count > 1 ? std::min(3.0, width * 0.1) : 0;
    return {(slot - group) / 2 + width * static_cast<double>(series) + gap / 2, width - gap};
}

void draw_columns(Canvas& canvas, const Chart& chart, words::Language language) {
    const Range range = range_of(chart);
    const Scale scale = make_scale(range.low, range.high, true);
    Box area = draw_head(canvas, chart, chart.series.size() > 1);
    const double bottom = draw_category_title(canvas, chart, area.bottom());
    const std::size_t count = chart.categories.size();
    const bool in_time = !chart.times.empty();
    const std::vector<std::string> names = texts_of(chart.categories);
    // Names may take two lines; measured with the width that a slot has at least.
    TextStyle style = tick_style();
    style.max_width = (area.width - 130) / static_cast<double>(count) - 10;
    style.lines = in_time ? 1 : 2;
    double label_height = canvas.measure("0", style).second;
    if (!in_time)
        for (const std::string& name : names)
            label_height = std::max(label_height, canvas.measure(name, style).second);
    area.height = bottom - area.y - label_height - 20;
    const bool valued = chart.series.size() == 1 && count <= 12;
    // Room for the values above the highest and below the lowest bar.
    const double room = valued ? 28 : 0;
    const double room_below = range.low < 0 && scale.place(range.low) < 0.07 ? room : 0;
    area.y += room;
    area.height -= room + room_below;
    const Box plot = draw_value_axis(canvas, area, scale, language);
    const double slot = plot.width / static_cast<double>(count);
    const double zero = plot.bottom() - scale.place(0) * plot.height;
    std::vector<double> places;
    for (std::size_t i = 0; i < count; ++i)
        places.push_back(plot.x + slot * (static_cast<double>(i) + 0.5));
    for (std::size_t number = 0; number < chart.series.size(); ++number)
        for (std::size_t i = 0; i < count; ++i) {
            const auto& value = chart.series[number].values[i];
            if (!value)
                continue;
            const BarPlace place = place_of_bar(slot, number, chart.series.size());
            const double end = plot.bottom() - scale.place(*value) * plot.height;
            const double left = plot.x + slot * static_cast<double>(i) + place.offset;
            const Box box{left, std::min(zero, end), place.width, std::abs(zero - end)};
            canvas.bar(box, series_colour(number), *value < 0 ? Rounded::bottom : Rounded::top);
            if (!valued)
                continue;
            const BarLabel label = value_label(*value, range, language);
            const auto [width, height] = canvas.measure(label.text, label.style);
            if (width <= slot)
                canvas.text({places[i], *value < 0 ? box.bottom() + 4 : box.y - height - 4}, label.text, label.style,
                            Align::centre);
        }
    canvas.line({plot.x, zero}, {plot.right(), zero}, 2.5, kZeroLine);
    if (in_time)
        return draw_thinned_labels(canvas, names, places, plot.bottom() + 18 + room_below);
    for (std::size_t i = 0; i < count; ++i)
        canvas.text({places[i], plot.bottom() + 16 + room_below}, names[i], style, Align::centre);
}

// Whether each name can be read below its bar.
bool names_fit_below(const Chart& chart) {
    const Canvas canvas(8, 8, kGround);
    TextStyle style = tick_style();
    style.max_width = (kChartWidth - 2 * kChartMargin - 130) / static_cast<double>(chart.categories.size()) - 10;
    style.lines = 2;
    return std::all_of(chart.categories.begin(), chart.categories.end(),
                       [&](const std::string& name) { return canvas.fits(chart_text(name), style); });
}

TextStyle name_style(bool two_lines) {
    TextStyle style = tick_style();
    style.max_width = kNameWidth;
    style.colour = kInk;
    style.lines = two_lines ? 2 : 1;
    return style;
}

bool needs_two_lines(const Canvas& canvas, const std::vector<std::string>& names) {
    return names.size() <= 24 && !std::all_of(names.begin(), names.end(), [&](const std::string& name) {
               return canvas.fits(name, name_style(false));
           });
}

struct Rows {
    double name_width = 0;
    double value_width = 0;
    bool valued = false;
};

// What the names and the bars are, above them; takes their place from `area`.
void draw_column_heads(Canvas& canvas, const Chart& chart, Rows& rows, Box& area) {
    TextStyle style = axis_title_style();
    const double height = canvas.measure("0", style).second;
    const std::string name = chart_text(chart.x_label);
    rows.name_width = std::max(rows.name_width, std::min(canvas.measure(name, style).first, kNameWidth));
    if (!chart.x_label.empty()) {
        style.max_width = rows.name_width + 1;
        canvas.text({area.x + rows.name_width, area.y}, name, style, Align::right);
    }
    if (!chart.y_label.empty()) {
        style.max_width = area.width - rows.name_width - 18;
        canvas.text({area.x + rows.name_width + 18, area.y}, chart_text(chart.y_label), style);
    }
    area.y += height + 14;
    area.height -= height + 14;
}

// The grid and its numbers below the bars; takes their place from `plot`.
void draw_value_axis(Canvas& canvas, const Scale& scale, words::Language language, Box& plot) {
    const std::vector<std::string> ticks = name_ticks(scale, language);
    const double height = canvas.measure("0", tick_style()).second;
    plot.height -= height + 14;
    std::vector<double> places;
    for (const double tick : scale.ticks) {
        places.push_back(plot.x + scale.place(tick) * plot.width);
        canvas.line({places.back(), plot.y}, {places.back(), plot.bottom()}, 1.5, kGrid);
    }
    draw_thinned_labels(canvas, ticks, places, plot.bottom() + 12);
}

void draw_rows(Canvas& canvas, const Chart& chart, words::Language language) {
    const Range range = range_of(chart);
    const Scale scale = make_scale(range.low, range.high, true);
    Chart unlabelled = chart;
    unlabelled.y_label.clear();  // stands above its column here
    Box area = draw_head(canvas, unlabelled, chart.series.size() > 1);
    const std::size_t count = chart.categories.size();
    const std::vector<std::string> names = shorten_uniquely(chart.categories, kNameCharacters);
    const TextStyle style = name_style(needs_two_lines(canvas, names));
    Rows rows;
    rows.valued = chart.series.size() == 1;
    for (const std::string& name : names)
        rows.name_width = std::max(rows.name_width, canvas.measure(name, style).first);
    if (rows.valued)
        for (const auto& value : chart.series.front().values)
            if (value) {
                const BarLabel label = value_label(*value, range, language);
                rows.value_width = std::max(rows.value_width, canvas.measure(label.text, label.style).first + 12);
            }
    draw_column_heads(canvas, chart, rows, area);
    Box plot = area;
    plot.x += rows.name_width + 18;
    plot.width -= rows.name_width + 18 + rows.value_width;
    if (range.low < 0) {
        plot.x += rows.value_width;
        plot.width -= rows.value_width;
    }
    // With its value at each bar nobody needs the axis.
    if (!rows.valued)
        draw_value_axis(canvas, scale, language, plot);
    const double slot = plot.height / static_cast<double>(count);
    const double zero = plot.x + scale.place(0) * plot.width;
    for (std::size_t i = 0; i < count; ++i) {
        const double top = plot.y + slot * static_cast<double>(i);
        const double height = canvas.measure(names[i], style).second;
        canvas.text({area.x + rows.name_width, top + (slot - height) / 2}, names[i], style, Align::right);
        for (std::size_t number = 0; number < chart.series.size(); ++number) {
            const auto& value = chart.series[number].values[i];
            if (!value)
                continue;
            const BarPlace place = place_of_bar(slot, number, chart.series.size());
            const double end = plot.x + scale.place(*value) * plot.width;
            const Box box{std::min(zero, end), top + place.offset, std::abs(end - zero), place.width};
            canvas.bar(box, series_colour(number), *value < 0 ? Rounded::left : Rounded::right);
            if (!rows.valued)
                continue;
            const BarLabel label = value_label(*value, range, language);
            const double text_height = canvas.measure(label.text, label.style).second;
            canvas.text({*value < 0 ? box.x - 10 : box.right() + 10, top + (slot - text_height) / 2}, label.text,
                        label.style, *value < 0 ? Align::right : Align::left);
        }
    }
    canvas.line({zero, plot.y}, {zero, plot.bottom()}, 2.5, kZeroLine);
}

int height_of_rows(const Chart& chart) {
    const Canvas canvas(8, 8, kGround);
    const double rows = static_cast<double>(chart.categories.size());
    const bool two_lines = needs_two_lines(canvas, shorten_uniquely(chart.categories, kNameCharacters));
    const double bars =
        std::max(two_lines ? kTwoLineRow : kBarRow, 20.0 * static_cast<double>(chart.series.size()) + 14);
    return std::clamp(static_cast<int>(rows * bars) + 190, kChartHeight, kTallest);
}

void draw_pie(Canvas& canvas, const Chart& chart, words::Language language) {
    const Box area = draw_head(canvas, chart, false);
    const auto& values = chart.series.front().values;
    double sum = 0;
    for (const auto& value : values)
        sum += std::max(value.value_or(0), 0.0);
    if (sum <= 0)
        return;
    const bool percentages = std::abs(sum - 100) <= 2;
    const double radius = std::min(area.height / 2 - 4, 210.0);
    const Point centre{area.x + radius, area.y + area.height / 2};
    double from = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double part = std::max(values[i].value_or(0), 0.0) / sum;
        canvas.slice(centre, radius, from, from + part, series_colour(i));
        from += part;
    }
    from = 0;
    for (std::size_t i = 0; i < values.size() && values.size() > 1; ++i) {
        const double angle = (from - 0.25) * 2 * 3.14159265358979;
        canvas.line(centre, {centre.x + std::cos(angle) * (radius + 2), centre.y + std::sin(angle) * (radius + 2)}, 5,
                    kGround);
        from += std::max(values[i].value_or(0), 0.0) / sum;
    }
    canvas.disc(centre, radius * 0.52, kGround);

    // Beside the pie stands each part with its share and value.
    TextStyle name_style;
    name_style.size = 25;
    name_style.colour = kInk;
    TextStyle value_style;
    value_style.size = 23;
    value_style.colour = kQuietInk;
    const double left = centre.x + radius + 40;
    name_style.max_width = value_style.max_width = canvas.width() - kChartMargin - left - 36;
    const double row = std::min(area.height / static_cast<double>(values.size()), 76.0);
    double top = centre.y - row * static_cast<double>(values.size()) / 2;
    for (std::size_t i = 0; i < values.size(); ++i, top += row) {
        const double share = std::max(values[i].value_or(0), 0.0) / sum * 100;
        const std::string name = chart_text(chart.categories[i]);
        // Percentages as they came need no second one.
        std::string numbers =
            words::say(language, words::Word::chart_percent, {{"percent", format_decimals(language, share, 1)}});
        if (!percentages)
            numbers = format_value(language, values[i].value_or(0)) + " · " + numbers;
        const double height = canvas.measure(name, name_style).second;
        canvas.bar({left, top + row / 2 - height - 1 + 4, 24, 24}, series_colour(i), Rounded::none);
        canvas.text({left + 36, top + row / 2 - height - 1}, name, name_style);
        canvas.text({left + 36, top + row / 2}, numbers, value_style);
    }
}

// An admin can change it, and it stays as it is until the next start: once is enough.
void tell_why_once() {
    static const bool told = [] {
        const std::string& problem = chart_module().problem;
        log::warn("chart.not_drawn", {{"error", problem.empty() ? "there is no font" : problem}});
        return true;
    }();
    static_cast<void>(told);
}

}  // namespace chart_png_detail

DrawnChart draw_chart_with_texts(const Chart& chart, words::Language language) {
    using namespace chart_png_detail;
    if (chart.categories.empty() || chart.series.empty())
        return {};
    if (!Canvas::has_fonts()) {
        tell_why_once();
        return {};
    }
    for (const Chart::Series& series : chart.series)
        if (series.values.size() != chart.categories.size() ||
            std::any_of(series.values.begin(), series.values.end(),
                        [](const auto& value) { return value && !(std::abs(*value) < kLargestDrawn); }))
            return {};
    const bool rows = chart.kind == ChartKind::bar && chart.times.empty() && !names_fit_below(chart);
    Canvas canvas(kChartWidth, rows ? height_of_rows(chart) : kChartHeight, kGround, kChartScale);
    if (chart.kind == ChartKind::pie)
        draw_pie(canvas, chart, language);
    else if (rows)
        draw_rows(canvas, chart, language);
    else if (chart.kind == ChartKind::bar)
        draw_columns(canvas, chart, language);
    else
        draw_lines(canvas, chart, language);
    return {canvas.png(), canvas.width(), canvas.height(), canvas.texts()};
}

std::string draw_chart(const Chart& chart, words::Language language) {
    return draw_chart_with_texts(chart, language).png;
}

}  // namespace genie_slack::answer
