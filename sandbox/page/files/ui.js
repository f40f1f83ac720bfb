// Where the person is in the page; kept in the address, so that reload and the back button work.
//   #/C1   #/C1/TS (with a thread)   #/app/home   #/app/messages   #/app/messages/TS
import {changed, newestTs, compareTs, store} from './store.js';

export const ui = {place: 'channel', channel: '', thread: '', controls: false, sidebar: false, editing: ''};

const isWide = () => window.matchMedia('(min-width: 900px)').matches;

export function readAddress() {
  const [first = '', second = '', third = ''] = location.hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent);
  if (first === 'app') Object.assign(ui, {place: second === 'messages' ? 'messages' : 'home', channel: '', thread: third});
  else Object.assign(ui, {place: 'channel', channel: first, thread: second});
  ui.editing = '';
  ui.sidebar = false;
  changed();
}

export function go(address) {
  if (location.hash === `#/${address}`) readAddress();
  else location.hash = `/${address}`;
}

const base = () => (ui.place === 'channel' ? ui.channel : `app/${ui.place}`);

export function openThread(ts) {
  go(`${base()}/${ts}`);
}

export function closeThread() {
  go(base());
}

// After a question its thread is where the answer comes; on a small screen the conversation stays in sight.
export function followThread(ts) {
  if (isWide()) openThread(ts);
}

// What another person sees starts without a thread: one of a direct message would not exist for them.
export function leaveThread() {
  if (ui.thread && ui.place === 'messages') closeThread();
}

export function edit(ts) {
  ui.editing = ts;
  changed();
}

export function toggle(name) {
  ui[name] = !ui[name];
  if (name === 'controls') ui.sidebar = false;
  changed();
}

const readKey = () => `read:${store.me?.id}`;
const readMarks = () => JSON.parse(sessionStorage.getItem(readKey()) ?? '{}');

export function markRead(channel) {
  const newest = newestTs(channel);
  const marks = readMarks();
  if (!newest || marks[channel] === newest) return;
  marks[channel] = newest;
  sessionStorage.setItem(readKey(), JSON.stringify(marks));
}

export function isUnread(channel) {
  const newest = newestTs(channel);
  const mark = readMarks()[channel] ?? '';
  return newest !== '' && (mark === '' || compareTs(newest, mark) > 0);
}
