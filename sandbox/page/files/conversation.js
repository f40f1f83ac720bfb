// The middle of the page: a channel, the direct message with the bot, or the bot's Home; and the thread beside it.
import {h, icon, iconButton, reconcile, toast} from './dom.js';
import {avatar} from './avatar.js';
import {composer, send} from './composer.js';
import {attempt, chooserSources, renderMessages, statusText} from './messages.js';
import {kSampleQuestions} from './workspace.js';
import {post} from './api.js';
import {renderBlocks} from './blocks.js';
import {openMenu} from './popover.js';
import {botChannel, findMessage, isBotConnected, isMember, promptsOf, replies, roots, sessionOf, statusOf, store} from './store.js';
import {closeThread, go, markRead, toggle, ui} from './ui.js';

const kAboveLast = 24;  // pixels of what is before the last message
const kNearEnd = 60;

// From the list, or from a message of it, arrows go from message to message, whose controls then are a Tab away.
function goToMessage(event, list, content) {
  const messages = [...content.querySelectorAll('article')];
  const at = messages.indexOf(event.target);
  if ((at < 0 && event.target !== list) || messages.length === 0) return;
  const end = messages.length - 1;
  const next = {ArrowUp: at < 0 ? end : at - 1, ArrowDown: at < 0 ? end : at + 1, Home: 0, End: end}[event.key];
  if (next === undefined) return;
  event.preventDefault();
  messages[Math.min(Math.max(0, next), end)].focus();
}

// A list that stays at its end while it grows, unless the person scrolled away. Of a last message that is taller than
// the list the beginning is shown, since one reads it from there. It is no live region itself: announceNews() says what
// is new.
function scrollingList(label) {
  const list = h('div', {class: 'message-list', role: 'log', 'aria-live': 'off', 'aria-label': label, 'aria-description': 'Arrow keys go from message to message', tabindex: '0'});
  const content = h('div', {class: 'message-list-content'});
  list.addEventListener('keydown', (event) => goToMessage(event, list, content));
  list.append(content);
  let sticks = true;
  const jump = h('button', {type: 'button', class: 'jump-button', hidden: true, onclick: () => {
    sticks = true;
    toEnd();
  }}, icon('chevron', 16), 'Newest messages');
  const wanted = () => {
    const end = list.scrollHeight - list.clientHeight;
    const last = content.lastElementChild;
    return last ? Math.min(end, last.offsetTop - content.offsetTop - kAboveLast) : end;
  };
  const toEnd = () => {
    list.scrollTop = wanted();
    jump.hidden = true;
  };
  list.addEventListener('scroll', () => {
    sticks = list.scrollTop >= wanted() - kNearEnd;
    if (sticks) jump.hidden = true;
  }, {passive: true});
  new ResizeObserver(() => {
    if (sticks) toEnd();
    else jump.hidden = false;
  }).observe(content);
  return {node: h('div', {class: 'message-list-wrap'}, list, jump), content};
}

function sampleButtons(questions, ask) {
  return h('div', {class: 'samples'}, questions.map((question) =>
      h('button', {type: 'button', class: 'sample', onclick: () => ask(question.message ?? question)}, icon('message', 18), h('span', {}, question.title ?? question))));
}

const asks = (channel, prefix) => (question) => attempt(send(channel, '', `${prefix}${question}`));

const aboutGenie = () => h('p', {}, 'What answers is a local look-alike of Genie with a small sample data set.');

