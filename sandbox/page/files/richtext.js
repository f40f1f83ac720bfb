// rich_text blocks as DOM nodes.
import {h} from './dom.js';
import {broadcastMention, channelMention, dateText, emojiNode, link, userMention} from './mrkdwn.js';

const kStyleTags = {bold: 'strong', italic: 'em', strike: 's', code: 'code', underline: 'u'};

function styled(node, style) {
  let out = node;
  for (const [name, tag] of Object.entries(kStyleTags)) if (style?.[name]) out = h(tag, {}, out);
  return out;
}

function lines(text) {
  const parts = String(text ?? '').split('\n');
  return parts.flatMap((part, index) => (index === 0 ? [part] : [h('br'), part]));
}

function element(item) {
  switch (item.type) {
    case 'text': return styled(h('span', {}, lines(item.text)), item.style);
    case 'link': return styled(link(item.url, item.text), item.style);
    case 'user': return userMention(item.user_id);
    case 'channel': return channelMention(item.channel_id);
    case 'usergroup': return broadcastMention(item.usergroup_id);
    case 'broadcast': return broadcastMention(item.range);
    case 'emoji': return emojiNode(item.name);
    case 'date': return h('time', {}, dateText(item.timestamp, item.format, item.fallback));
    case 'color': return h('code', {}, item.value ?? '');
    default: return document.createTextNode(item.text ?? '');
  }
}

const elements = (items) => (items ?? []).map(element);

function plain(items) {
  return (items ?? []).map((item) => item.text ?? item.url ?? '').join('');
}

function part(item) {
  switch (item.type) {
    case 'rich_text_section': return h('div', {class: 'line'}, elements(item.elements));
    case 'rich_text_preformatted': return h('pre', {}, h('code', {}, plain(item.elements)));
    case 'rich_text_quote': return h('blockquote', {}, elements(item.elements));
    case 'rich_text_list': {
      const ordered = item.style === 'ordered';
      return h(ordered ? 'ol' : 'ul', {class: `indent-${Math.min(item.indent ?? 0, 6)}`, start: ordered && item.offset ? item.offset + 1 : null},
               (item.elements ?? []).map((entry) => h('li', {}, elements(entry.elements))));
    }
    default: return h('div', {}, plain(item.elements));
  }
}

export function richText(block) {
  return (block?.elements ?? []).map(part);
}
