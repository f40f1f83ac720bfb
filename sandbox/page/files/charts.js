// data_visualization blocks as SVG.
import {h, svg} from './dom.js';
import {scroller} from './tables.js';

const kWidth = 460;
const kHeight = 250;
const kMargin = {top: 10, right: 10, bottom: 44, left: 54};
const kMostLost = 28;      // of its height that a chart gives to its labels; for longer ones it grows
const kLetter = 6.3;       // about the width of one
const kLineHeight = 13;
const kMostSlanted = 18;   // letters of a label
const kSlant = 45;         // degrees

const number = (value) => (typeof value === 'number' && Number.isFinite(value) ? value : 0);

function format(value) {
  const size = Math.abs(value);
  if (size >= 1e4) return new Intl.NumberFormat(undefined, {notation: 'compact', maximumFractionDigits: 1}).format(value);
  return new Intl.NumberFormat(undefined, {maximumFractionDigits: 2}).format(value);
}

// Round steps that cover [low, high].
function ticks(low, high, count = 5) {
  if (low === high) high = low + 1;
  const raw = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= raw);
  const first = Math.floor(low / step);
  const last = Math.ceil(high / step);
  return Array.from({length: last - first + 1}, (_, index) => (first + index) * step);
}

function shorten(text, length) {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

// A label in at most two lines, each no wider than `width`; undefined when that is too narrow.
function inLines(text, width) {
  const fits = (line) => line.length * kLetter <= width;
  if (fits(text)) return [text];
  for (let at = text.indexOf(' '); at > 0; at = text.indexOf(' ', at + 1)) {
    const lines = [text.slice(0, at), text.slice(at + 1)];
    if (lines.every(fits)) return lines;
  }
  return undefined;
}

// How the categories are written below a chart: in one line, in two, or slanted; and the space that takes.
function labelsOf(categories, band) {
  const texts = categories.map(String);
  const every = Math.ceil(20 / band);
  const shown = texts.filter((_, index) => index % every === 0);
  const lines = texts.map((text) => inLines(text, band * every));
  if (shown.every((_, index) => lines[index * every])) {
    const most = Math.max(1, ...shown.map((_, index) => lines[index * every].length));
    return {every, slanted: false, lines, space: (most - 1) * kLineHeight};
  }
  const longest = Math.min(kMostSlanted, Math.max(...shown.map((text) => text.length)));
  // What begins left of the axis has less room.
  const room = (index) => Math.floor((kMargin.left + band * (index + 0.5) - 4) / (kLetter * Math.cos(kSlant * Math.PI / 180)));
  return {every, slanted: true, lines: texts.map((text, index) => [shorten(text, Math.min(kMostSlanted, room(index)))]),
          space: Math.max(0, longest * kLetter * Math.sin(kSlant * Math.PI / 180) - 11)};
}

function axes(chart, categories, scale) {
  const {x, y, steps, bottom, height, labels} = scale;
  const nodes = steps.map((step) => [
    svg('line', {class: 'grid', x1: kMargin.left, x2: kWidth - kMargin.right, y1: y(step), y2: y(step)}),
    svg('text', {class: 'tick', x: kMargin.left - 8, y: y(step) + 4, 'text-anchor': 'end'}, format(step)),
  ]);
  nodes.push(categories.map((category, index) => {
    if (index % labels.every !== 0) return null;
    const position = {x: x(index), y: bottom + 16};
    const turn = labels.slanted ? {transform: `rotate(-${kSlant} ${position.x} ${position.y})`, 'text-anchor': 'end'} : {'text-anchor': 'middle'};
    return svg('text', {class: 'tick', ...position, ...turn}, svg('title', {}, category),
               labels.lines[index].map((line, at) => svg('tspan', {x: position.x, dy: at === 0 ? 0 : kLineHeight}, line)));
  }));
  const {x_label: xLabel, y_label: yLabel} = chart.axis_config ?? {};
  if (xLabel) nodes.push(svg('text', {class: 'axis-label', x: (kMargin.left + kWidth - kMargin.right) / 2, y: height - 4, 'text-anchor': 'middle'}, xLabel));
  if (yLabel) nodes.push(svg('text', {class: 'axis-label', x: 12, y: (kMargin.top + bottom) / 2, 'text-anchor': 'middle',
                                      transform: `rotate(-90 12 ${(kMargin.top + bottom) / 2})`}, yLabel));
  return nodes;
}

function tip(seriesName, category, value) {
  return svg('title', {}, `${seriesName ? `${seriesName}, ` : ''}${category}: ${new Intl.NumberFormat().format(value)}`);
}

function bars(series, categories, {x, y, band}) {
  const width = Math.min(46, (band * 0.76) / series.length);
  return series.map((one, at) => one.values.map((value, index) => {
    const left = x(index) - (width * series.length) / 2 + at * width;
    const top = Math.min(y(value), y(0));
    return svg('rect', {class: `fill-${at}`, x: left + 1, y: top, width: Math.max(1, width - 2), height: Math.max(1, Math.abs(y(value) - y(0))), rx: 2},
               tip(series.length > 1 ? one.name : '', categories[index], value));
  }));
}

function lines(series, categories, {x, y}, filled) {
  return series.map((one, at) => {
    const points = one.values.map((value, index) => `${x(index)},${y(value)}`);
    const last = one.values.length - 1;
    return [
      filled ? svg('path', {class: `area fill-${at}`, d: `M${x(0)},${y(0)} L${points.join(' L')} L${x(last)},${y(0)} Z`}) : null,
      svg('polyline', {class: `stroke-${at}`, points: points.join(' ')}),
      one.values.map((value, index) => svg('circle', {class: `fill-${at}`, cx: x(index), cy: y(value), r: 3.5}, tip(one.name, categories[index], value))),
    ];
  });
}

function cartesian(chart) {
  const series = (chart.series ?? []).map((one) => ({name: one.name ?? '', data: one.data ?? []}));
  const categories = chart.axis_config?.categories ?? series[0]?.data.map((point) => point.label) ?? [];
  for (const one of series) {
    const byLabel = new Map(one.data.map((point) => [point.label, number(point.value)]));
    one.values = categories.map((category, index) => byLabel.get(category) ?? number(one.data[index]?.value));
  }
  const all = series.flatMap((one) => one.values);
  const steps = ticks(Math.min(0, ...all), Math.max(0, ...all));
  const low = steps[0];
  const high = steps.at(-1);
  const band = (kWidth - kMargin.left - kMargin.right) / Math.max(1, categories.length);
  const labels = labelsOf(categories, band);
  const bottom = kHeight - kMargin.bottom - Math.min(kMostLost, labels.space);
  const height = bottom + kMargin.bottom + labels.space;
  const scale = {
    steps, bottom, band, height, labels,
    x: (index) => kMargin.left + band * (index + 0.5),
    y: (value) => bottom - ((value - low) / (high - low)) * (bottom - kMargin.top),
  };
  const marks = chart.type === 'bar' ? bars(series, categories, scale) : lines(series, categories, scale, chart.type === 'area');
  const picture = svg('svg', {class: 'chart', viewBox: `0 0 ${kWidth} ${height}`, role: 'img'}, axes(chart, categories, scale),
                      marks, svg('line', {class: 'axis', x1: kMargin.left, x2: kWidth - kMargin.right, y1: scale.y(0), y2: scale.y(0)}));
  return {picture, legend: series.length > 1 ? series.map((one) => one.name) : [],
          head: ['', ...series.map((one) => one.name)], rows: categories.map((category, index) => [category, ...series.map((one) => one.values[index])])};
}

function pie(chart) {
  const segments = (chart.segments ?? []).map((segment) => ({label: segment.label ?? '', value: Math.max(0, number(segment.value))}));
  const total = segments.reduce((sum, segment) => sum + segment.value, 0) || 1;
  const [cx, cy, radius, hole] = [130, 130, 112, 62];
  let angle = -Math.PI / 2;
  const point = (r, a) => `${cx + r * Math.cos(a)},${cy + r * Math.sin(a)}`;
  const slices = segments.map((segment, at) => {
    const share = segment.value / total;
    const sweep = Math.min(share * 2 * Math.PI, 2 * Math.PI - 0.0001);
    const end = angle + sweep;
    const large = sweep > Math.PI ? 1 : 0;
    const path = `M${point(radius, angle)} A${radius},${radius} 0 ${large} 1 ${point(radius, end)} L${point(hole, end)} A${hole},${hole} 0 ${large} 0 ${point(hole, angle)} Z`;
    angle = end;
    return svg('path', {class: `slice fill-${at % 6}`, d: path}, svg('title', {}, `${segment.label}: ${format(segment.value)} (${(share * 100).toFixed(1)} %)`));
  });
  return {picture: svg('svg', {class: 'chart chart-pie', viewBox: '0 0 260 260', role: 'img'}, slices),
          legend: segments.map((segment) => `${segment.label} · ${((segment.value / total) * 100).toFixed(segment.value / total < 0.1 ? 1 : 0)} %`),
          head: ['', 'Value'], rows: segments.map((segment) => [segment.label, segment.value])};
}

export function chart(block) {
  const made = block.chart?.type === 'pie' ? pie(block.chart) : cartesian(block.chart ?? {});
  const title = block.title?.text ?? block.title ?? 'Chart';
  made.picture.setAttribute('aria-label', `${title}. ${made.rows.slice(0, 20).map((row) => `${row[0]}: ${row.slice(1).map(format).join(', ')}`).join('; ')}`);
  const legend = h('ul', {class: 'legend'}, made.legend.map((label, at) => h('li', {}, h('span', {class: `swatch fill-${at % 6}`}), label)));
  const data = h('details', {class: 'chart-data'}, h('summary', {}, 'Data', h('span', {class: 'visually-hidden'}, ` of the chart ${title}`)),
                 scroller(`Data of the chart ${title}`, h('table', {class: 'md-table'},
                   h('thead', {}, h('tr', {}, made.head.map((cell) => h('th', {}, cell)))),
                   h('tbody', {}, made.rows.map((row) => h('tr', {}, row.map((cell, at) => h(at === 0 ? 'th' : 'td', {class: at === 0 ? null : 'align-right'},
                     at === 0 ? cell : new Intl.NumberFormat().format(cell)))))))));
  return h('figure', {class: `figure figure-${block.chart?.type ?? 'bar'}`}, h('figcaption', {}, title),
           h('div', {class: 'figure-body'}, made.picture, made.legend.length ? legend : null), data);
}
