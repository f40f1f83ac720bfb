// Standard Markdown (the "markdown" block and streams) as DOM nodes.
import {h} from './dom.js';
import {bareUrl, decodeEntities, emojiNode, entity, link, safeUrl} from './mrkdwn.js';
import {emoji} from './emoji.js';
import {scroller} from './tables.js';

const kMaxDepth = 8;

const isWord = (character) => character !== undefined && /[\p{L}\p{N}]/u.test(character);

// Emphasis marks, longest first.
const kMarks = [['**', 'strong'], ['__', 'strong'], ['~~', 's'], ['*', 'em'], ['_', 'em']];

function emphasis(text, at, depth) {
  for (const [mark, tag] of kMarks) {
    if (!text.startsWith(mark, at)) continue;
    const start = at + mark.length;
    if (start >= text.length || /\s/.test(text[start])) return undefined;
    if (mark.startsWith('_') && isWord(text[at - 1])) return undefined;
    let end = text.indexOf(mark, start + 1);
    while (end > 0) {
      const closes = !/\s/.test(text[end - 1]) && !(mark.startsWith('_') && isWord(text[end + mark.length])) &&
                     !(mark.length === 1 && text[end + 1] === mark);
      if (closes) break;
      end = text.indexOf(mark, end + mark.length);
    }
    if (end > 0) return {node: h(tag, {}, inline(text.slice(start, end), depth + 1)), end: end + mark.length};
    if (mark.length === 2) return undefined;
  }
  return undefined;
}