function welcome(channel) {
  const bot = store.bot.name;
  if (channel.is_im) {
    const prompts = promptsOf(channel.id, '');
    return h('div', {class: 'welcome'}, avatar(store.bot.user_id, 56), h('h2', {}, `Ask ${bot} anything about the data`),
             h('p', {}, 'Every message here is a question; the answer comes in its thread.'), aboutGenie(),
             h('p', {class: 'welcome-lead'}, prompts?.title ?? 'Try one of these:'), sampleButtons(prompts?.prompts ?? kSampleQuestions, asks(channel.id, '')));
  }
  if (!channel.bot_is_member)
    return h('div', {class: 'welcome'}, h('span', {class: 'welcome-hash'}, icon('hash', 32)), h('h2', {}, `This is #${channel.name}`),
             h('p', {}, `${bot} is not a member of this channel, so it does not see what is written here. Bring it in with `, h('code', {}, `/invite @${bot}`), `, ask it in another channel, or `,
               h('a', {href: '#/app/messages'}, 'write to it directly'), '.'));
  return h('div', {class: 'welcome'}, h('span', {class: 'welcome-hash'}, icon('hash', 32)), h('h2', {}, `This is #${channel.name}`),
           h('p', {}, 'To ask a question, mention the bot: type ', h('code', {}, `@${bot}`), ' and your question, then press Enter. The answer comes in a thread; reply there to ask more.'), aboutGenie(),
           h('p', {class: 'welcome-lead'}, 'Try one of these:'), sampleButtons(kSampleQuestions, asks(channel.id, `@${bot} `)));
}

function banner() {
  if (!store.online) return h('div', {class: 'banner banner-error', role: 'alert'}, icon('warning', 18), 'The sandbox does not answer. This page tries again by itself.');
  if (!isBotConnected())
    return h('div', {class: 'banner', role: 'status'}, icon('warning', 18), h('span', {}, `${store.bot.name} is not connected, so nobody answers now. What you ask is delivered if it comes back within a few minutes. `,
             h('button', {type: 'button', class: 'link-button', onclick: () => { if (!ui.controls) toggle('controls'); }}, 'How to connect it')));
  return null;
}

const hintFor = (channel) => (text) => {
  if (channel.is_im || !channel.bot_is_member || text.trim() === '' || text.startsWith('/')) return '';
  return new RegExp(`@${store.bot.name}\\b`, 'i').test(text) ? `${store.bot.name} will answer in a thread` : `Mention @${store.bot.name} to ask it`;
};

function tabs(current) {
  const tab = (name, label) => h('a', {class: `tab${current === name ? ' current' : ''}`, href: `#/app/${name}`, 'aria-current': current === name ? 'page' : null}, label);
  return h('div', {class: 'tabs'}, tab('home', 'Home'), tab('messages', 'Messages'));
}

function mainHeader(title, mark, extra) {
  return h('header', {class: 'main-head'}, iconButton('menu', 'Channels and people', () => toggle('sidebar'), {class: 'icon-button only-narrow'}),
           h('div', {class: 'main-title'}, mark, h('h2', {}, title)), extra, h('span', {class: 'spacer'}),
           iconButton('sliders', 'Sandbox controls', () => toggle('controls')));
}

// The name of whom channels are shared with.
const partner = () => [...store.users.values()].find((user) => user.is_stranger)?.organisation ?? 'another organisation';

// What concerns the channel itself: with whom it is shared, and the menu to change that.
function channelTools(channel) {
  const now = () => store.channels.get(channel.id) ?? channel;
  const note = h('span', {class: 'main-note'});
  const share = (shared) => attempt(post('share_channel', {user: store.me.id, channel: channel.id, shared}));
  const menu = iconButton('more', 'Channel actions', () => openMenu(menu, 'Channel actions', [now().is_ext_shared
    ? {label: `Stop sharing with ${partner()}`, icon: 'lock', run: () => share(false)}
    : {label: `Share with ${partner()}`, icon: 'share', run: () => share(true)}]), {'aria-haspopup': 'menu'});
  return {nodes: [note, isMember(store.me) ? menu : null], update() {
    const home = store.me.is_stranger ? store.team.name : partner();
    note.textContent = `shared with ${home}`;
    note.hidden = !now().is_ext_shared;
  }};
}

