// A chart drawn in the house style: large enough to be read on a phone, on its own white ground.
#pragma once

#include "app/answer/chart/chart.hpp"
#include "app/answer/chart/chart_canvas.hpp"

#include <string>
#include <vector>

namespace genie_slack::answer {

struct DrawnChart {
    std::string png;  // larger by kChartScale
    int width = 0;
    int height = 0;
    std::vector<DrawnText> texts;  // everything that is written in it
};

DrawnChart draw_chart_with_texts(const Chart& chart, words::Language language);

}  // namespace genie_slack::answer
