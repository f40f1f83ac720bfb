// Where people write: Enter sends, "@" and ":" suggest, "/genie" is a command.
import {h, icon, iconButton, toast} from './dom.js';
import {displayName, isMember, store} from './store.js';
import {edit, followThread} from './ui.js';
import {askFor} from './dialogs.js';
import {openMenu} from './popover.js';
import {emoji, emojiMatches} from './emoji.js';
import {escapeText, decodeEntities} from './mrkdwn.js';
import {post} from './api.js';

const drafts = new Map();
const kMaxHeight = 220;

function mentionables() {
  const people = [...store.users.values()].filter((user) => !user.is_bot && user.id !== store.bot.user_id);
  return [{id: store.bot.user_id, handle: store.bot.name, label: store.bot.name, note: 'the bot'},
          ...people.map((user) => ({id: user.id, handle: displayName(user), label: displayName(user), note: user.name}))];
}

const isWord = (character) => character !== undefined && /[\p{L}\p{N}_]/u.test(character);

// What was typed -> Slack's text: names become <@ID>, channels <#ID>, the rest is escaped.
export function toSlackText(typed) {
  let text = escapeText(typed);
  const handles = mentionables().flatMap(({id, handle}) => [[handle, id]]);
  for (const user of store.users.values()) if (user.name) handles.push([user.name, user.id]);
  handles.sort((a, b) => b[0].length - a[0].length);
  for (const [handle, id] of handles) {
    const wanted = `@${escapeText(handle).toLowerCase()}`;
    for (let at = text.toLowerCase().indexOf(wanted); at >= 0; at = text.toLowerCase().indexOf(wanted, at + 1)) {
      const end = at + wanted.length;
      if (isWord(text[at - 1]) || isWord(text[end]) || text[at - 1] === '<') continue;
      text = `${text.slice(0, at)}<@${id}>${text.slice(end)}`;
    }
  }
  for (const channel of store.channels.values())
    if (!channel.is_im) text = text.replaceAll(new RegExp(`(^|\\s)#${channel.name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w-])`, 'g'), `$1<#${channel.id}|${channel.name}>`);
  return text;
}

