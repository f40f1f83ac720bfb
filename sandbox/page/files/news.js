// Says to screen readers what others write, in words, once it stands: a message that grew by updates is said when it is
// whole, and one that became something else is said again.
import {announce, h} from './dom.js';
import {mrkdwn} from './mrkdwn.js';
import {authorOf, findMessage, store} from './store.js';

const kStands = 1000;  // milliseconds without a change
const kMostSaid = 300;

let place = '';
let heard = new Map();  // ts -> the text that was said
let waiting = new Map();  // ts -> {text, timer}

function words(text) {
  const node = h('div', {}, mrkdwn(text).map((part) => [part, ' ']));
  for (const end of node.querySelectorAll('br')) end.replaceWith(' ');
  const all = node.textContent.replace(/\s+/g, ' ').trim();
  return all.length > kMostSaid ? `${all.slice(0, all.lastIndexOf(' ', kMostSaid))} …` : all;
}

function say(channel, ts, text) {
  waiting.delete(ts);
  const message = findMessage(channel, ts);
  if (message?.text !== text) return;
  heard.set(ts, text);
  announce(`${authorOf(message)}: ${words(text)}`);
}

function arrive(now) {
  for (const {timer} of waiting.values()) clearTimeout(timer);
  place = now;
  heard = new Map();
  waiting = new Map();
}

export function announceNews(channel) {
  if (!channel || !store.ready) return;
  const now = `${store.me.id}/${channel.id}`;
  const isNew = place !== now;
  if (isNew) arrive(now);
  for (const message of store.messages.get(channel.id)?.values() ?? []) {
    const {ts, text = ''} = message;
    const isOwn = message.user === store.me.id && !message.bot_id;
    if (isOwn || message.streaming || message.subtype === 'tombstone' || text === '' || heard.get(ts) === text) continue;
    if (isNew) heard.set(ts, text);
    else if (waiting.get(ts)?.text !== text) {
      clearTimeout(waiting.get(ts)?.timer);
      waiting.set(ts, {text, timer: setTimeout(() => say(channel.id, ts, text), kStands)});
    }
  }
}