function makeConversation(channel) {
  const list = scrollingList(channel.is_im ? `Messages with ${store.bot.name}` : `#${channel.name}`);
  const top = h('div', {class: 'banner-place'});
  const entry = composer({channel: channel.id, label: 'Message', placeholder: channel.is_im ? `Ask ${store.bot.name}` : `Message #${channel.name}${channel.bot_is_member ? ` – @${store.bot.name} asks the bot` : ''}`,
                          hint: hintFor(channel)});
  const tools = channelTools(channel);
  const header = channel.is_im ? mainHeader(store.bot.name, avatar(store.bot.user_id, 28), tabs('messages'))
                               : mainHeader(channel.name, icon(channel.is_private ? 'lock' : 'hash'), tools.nodes);
  return {nodes: [header, top, list.node, entry], update() {
    const shown = banner();
    reconcile(top, shown ? [['banner', shown.textContent, () => shown]] : []);
    const now = store.channels.get(channel.id) ?? channel;
    tools.update();
    const messages = roots(channel.id);
    const notices = store.notices.filter((notice) => notice.channel === channel.id);
    const hello = messages.length + notices.length === 0 ? [['welcome', JSON.stringify([now, promptsOf(channel.id, '')]), () => welcome(now)]] : [];
    renderMessages(list.content, channel.id, messages, {before: hello, notices});
    markRead(channel.id);
  }};
}

function homeContext() {
  const view = () => store.home?.id;
  return {
    id: 'home', values: {}, me: () => store.me.id, ...chooserSources(),
    press: (action, state) => attempt(post('press', {user: store.me.id, view_id: view(), action, state})),
    suggest: async (block, element, typed) => (await post('suggest', {user: store.me.id, view_id: view(), action_id: element.action_id, typed})).suggestions,
  };
}

function makeHome() {
  const top = h('div', {class: 'banner-place'});
  const body = h('div', {class: 'home-body'});
  const context = homeContext();
  return {nodes: [mainHeader(store.bot.name, avatar(store.bot.user_id, 28), tabs('home')), top, h('div', {class: 'home'}, body)], update() {
    const shown = banner();
    reconcile(top, shown ? [['banner', shown.textContent, () => shown]] : []);
    const {home} = store;
    reconcile(body, home?.blocks?.length
      ? home.blocks.map((block, index) => [`${index}-${block.block_id}`, JSON.stringify(block), () => renderBlocks([block], context)[0]])
      : [['empty', 'empty', () => h('div', {class: 'welcome'}, avatar(store.bot.user_id, 56), h('h2', {}, 'Nothing here yet'),
                                     h('p', {}, `${store.bot.name} has not published a Home tab for you. An app does so when it is told that its tab was opened.`),
                                     h('a', {class: 'button', href: '#/app/messages'}, `Write to ${store.bot.name}`))]]);
  }};
}

let main = null;
let opened = '';

// Tells the bot that its Home or Messages tab was opened, once per visit.
function tellOpened() {
  const now = ui.place === 'channel' ? '' : `${ui.place}/${store.me.id}`;
  if (opened === now) return;
  opened = now;
  if (now) attempt(post('home', {user: store.me.id, tab: ui.place}));
}

// A stranger has no channel until one is shared.
function showNoChannel(root) {
  const key = `${store.me.id}/none`;
  if (main?.key === key) return;
  main = {key, update() {}};
  root.replaceChildren(mainHeader('No channels', icon('hash'), null),
                       h('div', {class: 'welcome'}, h('h2', {}, 'No channel is shared with you'),
                         h('p', {}, `People of ${store.team.name} share one by its menu: become one of them, open a channel and choose “Share with ${store.me.organisation}”.`)));
}