// The reverse, for editing.
export function fromSlackText(text) {
  const names = new Map(mentionables().map(({id, handle}) => [id, handle]));
  return decodeEntities(text.replace(/<@([A-Z0-9]+)(?:\|[^>]*)?>/g, (whole, id) => (names.has(id) ? `@${names.get(id)}` : whole))
    .replace(/<#([A-Z0-9]+)(?:\|([^>]*))?>/g, (whole, id, name) => `#${name || store.channels.get(id)?.name || id}`));
}

function candidates(field) {
  const upTo = field.value.slice(0, field.selectionStart);
  const found = /(^|\s)([@:/])([^\s@:]*)$/.exec(upTo);
  if (!found) return [];
  const [, , mark, typed] = found;
  const start = upTo.length - typed.length - 1;
  const wanted = typed.toLowerCase();
  // A complete name needs no help, and Enter shall send it.
  if (mark === '@' && mentionables().some(({handle}) => handle.toLowerCase() === wanted)) return [];
  if (mark === '@')
    return mentionables().filter(({handle, note}) => handle.toLowerCase().startsWith(wanted) || note.toLowerCase().startsWith(wanted)).slice(0, 7)
      .map((person) => ({start, insert: `@${person.handle} `, title: `@${person.label}`, note: person.note}));
  if (mark === ':' && typed.length >= 2)
    return emojiMatches(wanted).map((name) => ({start, insert: `:${name}: `, title: `${emoji(name)} :${name}:`, note: ''}));
  if (mark === '/' && start === 0)
    return [...store.commands, '/invite'].filter((command) => command.startsWith(`/${wanted}`))
      .map((command) => ({start, insert: `${command} `, title: command, note: command === '/invite' ? `@${store.bot.name} into this channel` : `a command of ${store.bot.name}`}));
  return [];
}

let fieldNumber = 0;

// A text field with suggestions. `submit(text)` gives a promise of whether the text was taken.
function textField({label, placeholder, value, oninput, submit, cancel}) {
  const id = `suggest-${++fieldNumber}`;
  let offered = [];
  let active = 0;
  const menu = h('div', {class: 'suggestions', role: 'listbox', id, 'aria-label': 'Suggestions', hidden: true});
  const field = h('textarea', {rows: 1, class: 'composer-field', 'aria-label': label, placeholder, 'aria-controls': id, 'aria-autocomplete': 'list', spellcheck: 'true'});
  field.value = value;

  const grow = () => {
    field.style.height = 'auto';
    field.style.height = `${Math.min(field.scrollHeight, kMaxHeight)}px`;
  };
  const take = (offer) => {
    const end = field.selectionStart;
    field.setRangeText(offer.insert, offer.start, end, 'end');
    field.focus();
    hide();
    oninput?.(field.value);
  };
  const hide = () => {
    offered = [];
    menu.hidden = true;
    field.setAttribute('aria-activedescendant', '');
  };
  const suggest = () => {
    offered = candidates(field);
    active = 0;
    show();
  };
  const show = () => {
    menu.hidden = offered.length === 0;
    menu.replaceChildren(...offered.map((offer, index) =>
        h('div', {role: 'option', id: `${id}-${index}`, class: `suggestion${index === active ? ' active' : ''}`, 'aria-selected': String(index === active),
                  onpointerdown: (event) => {
                    event.preventDefault();
                    take(offer);
                  }}, h('span', {}, offer.title), h('span', {class: 'suggestion-note'}, offer.note))));
    field.setAttribute('aria-activedescendant', offered.length ? `${id}-${active}` : '');
  };
  const send = async () => {
    const text = field.value.trim();
    if (text === '' || field.disabled) return;
    hide();
    if (await submit(text)) {
      field.value = '';
      oninput?.('');
      grow();
    }
    field.focus();
  };
  field.addEventListener('input', () => {
    oninput?.(field.value);
    grow();
    suggest();
  });
  field.addEventListener('blur', hide);
  field.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    if (offered.length > 0 && ['ArrowDown', 'ArrowUp', 'Tab', 'Enter'].includes(event.key) && !(event.key === 'Enter' && event.shiftKey)) {
      event.preventDefault();
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        active = (active + (event.key === 'ArrowDown' ? 1 : offered.length - 1)) % offered.length;
        show();
      } else {
        take(offered[active]);
      }
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      send();
    } else if (event.key === 'Escape') {
      if (offered.length > 0) {
        event.stopPropagation();
        hide();
      } else {
        cancel?.();
      }
    }
  });
  queueMicrotask(grow);
  return {field, menu, send};
}

async function runCommand(text, channel, threadTs) {
  const [command, ...rest] = text.split(' ');
  if (command === '/invite') {
    if (rest.join(' ').trim().toLowerCase() !== `@${store.bot.name}`.toLowerCase()) throw new Error(`Only @${store.bot.name} can be invited here.`);
    await post('invite', {user: store.me.id, channel});
    return;
  }
  if (!store.commands.includes(command)) throw new Error(`${command} is not a command here. Known: ${store.commands.join(', ')}`);
  if (threadTs) throw new Error(`Slack does not take ${command} in threads. Write a reply instead.`);
  await post('slash', {user: store.me.id, channel, command, text: toSlackText(rest.join(' ').trim())});
}

// Sends what a person wrote; a question to the bot opens its thread.
export async function send(channel, threadTs, typed) {
  if (/^\/[a-z]/.test(typed)) {
    await runCommand(typed, channel, threadTs);
    return;
  }
  const text = toSlackText(typed);
  const {ts} = await post('say', {user: store.me.id, channel, text, thread_ts: threadTs});
  const isQuestion = text.includes(`<@${store.bot.user_id}>`) || store.channels.get(channel)?.is_im;
  if (!threadTs && isQuestion) followThread(ts);
}

