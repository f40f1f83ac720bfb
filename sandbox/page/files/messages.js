// A list of messages: rows, day dividers, what appears when one points at a row.
import {h, icon, iconButton, oneStop, reconcile, toast} from './dom.js';
import {avatar} from './avatar.js';
import {askFor} from './dialogs.js';
import {attachmentCard} from './attachments.js';
import {fileCard} from './files.js';
import {kPickerNames, kQuickReactions, emoji} from './emoji.js';
import {decodeEntities, mrkdwn, emojiNode} from './mrkdwn.js';
import {closePopover, openMenu, openPopover} from './popover.js';
import {post} from './api.js';
import {renderBlocks} from './blocks.js';
import {authorOf, botChannel, isOfBot, organisation, replies, statusOf, store, userName, displayName} from './store.js';
import {edit, openThread, ui} from './ui.js';
import {editor, toSlackText} from './composer.js';
import {kMessageShortcuts} from './workspace.js';

const kGroupSeconds = 300;

const dateOf = (ts) => new Date(Number(ts) * 1000);
export const timeText = (ts) => dateOf(ts).toLocaleTimeString(undefined, {hour: '2-digit', minute: '2-digit'});

function dayText(ts) {
  const date = dateOf(ts);
  const today = new Date();
  const days = Math.round((new Date(today).setHours(0, 0, 0, 0) - new Date(date).setHours(0, 0, 0, 0)) / 864e5);
  if (days === 0) return 'Today';
  if (days === 1) return 'Yesterday';
  return date.toLocaleDateString(undefined, {weekday: 'long', month: 'long', day: 'numeric'});
}

export async function attempt(promise) {
  try {
    return await promise;
  } catch (error) {
    toast(error.message, 'error');
    return undefined;
  }
}

const inputValues = new Map();

// What the blocks of a message need to act.
function messageContext(channel, message) {
  const key = `${channel}/${message.ts}`;
  if (!inputValues.has(key)) inputValues.set(key, {});
  const where = () => ({user: store.me.id, channel, ts: message.ts});
  return {
    id: key,
    values: inputValues.get(key),
    me: () => store.me.id,
    press: (action, state) => attempt(post('press', {...where(), action, state})),
    suggest: async (block, element, typed) =>
        (await post('suggest', {...where(), action_id: element.action_id, typed})).suggestions,
    ...chooserSources(),
  };
}

export function chooserSources() {
  return {
    people: () => [...store.users.values()].filter((user) => !user.is_bot).map((user) => ({label: displayName(user), value: user.id})),
    channels: () => [...store.channels.values()].filter((channel) => !channel.is_im).map((channel) => ({label: `#${channel.name}`, value: channel.id})),
  };
}

function react(channel, message, name) {
  const mine = message.reactions?.find((reaction) => reaction.name === name)?.users?.includes(store.me.id);
  return attempt(post('react', {user: store.me.id, channel, ts: message.ts, name, add: !mine}));
}

function pickReaction(anchor, channel, message) {
  const names = h('div', {class: 'emoji-grid'}, kPickerNames.map((name) =>
      h('button', {type: 'button', class: 'emoji-choice', 'aria-label': name.replaceAll('_', ' '), title: `:${name}:`, onclick: () => {
        closePopover();
        react(channel, message, name);
      }}, emoji(name))));
  openPopover(anchor, names, {label: 'Pick a reaction'});
  names.firstChild.focus();
}

// To a channel, or to the bot itself.
function forward(channel, message) {
  const places = chooserSources().channels();
  askFor({
    title: 'Forward this message', button: 'Forward',
    fields: [{name: 'to', label: 'To', options: [{label: store.bot.name, value: ''}, ...places]}, {name: 'text', label: 'Message', optional: true}],
    run: async ({to, text}) => {
      const target = to || botChannel()?.id || (await post('direct_message', {user: store.me.id})).channel;
      await post('forward', {user: store.me.id, channel, ts: message.ts, to: target, text: toSlackText(text)});
      toast(`Forwarded to ${to ? places.find((entry) => entry.value === to).label : store.bot.name}`);
    },
  });
}

const addressIn = (message) => decodeEntities(/https?:\/\/[^\s|>]+/.exec(message.text ?? '')?.[0] ?? '');

