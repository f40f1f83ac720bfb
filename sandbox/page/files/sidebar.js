// The workspace: channels, direct messages, apps, and who one is.
import {h, icon, iconButton} from './dom.js';
import {avatar} from './avatar.js';
import {openMenu} from './popover.js';
import {become, botChannel, displayName, isBotConnected, store} from './store.js';
import {go, isUnread, leaveThread, toggle, ui} from './ui.js';

function entry({label, mark, address, current, unread, note}) {
  return h('li', {}, h('a', {class: `side-entry${current ? ' current' : ''}${unread ? ' unread' : ''}`, href: `#/${address}`, 'aria-current': current ? 'page' : null,
                             onclick: () => { if (current) go(address); }},
                       h('span', {class: 'side-mark'}, mark), h('span', {class: 'side-label'}, label), note ?? null,
                       unread ? h('span', {class: 'unread-dot'}, h('span', {class: 'visually-hidden'}, 'unread')) : null));
}

function group(title, entries) {
  return h('section', {class: 'side-group'}, h('h2', {}, title), h('ul', {}, entries));
}

const kindOf = (user) => (user.organisation ? ` (${user.organisation})` : user.is_guest ? ' (guest)' : '');

function personButton() {
  const people = [...store.users.values()].filter((user) => !user.is_bot && user.id !== store.bot.user_id);
  const node = h('button', {type: 'button', class: 'person-button', 'aria-haspopup': 'menu', 'aria-expanded': 'false', title: 'Write as another person', onclick: () =>
      openMenu(node, 'Write as', people.map((user) => ({
        label: `${displayName(user)}${kindOf(user)}${user.id === store.me.id ? ' – you' : ''}`,
        run: () => {
          leaveThread();
          become(user.id);
        },
      })))},
                 avatar(store.me.id, 28), h('span', {class: 'person-names'}, h('span', {class: 'person-label'}, store.me.organisation ? `You are from ${store.me.organisation}` : store.me.is_guest ? 'You are a guest' : 'You are'),
                   h('span', {}, displayName(store.me))), icon('chevron', 16));
  return node;
}

export function renderSidebar(root) {
  if (!store.me) return;
  const channels = [...store.channels.values()].filter((channel) => !channel.is_im && !channel.is_archived).sort((a, b) => a.name.localeCompare(b.name));
  const dm = botChannel();
  const connected = isBotConnected();
  const dot = h('span', {class: `presence${connected ? ' on' : ''}`, title: connected ? 'connected' : 'not connected'});
  const fingerprint = JSON.stringify([store.me, store.team, channels.map((channel) => [channel, isUnread(channel.id)]), dm?.id, dm && isUnread(dm.id), connected,
                                      ui.place, ui.channel, ui.controls, [...store.users.values()].length, store.online]);
  root.classList.toggle('open', ui.sidebar);
  if (root.fingerprint === fingerprint) return;
  root.fingerprint = fingerprint;
  root.replaceChildren(
    h('header', {class: 'side-head'}, h('span', {class: 'side-logo', 'aria-hidden': 'true'}, '🧞'),
      h('div', {class: 'side-title'}, h('div', {class: 'side-name'}, 'genie-slack sandbox'), h('div', {class: 'side-sub'}, 'a local workspace, nothing leaves this machine')),
      iconButton('close', 'Close the list', () => toggle('sidebar'), {class: 'icon-button only-narrow'})),
    h('div', {class: 'side-scroll'},
      group('Channels', channels.map((channel) => entry({
        label: channel.name, mark: icon(channel.is_private ? 'lock' : 'hash', 16), address: channel.id,
        current: ui.place === 'channel' && ui.channel === channel.id, unread: isUnread(channel.id),
        note: channel.is_ext_shared ? h('span', {class: 'side-note', title: 'Shared with another organisation'}, 'shared') : null,
      }))),
      group('Direct messages', [
        entry({label: store.bot.name, mark: avatar(store.bot.user_id, 20), address: 'app/messages', current: ui.place === 'messages', unread: Boolean(dm) && isUnread(dm.id),
               note: [h('span', {class: 'badge'}, 'APP'), dot]}),
      ]),
      group('Apps', [entry({label: store.bot.name, mark: icon('home', 16), address: 'app/home', current: ui.place === 'home', note: h('span', {class: 'side-note'}, 'Home')})])),
    h('footer', {class: 'side-foot'}, personButton(),
      h('button', {type: 'button', class: `side-controls${ui.controls ? ' current' : ''}`, 'aria-pressed': String(ui.controls), onclick: () => toggle('controls')}, icon('sliders', 18), 'Sandbox controls')));
}