// What people bring into a channel beside text. Workflows write at its root only.
function openMore(anchor, channel, threadTs) {
  const me = () => store.me.id;
  const clip = {label: 'Record an audio clip', icon: 'mic', run: () => askFor({
    title: 'Audio clip', button: 'Send', fields: [{name: 'text', label: 'What is said', optional: true}],
    run: async ({text}) => {
      const {ts} = await post('speak', {user: me(), channel, text, thread_ts: threadTs});
      if (!threadTs && store.channels.get(channel)?.is_im) followThread(ts);
    },
  })};
  const workflow = {label: 'Run a workflow', icon: 'bolt', run: () => askFor({
    title: 'Run a workflow', button: 'Run',
    fields: [{name: 'name', label: 'Name', rows: 1, value: 'Weekly numbers'},
             {name: 'text', label: 'What it writes', value: `@${store.bot.name} What was our revenue by region last quarter?`}],
    run: ({name, text}) => post('run_workflow', {user: me(), channel, name, text: toSlackText(text)}),
  })};
  const offersWorkflow = !threadTs && !store.channels.get(channel)?.is_im && isMember(store.me);
  openMenu(anchor, 'More to send', offersWorkflow ? [clip, workflow] : [clip]);
}

// The composer of a channel or a thread. `hint(text)` gives a line under it.
export function composer({channel, threadTs = '', label, placeholder, hint}) {
  const key = `${store.me.id}/${channel}/${threadTs}`;
  const note = h('div', {class: 'composer-hint'});
  const button = h('button', {type: 'button', class: 'send-button', 'aria-label': 'Send', title: 'Send (Enter)', onclick: () => input.send()}, icon('send'));
  const update = (text) => {
    drafts.set(key, text);
    button.disabled = text.trim() === '';
    note.textContent = hint?.(text) ?? '';
  };
  const input = textField({
    label, placeholder, value: drafts.get(key) ?? '', oninput: update,
    submit: async (text) => {
      try {
        await send(channel, threadTs, text);
        return true;
      } catch (error) {
        toast(error.message, 'error');
        return false;
      }
    },
  });
  const insert = (mark) => {
    const {field} = input;
    const before = field.value.slice(0, field.selectionStart);
    field.focus();
    field.setRangeText(before === '' || /\s$/.test(before) ? mark : ` ${mark}`, field.selectionStart, field.selectionEnd, 'end');
    field.dispatchEvent(new Event('input'));
  };
  const node = h('div', {class: 'composer'},
                 h('div', {class: 'composer-box'}, input.menu, input.field,
                   h('div', {class: 'composer-bar'},
                     iconButton('plus', 'More to send', (event) => openMore(event.currentTarget, channel, threadTs), {'aria-haspopup': 'menu'}),
                     h('button', {type: 'button', class: 'icon-button mention-button', 'aria-label': 'Mention somebody', title: 'Mention somebody', onclick: () => insert('@')}, '@'),
                     iconButton('smile', 'Emoji by name', () => insert(':')),
                     h('span', {class: 'composer-keys'}, h('kbd', {}, 'Enter'), ' sends, ', h('kbd', {}, 'Shift Enter'), ' makes a new line'), button)),
                 note);
  update(input.field.value);
  node.fill = (text) => {
    input.field.value = text;
    input.field.dispatchEvent(new Event('input'));
    input.field.focus();
  };
  node.refresh = () => update(input.field.value);
  return node;
}

// In the place of one's own message while it is edited.
export function editor(channel, message) {
  const done = () => edit('');
  const input = textField({
    label: 'Edit message', placeholder: '', value: fromSlackText(message.text ?? ''), cancel: done,
    submit: async (text) => {
      try {
        await post('edit', {user: store.me.id, channel, ts: message.ts, text: toSlackText(text)});
        done();
      } catch (error) {
        toast(error.message, 'error');
      }
      return false;
    },
  });
  queueMicrotask(() => {
    input.field.focus();
    input.field.setSelectionRange(input.field.value.length, input.field.value.length);
  });
  return h('div', {class: 'composer-box editing'}, input.menu, input.field,
           h('div', {class: 'composer-bar'}, h('button', {type: 'button', class: 'button', onclick: done}, 'Cancel'),
             h('button', {type: 'button', class: 'button button-primary', onclick: () => input.send()}, 'Save')));
}
