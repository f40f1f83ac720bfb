// The drawer with the bot's state, the fault switches and the log.
import {h, icon, iconButton, reconcile, toast} from './dom.js';
import {attempt} from './messages.js';
import {post} from './api.js';
import {store} from './store.js';
import {toggle, ui} from './ui.js';
import {kGenieOnce, kGenieOutcomes, kGenieSwitches, kSlackOnce, kSlackSwitches, kSocketButtons} from './faults.js';

const faults = () => store.controls.faults;

async function setFaults(slack, genie, said) {
  const answer = await attempt(post('faults', {slack, genie}));
  if (!answer) return;
  store.controls = {...store.controls, faults: answer.faults};
  if (said) toast(said);
  renderControls(document.getElementById('controls'));
}

function switchRow({label, detail, on, set}) {
  const input = h('input', {type: 'checkbox', role: 'switch', checked: on, onchange: () => set(input.checked)});
  return h('label', {class: 'switch-row'}, input, h('span', {class: 'switch-track', 'aria-hidden': 'true'}), h('span', {class: 'switch-text'}, label, detail ? h('span', {class: 'switch-detail'}, detail) : null));
}

function onceButton(entry, set) {
  return h('button', {type: 'button', class: 'button once-button', title: entry.detail ?? null, onclick: () => set(entry)}, entry.label);
}

function section(title, ...children) {
  return h('section', {class: 'control-section'}, h('h3', {}, title), children);
}

function botSection() {
  const {bot, violations} = store.controls;
  const count = bot.connections;
  const state = h('div', {class: `bot-state${count > 0 ? ' on' : ''}`}, h('span', {class: `presence${count > 0 ? ' on' : ''}`}),
                  count > 0 ? `${store.bot.name} is connected by ${count} socket${count === 1 ? '' : 's'}` : `${store.bot.name} is not connected`);
  const how = h('details', {class: 'how', open: count === 0}, h('summary', {}, 'Connect a bot of your own'),
                h('p', {}, './run starts one by itself. To start one by hand, give it these settings:'),
                h('pre', {}, (store.controls.environment ?? []).join('\n')));
  return section('Bot', state,
                 count > 0 ? h('div', {class: 'once-buttons'}, kSocketButtons.map((entry) => onceButton(entry, async () => {
                   const answer = await attempt(post('sockets', {what: entry.what}));
                   if (answer) toast(`${entry.said} (${answer.sockets})`);
                 }))) : null,
                 how,
                 violations.length ? h('div', {class: 'violations', role: 'alert'}, h('strong', {}, 'The bot broke the protocol:'), h('ul', {}, violations.map((text) => h('li', {}, text)))) : null);
}

function waiting(list, describe) {
  if (!list?.length) return null;
  return h('ul', {class: 'waiting'}, list.map((entry) => h('li', {}, describe(entry))));
}

const callText = (call) => [
  (call.method ?? call.path ?? '*').replace(/^\*?$/, 'any call'), call.http_status ? `status ${call.http_status}` : '', call.error || call.error_code || '', call.delay ? `${call.delay / 1000} s late` : '',
  call.reset_before ? 'cut before' : '', call.reset_after ? 'cut after' : '', call.times > 1 ? `${call.times} times` : 'once',
].filter(Boolean).join(', ');

function slackSection() {
  const now = faults().slack;
  return section('Slack misbehaves',
                 kSlackSwitches.map((entry) => switchRow({label: entry.label, detail: entry.detail, on: entry.isOn(now), set: (on) => setFaults(entry.change(on, now), {})})),
                 h('div', {class: 'control-lead'}, 'Once:'),
                 h('div', {class: 'once-buttons'}, kSlackOnce.map((entry) => onceButton(entry, () => setFaults({calls: [...(now.calls ?? []), entry.call]}, {}, `Set: ${entry.label}`)))),
                 waiting(now.calls, callText));
}

