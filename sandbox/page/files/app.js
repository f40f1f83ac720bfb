// The page: listens to the sandbox, and shows what the store and the address say.
import {become, botChannel, changed, findMessage, store, subscribe, userName} from './store.js';
import {closePopover} from './popover.js';
import {closeThread, readAddress, toggle, ui} from './ui.js';
import {renderControls} from './controls.js';
import {renderMain, renderThread, currentChannel} from './conversation.js';
import {renderModals} from './modals.js';
import {renderSidebar} from './sidebar.js';
import {setNames} from './mrkdwn.js';
import {announceNews} from './news.js';

const part = (id) => document.getElementById(id);

// A message's own address is that of its thread.
function addressOf(channel, ts, threadTs) {
  const thread = threadTs || findMessage(channel, ts)?.thread_ts || ts;
  return `${channel === botChannel()?.id ? 'app/messages' : channel}/${thread}`;
}

setNames({user: userName, channel: (id) => store.channels.get(id)?.name, me: () => store.me?.id, address: addressOf});

function renderTitle() {
  const channel = currentChannel();
  const name = channel && !channel.is_im ? `#${channel.name}` : store.bot.name;
  document.title = `${name} – genie-slack sandbox`;
}

subscribe(() => {
  document.body.classList.toggle('has-thread', ui.thread !== '');
  document.body.classList.toggle('has-controls', ui.controls);
  document.body.classList.toggle('has-sidebar', ui.sidebar);
  renderMain(part('main'));
  renderSidebar(part('sidebar'));
  renderThread(part('thread'));
  renderControls(part('controls'));
  renderModals();
  renderTitle();
  announceNews(currentChannel() ?? botChannel());
});

window.addEventListener('hashchange', () => {
  closePopover();
  readAddress();
});

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || event.defaultPrevented || document.querySelector('dialog[open]')) return;
  if (ui.sidebar) toggle('sidebar');
  else if (ui.controls && part('controls').contains(document.activeElement)) toggle('controls');
  else if (ui.thread && part('thread').contains(document.activeElement)) closeThread();
});

// Statuses with several texts show one after the other.
setInterval(() => {
  if ([...store.statuses.values()].some((status) => status.loading_messages?.length > 1)) changed();
}, 3000);

part('main').addEventListener('pointerdown', () => {
  if (ui.sidebar) toggle('sidebar');
});

readAddress();
become(sessionStorage.getItem('person') ?? '');