function toolbar(channel, message, inThread) {
  if (message.ephemeral_for) return null;
  const own = message.user === store.me.id && !message.bot_id;
  const quick = kQuickReactions.slice(0, 3).map((name) =>
      h('button', {type: 'button', class: 'icon-button', 'aria-label': `React with ${name}`, title: `:${name}:`, onclick: () => react(channel, message, name)}, emoji(name)));
  const entries = [
    ...kMessageShortcuts.map((shortcut) => ({label: shortcut.name, icon: 'bolt', run: () =>
        attempt(post('shortcut', {user: store.me.id, channel, ts: message.ts, callback_id: shortcut.callback_id}))})),
    {label: 'Forward message', icon: 'forward', run: () => forward(channel, message)},
    own && addressIn(message) && !message.attachments?.length ? {label: 'Show a preview of the link', icon: 'search', run: () =>
        attempt(post('unfurl', {user: store.me.id, channel, ts: message.ts, url: addressIn(message)}))} : null,
    own ? {label: 'Edit message', icon: 'pencil', run: () => edit(message.ts)} : null,
    own ? {label: 'Delete message', icon: 'trash', danger: true, run: () =>
        attempt(post('remove', {user: store.me.id, channel, ts: message.ts}))} : null,
    {label: 'Copy text', icon: 'file', run: () => attempt(navigator.clipboard.writeText(message.text ?? ''))},
  ].filter(Boolean);
  return oneStop(h('div', {class: 'toolbar', role: 'toolbar', 'aria-label': 'Message actions'}, quick,
           iconButton('smile', 'Add a reaction', (event) => pickReaction(event.currentTarget, channel, message), {'aria-haspopup': 'dialog'}),
           inThread ? null : iconButton('reply', 'Reply in thread', () => openThread(message.thread_ts || message.ts)),
           iconButton('more', 'More message actions', (event) => openMenu(event.currentTarget, 'More message actions', entries), {'aria-haspopup': 'menu'})));
}

function reactions(channel, message) {
  if (!message.reactions?.length) return null;
  return h('div', {class: 'reactions'}, message.reactions.map((reaction) => {
    const users = reaction.users ?? [];
    const names = users.map((id) => userName(id) ?? id).join(', ');
    return h('button', {type: 'button', class: 'reaction', 'aria-pressed': String(users.includes(store.me.id)), title: `${names} reacted with :${reaction.name}:`,
                        'aria-label': `${reaction.name.replaceAll('_', ' ')}, ${users.length}`, onclick: () => react(channel, message, reaction.name)},
             emojiNode(reaction.name), h('span', {}, String(reaction.count ?? users.length)));
  }));
}

export function statusText(status) {
  if (!status) return '';
  const rotating = status.loading_messages ?? [];
  const text = rotating.length ? rotating[Math.floor(Date.now() / 3000) % rotating.length] : status.status;
  return /^(is|has|was|will)\b/i.test(text) ? `${store.bot.name} ${text}` : text;
}

function replyBar(channel, message) {
  const below = replies(channel, message.ts).filter((reply) => !reply.ephemeral_for);
  const status = statusOf(channel, message.ts);
  if (below.length === 0 && !status) return null;
  const people = [...new Set(below.map((reply) => reply.user))].slice(0, 4);
  const count = below.length === 1 ? '1 reply' : `${below.length} replies`;
  return h('button', {type: 'button', class: 'reply-bar', onclick: () => openThread(message.ts)},
           people.map((id) => avatar(id, 24)), below.length ? h('span', {class: 'reply-count'}, count) : null,
           status ? h('span', {class: 'reply-status'}, h('span', {class: 'spinner'}), statusText(status))
                  : h('span', {class: 'reply-last'}, `Last reply ${timeText(below.at(-1).ts)}`));
}

function body(channel, message) {
  const context = messageContext(channel, message);
  const blocks = message.blocks?.length ? renderBlocks(message.blocks, context) : mrkdwn(message.text);
  const text = h('div', {class: `message-text${message.streaming ? ' streaming' : ''}`}, blocks);
  if (message.edited && !message.bot_id) ([...text.querySelectorAll('.line')].at(-1) ?? text).append(h('span', {class: 'edited'}, ' (edited)'));
  return [
    text,
    message.streaming ? h('span', {class: 'stream-mark', role: 'img', 'aria-label': 'still writing'}) : null,
    (message.attachments ?? []).map((attachment) => attachmentCard(attachment, context)),
    (message.files ?? []).map(fileCard),
    reactions(channel, message),
  ];
}

