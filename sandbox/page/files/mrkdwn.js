// Slack's mrkdwn as DOM nodes. What is not understood stays text.
import {h} from './dom.js';
import {emoji} from './emoji.js';

const kMaxDepth = 6;
let names = {user: () => undefined, channel: () => undefined, me: () => '', address: () => undefined};

// How ids become names, and messages addresses of the page; set once by the page.
export function setNames(resolver) {
  names = resolver;
}

export function decodeEntities(text) {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

export function escapeText(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

// The address when it is one that a link may have, else undefined.
export function safeUrl(text) {
  try {
    const url = new URL(text);
    return ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url.href : undefined;
  } catch {
    return undefined;
  }
}

const kPermalink = /^https:\/\/sandbox\.slack\.com\/archives\/([A-Z0-9]+)\/p(\d{10})(\d{6})(?:\?(.*))?$/;

// Where the page itself shows what a link to a message of the workspace is about; undefined for other links.
function ownAddress(url) {
  const found = kPermalink.exec(url);
  if (!found) return undefined;
  const [, channel, seconds, rest, query] = found;
  const address = names.address(channel, `${seconds}.${rest}`, new URLSearchParams(query ?? '').get('thread_ts'));
  return address && `#/${address}`;
}

// Follows an address as a link does.
export function visit(address) {
  const url = safeUrl(address);
  const own = url && ownAddress(url);
  if (own) location.hash = own;
  else if (url) window.open(url, '_blank', 'noopener,noreferrer');
}

export function link(address, label) {
  const url = safeUrl(address);
  if (!url) return document.createTextNode(label ?? address);
  const own = ownAddress(url);
  if (own) return h('a', {href: own}, label ?? address);
  return h('a', {href: url, target: '_blank', rel: 'noopener noreferrer'}, label ?? address.replace(/^mailto:/, ''));
}

export function userMention(id, fallback) {
  const name = names.user(id) ?? fallback ?? id;
  return h('span', {class: `mention${id === names.me() ? ' mention-me' : ''}`}, `@${name}`);
}

export function channelMention(id, fallback) {
  return h('span', {class: 'mention'}, `#${names.channel(id) || fallback || id}`);
}

export function broadcastMention(name) {
  return h('span', {class: 'mention mention-me'}, `@${name}`);
}

export function emojiNode(name) {
  const character = emoji(name);
  if (!character) return document.createTextNode(`:${name}:`);
  return h('span', {class: 'emoji', role: 'img', 'aria-label': name.replaceAll('_', ' '), title: `:${name}:`}, character);
}

// "today", "yesterday" or "tomorrow", as Slack's pretty forms say; undefined for other days.
function nearDay(date) {
  const midnight = (day) => new Date(day.getFullYear(), day.getMonth(), day.getDate()).getTime();
  const days = Math.round((midnight(date) - midnight(new Date())) / 86400000);
  if (Math.abs(days) > 1) return undefined;
  return new Intl.RelativeTimeFormat(undefined, {numeric: 'auto'}).format(days, 'day');
}

export function dateText(seconds, format, fallback) {
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(date.getTime())) return fallback ?? '';
  const day = (options) => date.toLocaleDateString(undefined, options);
  const parts = {
    date_num: date.toISOString().slice(0, 10),
    date: day({dateStyle: 'long'}),
    date_short: day({dateStyle: 'medium'}),
    date_long: day({dateStyle: 'full'}),
    time: date.toLocaleTimeString(undefined, {timeStyle: 'short'}),
    time_secs: date.toLocaleTimeString(undefined, {timeStyle: 'medium'}),
  };
  const near = nearDay(date);
  parts.date_pretty = near ?? parts.date;
  parts.date_short_pretty = near ?? parts.date_short;
  parts.date_long_pretty = near ?? parts.date_long;
  parts.ago = parts.date_short;
  return (format ?? '{date_short} {time}').replace(/\{(\w+)\}/g, (whole, name) => parts[name] ?? whole);
}

// One <...> of Slack; undefined when it is none.
export function entity(content) {
  const bar = content.indexOf('|');
  const head = bar < 0 ? content : content.slice(0, bar);
  const label = bar < 0 ? undefined : decodeEntities(content.slice(bar + 1)) || undefined;
  if (head.startsWith('@')) return userMention(head.slice(1), label);
  if (head.startsWith('#')) return channelMention(head.slice(1), label);
  if (head.startsWith('!date^')) {
    const [, seconds, format, address] = head.split('^');
    const text = dateText(seconds, format, label);
    return address ? link(decodeEntities(address), text) : h('time', {}, text);
  }
  if (head.startsWith('!subteam^')) return broadcastMention(label?.replace(/^@/, '') ?? head.slice(9));
  if (head.startsWith('!')) return broadcastMention(label?.replace(/^@/, '') ?? head.slice(1));
  const address = decodeEntities(head);
  return safeUrl(address) ? link(address, label) : undefined;
}

const isWord = (character) => character !== undefined && /[\p{L}\p{N}]/u.test(character);
const kStyles = {'*': 'strong', '_': 'em', '~': 's'};

function closing(text, start, mark) {
  for (let at = text.indexOf(mark, start + 2); at > 0; at = text.indexOf(mark, at + 1)) {
    if (text.slice(start, at).includes('\n')) return -1;
    if (!/\s/.test(text[at - 1]) && !isWord(text[at + 1])) return at;
  }
  return -1;
}

export function bareUrl(text, at) {
  const found = /^https?:\/\/[^\s<>|`]+/.exec(text.slice(at, at + 2000));
  return found ? found[0].replace(/[.,;:!?)'"\]*_~]+$/, '') : undefined;
}

// Formatting within a paragraph.
export function inline(text, depth = 0) {
  const nodes = [];
  let plain = '';
  const flush = () => {
    if (plain) nodes.push(document.createTextNode(decodeEntities(plain)));
    plain = '';
  };
  const push = (node) => {
    flush();
    nodes.push(node);
  };
  let at = 0;
  while (at < text.length) {
    const mark = text[at];
    const before = text[at - 1];
    if (mark === '<') {
      const end = text.indexOf('>', at);
      const node = end > at + 1 ? entity(text.slice(at + 1, end)) : undefined;
      if (node) {
        push(node);
        at = end + 1;
        continue;
      }
    } else if (mark === '`') {
      const end = text.indexOf('`', at + 1);
      if (end > at + 1 && !text.slice(at, end).includes('\n')) {
        push(h('code', {}, decodeEntities(text.slice(at + 1, end))));
        at = end + 1;
        continue;
      }
    } else if (kStyles[mark] && depth < kMaxDepth && !isWord(before) && text[at + 1] && !/\s/.test(text[at + 1]) &&
               text[at + 1] !== mark) {
      const end = closing(text, at, mark);
      if (end > 0) {
        push(h(kStyles[mark], {}, inline(text.slice(at + 1, end), depth + 1)));
        at = end + 1;
        continue;
      }
    } else if (mark === ':') {
      const found = /^:([a-z0-9_+'-]{1,60}):/.exec(text.slice(at, at + 64));
      if (found && emoji(found[1])) {
        push(emojiNode(found[1]));
        at += found[0].length;
        continue;
      }
    } else if (mark === 'h' && !isWord(before)) {
      const address = bareUrl(text, at);
      if (address && safeUrl(decodeEntities(address))) {
        push(link(decodeEntities(address)));
        at += address.length;
        continue;
      }
    } else if (mark === '\n') {
      push(h('br'));
      at += 1;
      continue;
    }
    plain += mark;
    at += 1;
  }
  flush();
  return nodes;
}

function paragraphs(text) {
  const nodes = [];
  let quoted = null;
  let lines = [];
  const flush = () => {
    if (lines.length === 0) return;
    nodes.push(h(quoted ? 'blockquote' : 'div', {class: quoted ? null : 'line'}, inline(lines.join('\n'))));
    lines = [];
  };
  for (const line of text.split('\n')) {
    const quote = /^(?:&gt;|>) ?/.exec(line);
    if (Boolean(quote) !== quoted) {
      flush();
      quoted = Boolean(quote);
    }
    lines.push(quote ? line.slice(quote[0].length) : line);
  }
  flush();
  return nodes;
}

// A whole text: code fences, quotes, lines.
export function mrkdwn(text) {
  const nodes = [];
  for (const [index, part] of String(text ?? '').split('```').entries()) {
    const isCode = index % 2 === 1;
    if (isCode) nodes.push(h('pre', {}, h('code', {}, decodeEntities(part.replace(/^\n/, '').replace(/\n$/, '')))));
    else if (part.trim() !== '' ) nodes.push(...paragraphs(index === 0 ? part.replace(/\n$/, '') : part.replace(/^\n|\n$/g, '')));
  }
  return nodes;
}

// A text object of Block Kit.
export function textObject(object) {
  if (!object) return [];
  if (typeof object === 'string') return [document.createTextNode(object)];
  if (object.type === 'mrkdwn') return mrkdwn(object.text);
  return plainText(object.text);
}

// plain_text: emoji names and line ends, nothing else.
export function plainText(text) {
  const nodes = [];
  const parts = String(text ?? '').split(/(:[a-z0-9_+'-]{1,60}:|\n)/);
  for (const part of parts) {
    if (part === '\n') nodes.push(h('br'));
    else if (part.startsWith(':') && part.endsWith(':') && emoji(part.slice(1, -1))) nodes.push(emojiNode(part.slice(1, -1)));
    else if (part) nodes.push(document.createTextNode(decodeEntities(part)));
  }
  return nodes;
}
