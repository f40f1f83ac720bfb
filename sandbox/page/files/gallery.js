// gallery.html: every kind of block and element that the page can show, without a bot. What is pressed is only told.
import {h, toast} from './dom.js';
import {renderBlocks} from './blocks.js';
import {fileCard} from './files.js';
import {kSamples} from './gallery_samples.js';
import {setNames} from './mrkdwn.js';

const people = {U1: 'Ana Lima', U2: 'Ben Okafor'};
setNames({user: (id) => people[id], channel: (id) => (id === 'C1' ? 'sales' : undefined), me: () => 'U1', address: () => undefined});

const context = (name) => ({
  id: name,
  values: {},
  errors: {broken: 'Please say more.'},
  me: () => 'U1',
  press: async (action) => toast(`${action.type} ${action.action_id}: ${action.value ?? action.selected_option?.value ?? JSON.stringify(action)}`),
  suggest: async (block, element, typed) => ({options: ['Sales', 'Support', 'People'].filter((label) => label.toLowerCase().includes(typed.toLowerCase()))
    .map((label) => ({text: {type: 'plain_text', text: label}, value: label}))}),
  people: () => Object.entries(people).map(([value, label]) => ({value, label})),
  channels: () => [{value: 'C1', label: '#sales'}],
});

const entries = kSamples.map(({name, blocks, file}) => h('section', {class: 'gallery-entry', id: name},
    h('h2', {}, name), h('div', {class: 'message-text'}, blocks ? renderBlocks(blocks, context(name)) : null, file ? fileCard(file) : null)));
document.getElementById('gallery').append(h('h1', {}, 'Block gallery'), ...entries);
