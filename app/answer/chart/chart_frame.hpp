// What all drawn charts share: colours, sizes, title, legend, axes.
#pragma once

#include "app/answer/chart/chart.hpp"
#include "app/answer/chart/chart_canvas.hpp"
#include "app/answer/chart/chart_scale.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace genie_slack::answer {

// A phone shows the picture about 340 points wide: labels of 24 units are 9 points there.
inline constexpr int kChartWidth = 880;
inline constexpr int kChartHeight = 600;
inline constexpr double kChartScale = 1200.0 / kChartWidth;  // pixels for a unit
inline constexpr double kChartMargin = 30;

inline constexpr Colour kInk{0x1D2129};
inline constexpr Colour kQuietInk{0x4A5260};
inline constexpr Colour kGrid{0xE4E7EB};
inline constexpr Colour kZeroLine{0x8A929C};
inline constexpr Colour kGround{0xFFFFFF};

// Okabe and Ito's colours, told apart with every kind of colour blindness; yellow is left out on white.
Colour series_colour(std::size_t series);

TextStyle tick_style();
// For what axes and columns are called.
TextStyle axis_title_style();
// On one line and of bounded length; never empty.
std::string chart_text(const std::string& text);

// The place of a point in a series, told apart by shape too.
void draw_marker(Canvas& canvas, Point at, std::size_t series, double radius);

// Title, legend (for several series) and the name of the values; gives back what is left for the picture.
Box draw_head(Canvas& canvas, const Chart& chart, bool with_legend);

// Vertical axis: grid lines and numbers at the left, `area` without the numbers is given back.
Box draw_value_axis(Canvas& canvas, const Box& area, const Scale& scale, words::Language language);

}  // namespace genie_slack::answer