function bracket(text, at, depth) {
  const found = /^(!?)\[((?:[^[\]\\]|\\.|\[[^[\]]*\])*)\]\(\s*<?((?:[^\s()<>]|\([^\s()<>]*\))*)>?(?:\s+"[^"]*")?\s*\)/.exec(text.slice(at, at + 4000));
  if (!found) return undefined;
  const [whole, image, label, address] = found;
  if (!safeUrl(address)) return {node: h('span', {}, inline(label, depth + 1)), end: at + whole.length};
  const node = link(address, image ? label || address : undefined);
  if (!image) node.replaceChildren(...inline(label, depth + 1));
  return {node, end: at + whole.length};
}

function special(text, at, depth) {
  const mark = text[at];
  if (mark === '\\' && /[\\`*_{}[\]()#+\-.!~|<>]/.test(text[at + 1] ?? ''))
    return {node: document.createTextNode(text[at + 1]), end: at + 2};
  if (mark === '`') {
    const fence = /^`+/.exec(text.slice(at))[0];
    const end = text.indexOf(fence, at + fence.length);
    if (end > 0) return {node: h('code', {}, text.slice(at + fence.length, end).trim()), end: end + fence.length};
    return undefined;
  }
  if (mark === '<') {
    const end = text.indexOf('>', at);
    const node = end > at + 1 ? entity(text.slice(at + 1, end)) : undefined;
    if (node) return {node, end: end + 1};
    const br = /^<br\s*\/?>/i.exec(text.slice(at, at + 8));
    return br ? {node: h('br'), end: at + br[0].length} : undefined;
  }
  if (mark === '[' || (mark === '!' && text[at + 1] === '[')) return bracket(text, at, depth);
  if (mark === '*' || mark === '_' || mark === '~') return depth < kMaxDepth ? emphasis(text, at, depth) : undefined;
  if (mark === ':') {
    const found = /^:([a-z0-9_+'-]{1,60}):/.exec(text.slice(at, at + 64));
    return found && emoji(found[1]) ? {node: emojiNode(found[1]), end: at + found[0].length} : undefined;
  }
  if (mark === 'h' && !isWord(text[at - 1])) {
    const address = bareUrl(text, at);
    return address && safeUrl(address) ? {node: link(address), end: at + address.length} : undefined;
  }
  if (mark === '\n') return {node: h('br'), end: at + 1};
  return undefined;
}

export function inline(text, depth = 0) {
  const nodes = [];
  let plain = '';
  let at = 0;
  const flush = () => {
    if (plain) nodes.push(document.createTextNode(decodeEntities(plain)));
    plain = '';
  };
  while (at < text.length) {
    const found = special(text, at, depth);
    if (found) {
      flush();
      nodes.push(found.node);
      at = found.end;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  flush();
  return nodes;
}

const kItem = /^(\s*)(?:([-*+])|(\d{1,9})[.)])\s+(.*)$/;
const kFence = /^\s*(```+|~~~+)\s*(\S*)/;
const kHeading = /^\s{0,3}(#{1,6})\s+(.*?)\s*#*$/;
const kRule = /^\s{0,3}([-*_])(?:\s*\1){2,}\s*$/;
const kTableRule = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;

function cells(line) {
  const inner = line.trim().replace(/^\|/, '').replace(/(?<!\\)\|$/, '');
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'));
}

function table(lines, at) {
  const head = cells(lines[at]);
  const align = cells(lines[at + 1]).map((cell) => (/^:-+:$/.test(cell) ? 'center' : /-:$/.test(cell) ? 'right' : 'left'));
  const rows = [];
  let next = at + 2;
  while (next < lines.length && lines[next].includes('|') && lines[next].trim() !== '') rows.push(cells(lines[next++]));
  const row = (tag, values) => h('tr', {}, head.map((_, column) =>
      h(tag, {class: `align-${align[column] ?? 'left'}`}, inline(values[column] ?? ''))));
  const node = scroller('Table', h('table', {class: 'md-table'}, h('thead', {}, row('th', head)), h('tbody', {}, rows.map((r) => row('td', r)))));
  return {node, next};
}

function list(lines, at) {
  const first = kItem.exec(lines[at]);
  const indent = first[1].length;
  const node = h(first[3] ? 'ol' : 'ul', first[3] && first[3] !== '1' ? {start: first[3]} : {});
  let next = at;
  while (next < lines.length) {
    const item = kItem.exec(lines[next]);
    if (item && item[1].length < indent) break;
    if (item && item[1].length > indent + 1 && node.lastChild) {
      const inner = list(lines, next);
      node.lastChild.append(inner.node);
      next = inner.next;
      continue;
    }
    if (item) {
      if (Boolean(item[3]) !== Boolean(first[3])) break;
      const task = /^\[([ xX])\]\s+/.exec(item[4]);
      const text = task ? item[4].slice(task[0].length) : item[4];
      const box = task ? h('input', {type: 'checkbox', disabled: true, checked: task[1] !== ' ', 'aria-label': 'done'}) : null;
      node.append(h('li', {class: task ? 'task-item' : null}, box, inline(text)));
      next += 1;
      continue;
    }
    if (lines[next].trim() !== '' && /^\s{2,}/.test(lines[next]) && node.lastChild) {
      node.lastChild.append(h('br'), ...inline(lines[next].trim()));
      next += 1;
      continue;
    }
    if (lines[next].trim() === '' && kItem.test(lines[next + 1] ?? '')) {
      next += 1;
      continue;
    }
    break;
  }
  return {node, next};
}

function startsBlock(lines, at) {
  const line = lines[at];
  return line.trim() === '' || kFence.test(line) || kHeading.test(line) || kRule.test(line) || kItem.test(line) ||
         /^\s{0,3}>/.test(line) || (line.includes('|') && kTableRule.test(lines[at + 1] ?? ''));
}

export function markdown(text, depth = 0) {
  const lines = String(text ?? '').replaceAll('\r\n', '\n').split('\n');
  const nodes = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at];
    const fence = kFence.exec(line);
    const heading = kHeading.exec(line);
    if (line.trim() === '') {
      at += 1;
    } else if (fence) {
      const body = [];
      at += 1;
      while (at < lines.length && !lines[at].trim().startsWith(fence[1])) body.push(lines[at++]);
      at += 1;
      nodes.push(h('pre', {dataset: {language: fence[2]}}, h('code', {}, body.join('\n'))));
    } else if (heading) {
      nodes.push(h('div', {class: `md-heading md-h${heading[1].length}`, role: 'heading', 'aria-level': heading[1].length + 2},
                   inline(heading[2])));
      at += 1;
    } else if (kRule.test(line)) {
      nodes.push(h('hr'));
      at += 1;
    } else if (/^\s{0,3}>/.test(line) && depth < kMaxDepth) {
      const quoted = [];
      while (at < lines.length && /^\s{0,3}>/.test(lines[at])) quoted.push(lines[at++].replace(/^\s{0,3}> ?/, ''));
      nodes.push(h('blockquote', {}, markdown(quoted.join('\n'), depth + 1)));
    } else if (line.includes('|') && kTableRule.test(lines[at + 1] ?? '') && lines[at + 1].includes('-')) {
      const found = table(lines, at);
      nodes.push(found.node);
      at = found.next;
    } else if (kItem.test(line)) {
      const found = list(lines, at);
      nodes.push(found.node);
      at = found.next;
    } else {
      const paragraph = [line];
      at += 1;
      while (at < lines.length && !startsBlock(lines, at)) paragraph.push(lines[at++]);
      nodes.push(h('p', {}, inline(paragraph.join('\n'))));
    }
  }
  return nodes;
}