export function renderMain(root) {
  if (!store.ready) return;
  if (ui.place === 'channel' && !store.channels.has(ui.channel)) {
    const channels = [...store.channels.values()].filter((channel) => !channel.is_im);
    const first = channels.find((channel) => channel.name === 'sales') ?? channels[0];
    if (first) go(first.id);
    else showNoChannel(root);
    return;
  }
  tellOpened();
  const channel = currentChannel();
  if (ui.place === 'messages' && !channel) {
    if (!main?.asking) attempt(post('direct_message', {user: store.me.id}));
    main = {key: 'asking', asking: true, update() {}};
    return;
  }
  const key = `${store.me.id}/${ui.place}/${channel?.id ?? ''}`;
  if (main?.key !== key) {
    main = {key, ...(ui.place === 'home' ? makeHome() : makeConversation(channel))};
    root.replaceChildren(...main.nodes);
    if (matchMedia('(min-width: 900px)').matches && !ui.thread) root.querySelector('.composer-field')?.focus();
  }
  main.update();
}

export function currentChannel() {
  if (ui.place === 'messages') return botChannel();
  return ui.place === 'channel' ? store.channels.get(ui.channel) : undefined;
}

function stopButton(channel, threadTs) {
  return h('button', {type: 'button', class: 'button small-button', onclick: async () => {
    await attempt(post('stop', {user: store.me.id, channel, thread_ts: threadTs}));
    toast('Asked the bot to stop.');
  }}, icon('stop', 14), 'Stop');
}

function makeThread(channel, threadTs) {
  const list = scrollingList('Thread');
  const title = h('div', {class: 'panel-sub'});
  const where = channel.is_im ? store.bot.name : `#${channel.name}`;
  const entry = composer({channel: channel.id, threadTs, label: 'Reply', placeholder: 'Reply or ask more',
                          hint: () => (isBotConnected() ? '' : `${store.bot.name} is not connected`)});
  const statusPlace = h('div', {class: 'thread-status', 'aria-live': 'polite'});
  const header = h('header', {class: 'panel-head'}, iconButton('back', 'Back to the conversation', closeThread, {class: 'icon-button only-narrow'}),
                   h('div', {class: 'panel-titles'}, h('h2', {}, 'Thread'), title), h('span', {class: 'spacer'}), iconButton('close', 'Close the thread', closeThread, {class: 'icon-button only-wide'}));
  return {nodes: [header, list.node, statusPlace, entry], update() {
    title.textContent = sessionOf(channel.id, threadTs)?.title || where;
    const root = findMessage(channel.id, threadTs);
    const below = replies(channel.id, threadTs);
    const count = below.length === 1 ? '1 reply' : `${below.length} replies`;
    const gone = root ? [] : [['gone', 'gone', () => h('div', {class: 'thread-gone'}, 'The first message of this thread was deleted.')]];
    const rule = root && below.length > 0 ? [['replies', count, () => h('div', {class: 'reply-rule'}, h('span', {}, count))]] : [];
    renderMessages(list.content, channel.id, [...(root ? [root] : []), ...below], {inThread: true, before: gone, afterFirst: rule});
    const status = statusOf(channel.id, threadTs);
    const streaming = below.some((message) => message.streaming) || root?.streaming;
    const processing = sessionOf(channel.id, threadTs)?.status === 'processing';
    const text = status ? statusText(status) : streaming ? `${store.bot.name} is writing…` : processing ? `${store.bot.name} is working…` : '';
    reconcile(statusPlace, text ? [['status', text, () => h('div', {class: 'status-line'}, avatar(store.bot.user_id, 20), h('span', {class: 'typing', 'aria-hidden': 'true'}, h('i'), h('i'), h('i')),
                                                            h('span', {class: 'status-text'}, text), stopButton(channel.id, threadTs))]] : []);
    entry.refresh();
  }};
}

let thread = null;

export function renderThread(root) {
  const channel = currentChannel();
  const shown = store.ready && ui.thread !== '' && channel !== undefined;
  root.hidden = !shown;
  if (!shown) {
    thread = null;
    root.replaceChildren();
    return;
  }
  const key = `${store.me.id}/${channel.id}/${ui.thread}`;
  if (thread?.key !== key) {
    thread = {key, ...makeThread(channel, ui.thread)};
    root.replaceChildren(...thread.nodes);
    if (matchMedia('(min-width: 900px)').matches) root.querySelector('.composer-field')?.focus();
  }
  thread.update();
}