function genieSection() {
  const now = faults().genie;
  const choice = h('select', {class: 'plain-select', 'aria-label': 'How the next question ends'}, kGenieOutcomes.map(([value, label]) => h('option', {value}, label)));
  const outcomeText = (value) => `next: ${kGenieOutcomes.find(([known]) => known === value)?.[1] ?? value}`;
  return section('Genie misbehaves',
                 h('div', {class: 'outcome-row'}, h('label', {}, 'The next question ', choice),
                   h('button', {type: 'button', class: 'button', onclick: () => setFaults({}, {outcomes: [...(now.outcomes ?? []), choice.value]}, 'Set for the next question')}, 'Set')),
                 waiting(now.outcomes, outcomeText),
                 kGenieSwitches.map((entry) => switchRow({label: entry.label, detail: entry.detail, on: Boolean(now[entry.key]), set: (on) => setFaults({}, {[entry.key]: on})})),
                 h('div', {class: 'control-lead'}, 'Once:'),
                 h('div', {class: 'once-buttons'}, kGenieOnce.map((entry) => onceButton(entry, () => setFaults({}, {calls: [...(now.calls ?? []), entry.call]}, `Set: ${entry.label}`))),
                   onceButton({label: 'Finish what runs', detail: 'questions that never end are completed now'}, async () => {
                     if (await attempt(post('finish_questions'))) toast('Running questions are completed');
                   })),
                 waiting(now.calls, callText));
}

const clearAll = () => {
  const off = Object.assign({}, ...kSlackSwitches.map((entry) => entry.change(false)));
  return setFaults({...off, calls: []}, {calls: [], outcomes: [], ...Object.fromEntries(kGenieSwitches.map((entry) => [entry.key, false]))}, 'Everything works again');
};

function spacesSection() {
  const ids = store.controls.space_ids;
  return section('Genie spaces', h('p', {}, ids.length === 1 ? 'One space, so questions go to it at once.' : `${ids.length} spaces, so the bot asks which one to use.`, ' To change it, start again with ',
                                   h('code', {}, ids.length === 1 ? './run --spaces 3' : './run --spaces 1'), '.'));
}

const kSources = {slack: 'Slack API', ack: 'Socket', genie: 'Genie'};

function logRow(entry) {
  const time = new Date(entry.at_ms).toLocaleTimeString(undefined, {hour12: false});
  const head = [h('span', {class: 'log-time'}, time), h('span', {class: `log-source log-${entry.source}`}, kSources[entry.source] ?? entry.source),
                h('span', {class: 'log-title'}, entry.title), entry.detail ? h('span', {class: `log-detail${entry.ok ? '' : ' bad'}`}, entry.detail) : null];
  if (!entry.data || entry.data === '{}') return h('div', {class: 'log-row'}, head);
  let pretty = entry.data;
  try {
    pretty = JSON.stringify(JSON.parse(entry.data), null, 2);
  } catch {
    // Cut off by the server: shown as it came.
  }
  return h('details', {class: 'log-row'}, h('summary', {}, head), h('pre', {}, pretty));
}

let parts = null;
let filter = '';

function build(root) {
  const top = h('div');
  const log = h('div', {class: 'log', role: 'log', 'aria-label': 'Log', tabindex: '0'});
  const choose = h('select', {class: 'plain-select', 'aria-label': 'Which entries', onchange: () => {
    filter = choose.value;
    renderControls(root);
  }}, [['', 'everything'], ['slack', 'Slack API'], ['ack', 'Socket'], ['genie', 'Genie']].map(([value, label]) => h('option', {value}, label)));
  root.replaceChildren(
    h('header', {class: 'panel-head'}, h('div', {class: 'panel-titles'}, h('h2', {}, 'Controls')), h('span', {class: 'spacer'}),
      h('button', {type: 'button', class: 'button small-button', title: 'Switch all faults off', onclick: clearAll}, icon('check', 14), 'Reset'), iconButton('close', 'Close the controls', () => toggle('controls'))),
    h('div', {class: 'controls-scroll'}, top, h('section', {class: 'control-section'}, h('div', {class: 'log-head'}, h('h3', {}, 'Log'), choose), log)));
  parts = {top, log};
}

export function renderControls(root) {
  const shown = ui.controls && store.ready;
  root.hidden = !shown;
  if (!shown) return;
  if (!parts) build(root);
  const {controls} = store;
  reconcile(parts.top, [
    ['bot', JSON.stringify([controls.bot, controls.violations, controls.environment]), botSection],
    ['slack', JSON.stringify(controls.faults.slack), slackSection],
    ['genie', JSON.stringify(controls.faults.genie), genieSection],
    ['spaces', JSON.stringify(controls.space_ids), spacesSection],
  ]);
  const entries = store.log.filter((entry) => filter === '' || entry.source === filter).toReversed();
  reconcile(parts.log, entries.length === 0 ? [['none', 'none', () => h('div', {class: 'log-none'}, 'Nothing yet')]] : entries.map((entry) => [entry.n, '', () => logRow(entry)]));
}