// What stays of a deleted message that has replies.
function deletedRow(channel, message, inThread) {
  return h('article', {class: 'message deleted', 'aria-label': 'A deleted message', tabindex: '-1', dataset: {ts: message.ts}},
           h('div', {class: 'message-side'}, icon('trash', 18)),
           h('div', {class: 'message-main'}, h('div', {class: 'message-text'}, 'This message was deleted.'), inThread ? null : replyBar(channel, message)));
}

function row(channel, message, {compact, inThread, editing}) {
  if (message.subtype === 'tombstone') return deletedRow(channel, message, inThread);
  const isBot = isOfBot(message);
  const name = authorOf(message);
  const time = h('time', {class: 'time', title: dateOf(message.ts).toLocaleString(), datetime: dateOf(message.ts).toISOString()}, compact ? timeText(message.ts).replace(/\s.*$/, '') : timeText(message.ts));
  const head = compact ? null : h('div', {class: 'message-head'}, h('span', {class: 'name'}, name), organisation(message.user) ? h('span', {class: 'organisation'}, organisation(message.user)) : null, isBot ? h('span', {class: 'badge'}, 'APP') : null, time);
  return h('article', {class: `message${compact ? ' compact' : ''}${message.ephemeral_for ? ' ephemeral' : ''}`, 'aria-label': `${name}, ${timeText(message.ts)}`, tabindex: '-1',
                       dataset: {ts: message.ts}},
           h('div', {class: 'message-side'}, compact ? time : avatar(message.user || message.username)),
           h('div', {class: 'message-main'},
             message.ephemeral_for ? h('div', {class: 'ephemeral-note'}, icon('lock', 14), 'Only visible to you') : null,
             head,
             editing ? editor(channel, message) : body(channel, message),
             inThread ? null : replyBar(channel, message)),
           editing ? null : toolbar(channel, message, inThread));
}

function noticeRow(notice) {
  return h('article', {class: 'message ephemeral', 'aria-label': 'Notice'}, h('div', {class: 'message-side'}, h('span', {class: 'avatar avatar-36 avatar-notice'}, icon('warning', 18))),
           h('div', {class: 'message-main'}, h('div', {class: 'ephemeral-note'}, icon('lock', 14), 'Only visible to you'),
             h('div', {class: 'message-text'}, mrkdwn(notice.text))));
}

// Puts the messages into `list`; `before` and `afterFirst` are more entries for reconcile(), before all messages and
// after the first one.
export function renderMessages(list, channel, messages, {inThread = false, before = [], afterFirst = [], notices = []} = {}) {
  const wanted = [...before];
  let previous = null;
  let day = '';
  const rows = [...messages.map((message) => ({message})), ...notices.map((notice) => ({notice, message: {ts: String(notice.at)}}))]
    .sort((a, b) => Number(a.message.ts) - Number(b.message.ts));
  for (const {message, notice} of rows) {
    if (!inThread && dayText(message.ts) !== day) {
      day = dayText(message.ts);
      const text = day;
      wanted.push([`day-${text}`, text, () => h('div', {class: 'day', role: 'separator'}, h('span', {}, text))]);
      previous = null;
    }
    if (notice) {
      wanted.push([`notice-${notice.at}`, notice.text, () => noticeRow(notice)]);
      previous = null;
      continue;
    }
    const compact = previous !== null && previous.user === message.user && !message.ephemeral_for && !previous.ephemeral_for &&
                    Number(message.ts) - Number(previous.ts) < kGroupSeconds && !(previous.reply_count > 0 && !inThread);
    const editing = ui.editing === message.ts && message.user === store.me.id;
    const below = inThread ? '' : JSON.stringify([replies(channel, message.ts).map((reply) => [reply.ts, reply.user]), statusText(statusOf(channel, message.ts))]);
    wanted.push([message.ts, JSON.stringify([message, compact, editing, store.me.id]) + below, () => row(channel, message, {compact, inThread, editing})]);
    previous = message;
    if (message === messages[0] && afterFirst.length > 0) {
      wanted.push(...afterFirst);
      previous = null;
    }
  }
  reconcile(list, wanted);
}
