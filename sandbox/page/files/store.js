// What the page knows: the workspace as one person sees it, kept current by the changes that the sandbox sends.
import {listen} from './api.js';

const kMaxLog = 300;

export const store = {
  online: true,
  ready: false,
  me: null,
  bot: {user_id: '', name: 'genie'},
  team: {name: ''},
  users: new Map(),
  channels: new Map(),
  messages: new Map(),  // channel -> Map of ts -> message
  statuses: new Map(),  // channel/thread -> status
  prompts: new Map(),
  sessions: new Map(),
  home: null,
  views: [],
  viewErrors: new Map(),
  commands: [],
  notices: [],          // what Slack itself says to this person
  controls: {bot: {connections: 0}, faults: {slack: {}, genie: {}}, space_ids: [], violations: []},
  log: [],
};

const listeners = new Set();
let source = null;
let planned = false;

export function subscribe(listener) {
  listeners.add(listener);
}

// Renders once per frame, however many changes come.
export function changed() {
  if (planned) return;
  planned = true;
  requestAnimationFrame(() => {
    planned = false;
    for (const listener of listeners) listener();
  });
}

export function compareTs(a, b) {
  if (a.length === b.length) return a < b ? -1 : a > b ? 1 : 0;
  return Number(a) - Number(b);
}

const place = (channel, threadTs) => `${channel}/${threadTs ?? ''}`;

function channelMessages(channel) {
  let found = store.messages.get(channel);
  if (!found) store.messages.set(channel, found = new Map());
  return found;
}

function takeSnapshot({workspace, controls, log}) {
  const byId = (list) => new Map((list ?? []).map((entry) => [entry.id, entry]));
  Object.assign(store, {
    ready: true,
    me: workspace.me,
    bot: workspace.bot,
    team: workspace.team,
    users: byId(workspace.users),
    channels: byId(workspace.channels),
    messages: new Map(Object.entries(workspace.messages ?? {}).map(([channel, list]) =>
        [channel, new Map(list.map((message) => [message.ts, message]))])),
    statuses: new Map((workspace.statuses ?? []).map((status) => [place(status.channel, status.thread_ts), status])),
    prompts: new Map((workspace.prompts ?? []).map((prompts) => [place(prompts.channel, prompts.thread_ts), prompts])),
    sessions: new Map((workspace.sessions ?? []).map((session) => [place(session.channel, session.thread_ts), session])),
    home: workspace.home,
    views: (workspace.views ?? []).filter((view) => view.type === 'modal'),
    commands: workspace.commands ?? [],
    controls,
    log,
  });
}

const mine = (change) => !change.user || change.user === store.me?.id;

const kChanges = {
  message({channel, message}) {
    if (!store.channels.has(channel) || (message.ephemeral_for && message.ephemeral_for !== store.me.id)) return;
    channelMessages(channel).set(message.ts, message);
  },
  message_deleted({channel, ts}) {
    channelMessages(channel).delete(ts);
  },
  status(change) {
    const key = place(change.channel, change.thread_ts);
    if (change.status) store.statuses.set(key, change);
    else store.statuses.delete(key);
  },
  prompts(change) {
    store.prompts.set(place(change.channel, change.thread_ts), change);
  },
  session(change) {
    store.sessions.set(place(change.channel, change.thread_ts), change);
  },
  home(change) {
    if (mine(change)) store.home = change.view;
  },
  view(change) {
    if (!mine(change) || change.view.type === 'home') return;
    store.viewErrors.delete(change.view.id);
    const at = store.views.findIndex((view) => view.id === change.view.id);
    if (at < 0) store.views = [...store.views, change.view];
    else store.views = store.views.with(at, change.view);
  },
  view_closed(change) {
    if (mine(change)) store.views = store.views.filter((view) => view.id !== change.view_id);
  },
  view_errors(change) {
    if (mine(change)) store.viewErrors.set(change.view_id, change.errors ?? {});
  },
  notice(change) {
    if (mine(change)) store.notices = [...store.notices.slice(-19), {...change, at: Date.now() / 1000}];
  },
  user({user}) {
    store.users.set(user.id, user);
  },
  channel({channel}) {
    if (!channel.is_im || channel.user === store.me.id) store.channels.set(channel.id, channel);
  },
  connections({open}) {
    store.controls.bot.connections = open;
  },
};

// Shows the workspace as `user` sees it.
export function become(user) {
  source?.close();
  sessionStorage.setItem('person', user);
  store.ready = false;
  store.notices = [];
  source = listen(user, {
    onEvent(name, data) {
      if (name === 'snapshot') takeSnapshot(data);
      else if (name === 'change') kChanges[data.type]?.(data);
      else if (name === 'controls') store.controls = data;
      else if (name === 'log') store.log = [...store.log, ...data.entries].slice(-kMaxLog);
      changed();
    },
    onState(online) {
      if (store.online === online) return;
      store.online = online;
      changed();
    },
  });
}

const sorted = (messages) => messages.sort((a, b) => compareTs(a.ts, b.ts));
const isReply = (message) => Boolean(message.thread_ts) && message.thread_ts !== message.ts;

export function roots(channel) {
  return sorted([...(store.messages.get(channel)?.values() ?? [])].filter((message) => !isReply(message)));
}

export function replies(channel, threadTs) {
  return sorted([...(store.messages.get(channel)?.values() ?? [])].filter((message) => isReply(message) && message.thread_ts === threadTs));
}

export function findMessage(channel, ts) {
  return store.messages.get(channel)?.get(ts);
}

export function newestTs(channel) {
  let newest = '';
  for (const [ts, message] of store.messages.get(channel) ?? [])
    if (message.user !== store.me.id && (newest === '' || compareTs(ts, newest) > 0)) newest = ts;
  return newest;
}

export function statusOf(channel, threadTs) {
  return store.statuses.get(place(channel, threadTs));
}

export function sessionOf(channel, threadTs) {
  return store.sessions.get(place(channel, threadTs));
}

export function promptsOf(channel, threadTs) {
  const found = store.prompts.get(place(channel, threadTs)) ?? store.prompts.get(place(channel, ''));
  return found?.prompts?.length ? found : undefined;
}

export function isBotConnected() {
  return (store.controls.bot?.connections ?? 0) > 0;
}

// The direct message of this person with the bot.
export function botChannel() {
  return [...store.channels.values()].find((channel) => channel.is_im && channel.user === store.me.id);
}

export function displayName(user) {
  return user?.real_name || user?.name || user?.id || '';
}

// What Slack shows beside the name of whom another team brought: "Partner".
export function organisation(id) {
  return store.users.get(id)?.organisation ?? '';
}

// Who belongs to this workspace and is no guest.
export function isMember(user) {
  return !user.organisation && !user.is_guest;
}

export function isOfBot(message) {
  return Boolean(message.bot_id) || message.user === store.bot.user_id;
}

export function authorOf(message) {
  return (isOfBot(message) && message.username) || userName(message.user) || message.username || message.user || 'Someone';
}

export function userName(id) {
  if (id === store.bot.user_id) return store.bot.name;
  const user = store.users.get(id);
  return user ? displayName(user) : undefined;
}
