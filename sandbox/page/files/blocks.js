// Block Kit blocks as DOM nodes.
import {fileUrl} from './api.js';
import {h, icon, oneStop} from './dom.js';
import {chart} from './charts.js';
import {dataTable, table} from './tables.js';
import {areAllPressed, helpText, interactive} from './elements.js';
import {link, plainText, safeUrl, textObject} from './mrkdwn.js';
import {markdown} from './markdown.js';
import {richText} from './richtext.js';

// Pictures of other hosts are not loaded: the page talks to this machine only.
function image(element, small) {
  const file = element.slack_file;
  const address = file ? fileUrl({id: file.id ?? file.url?.split('/').at(-2) ?? '', name: 'picture'}) : element.image_url ?? '';
  const own = address !== '' && new URL(address, location.href).origin === location.origin;
  if (own || address.startsWith('data:image/')) return h('img', {class: small ? 'thumb' : 'picture', src: address, alt: element.alt_text ?? ''});
  if (small) return h('span', {class: 'thumb thumb-missing', title: element.alt_text ?? ''}, icon('file', 14));
  return h('div', {class: 'picture-missing'}, icon('file'), h('span', {}, element.alt_text || 'Picture'), safeUrl(address) ? link(address, 'open') : null);
}

function piece(element, block, context) {
  if (element.type === 'mrkdwn' || element.type === 'plain_text') return h('span', {class: 'piece'}, textObject(element));
  if (element.type === 'image') return image(element, true);
  return interactive(element, block, context) ?? unknown(element);
}

function unknown(thing) {
  return h('div', {class: 'unknown-block'}, `“${thing?.type ?? 'nothing'}” cannot be shown here`);
}

// Text longer than a screenful is folded, as Slack does it.
function folded(nodes, length, open) {
  if (open || length < 700) return nodes;
  const box = h('div', {class: 'folded'}, nodes);
  const more = h('button', {type: 'button', class: 'link-button', 'aria-expanded': 'false', onclick: () => {
    const closed = box.classList.toggle('folded');
    more.textContent = closed ? 'See more' : 'See less';
    more.setAttribute('aria-expanded', String(!closed));
  }}, 'See more');
  return [box, more];
}

function section(block, context) {
  const accessory = block.accessory
    ? h('div', {class: 'accessory'}, block.accessory.type === 'image' ? image(block.accessory, false) : piece(block.accessory, block, context))
    : null;
  return h('div', {class: 'section'},
           h('div', {class: 'section-body'},
             block.text ? folded(textObject(block.text), block.text.text?.length ?? 0, block.expand) : null,
             block.fields ? h('div', {class: 'fields'}, block.fields.map((field) => h('div', {}, textObject(field)))) : null),
           accessory);
}

function input(block, context) {
  const label = block.label?.text ?? '';
  const own = Object.create(context, {label: {value: label}});
  const error = context.errors?.[block.block_id];
  const node = interactive(block.element ?? {}, block, own) ?? unknown(block.element);
  if (error) node.setAttribute('aria-invalid', 'true');
  return h('div', {class: `input-block${error ? ' has-error' : ''}`},
           h('div', {class: 'label'}, plainText(label), block.optional ? h('span', {class: 'optional'}, ' (optional)') : null),
           node, error ? h('div', {class: 'field-error', role: 'alert'}, icon('warning', 16), error) : null, helpText(block.hint));
}

const kTaskIcons = {pending: ['minus', 'waiting'], in_progress: ['more', 'in progress'], complete: ['check', 'done'], error: ['close', 'failed']};

function richOrText(value) {
  if (!value) return null;
  return value.type === 'rich_text' ? richText(value) : [document.createTextNode(typeof value === 'string' ? value : value.text ?? '')];
}

function taskCard(task) {
  const status = kTaskIcons[task.status] ? task.status : 'pending';
  const [name, spoken] = kTaskIcons[status];
  const details = richOrText(task.details);
  const output = richOrText(task.output);
  const sources = (task.sources ?? []).map((source) => h('li', {}, link(source.url ?? '', source.text)));
  const mark = h('span', {class: 'task-mark', role: 'img', 'aria-label': spoken}, status === 'in_progress' ? h('span', {class: 'spinner'}) : icon(name, 16));
  const more = [details && h('div', {class: 'task-details'}, details), output && h('div', {class: 'task-output'}, output),
                sources.length ? h('ul', {class: 'task-sources'}, sources) : null].filter(Boolean);
  return h('div', {class: `task task-${status}`}, mark, h('div', {class: 'task-body'}, h('div', {class: 'task-title'}, textOrString(task.title)), more));
}

function textOrString(value) {
  return value?.text ?? value ?? '';
}

function plan(block) {
  return h('div', {class: 'plan'}, h('div', {class: 'plan-title'}, textOrString(block.title)), (block.tasks ?? []).map(taskCard));
}

function card(block, context) {
  return h('div', {class: 'card'}, block.title ? h('div', {class: 'card-title'}, textObject(block.title)) : null,
           block.subtitle ? h('div', {class: 'card-subtitle'}, textObject(block.subtitle)) : null,
           block.body ? h('div', {}, textObject(block.body)) : null,
           block.actions ? h('div', {class: 'actions'}, block.actions.map((element) => piece(element, block, context))) : null);
}

// A row of controls; many buttons in a row are one Tab stop.
function controls(name, block, context) {
  const elements = block.elements ?? [];
  const node = h('div', {class: name}, elements.map((element) => piece(element, block, context)));
  if (!areAllPressed(elements) || node.querySelectorAll('button').length < 2) return node;
  node.setAttribute('role', 'toolbar');
  node.setAttribute('aria-label', name === 'actions' ? 'Actions' : 'Rating');
  return oneStop(node);
}

const kRenderers = {
  section,
  input,
  plan,
  card,
  divider: () => h('hr'),
  header: (block) => h('div', {class: `header header-${block.level ?? 1}`, role: 'heading', 'aria-level': '3'}, plainText(block.text?.text)),
  context: (block, context) => h('div', {class: 'context'}, (block.elements ?? []).map((element) => piece(element, block, context))),
  actions: (block, context) => controls('actions', block, context),
  context_actions: (block, context) => controls('context-actions', block, context),
  markdown: (block) => h('div', {class: 'markdown'}, markdown(block.text)),
  rich_text: (block) => h('div', {class: 'rich-text'}, richText(block)),
  table: (block) => table(block),
  data_table: (block) => dataTable(block),
  data_visualization: (block) => chart(block),
  image: (block) => h('div', {class: 'image-block'}, block.title ? h('div', {class: 'image-title'}, plainText(block.title.text)) : null, image(block, false)),
  task_card: (block) => taskCard(block),
  alert: (block) => h('div', {class: `alert alert-${block.level ?? 'default'}`, role: 'note'}, textObject(block.text)),
  carousel: (block, context) => h('div', {class: 'carousel'}, (block.elements ?? block.cards ?? []).map((entry) => card(entry, context))),
  container: (block, context) => h('div', {class: 'card'}, block.title ? h('div', {class: 'card-title'}, textObject(block.title)) : null,
                                   (block.children ?? block.blocks ?? []).map((child) => renderBlock(child, context))),
  file: (block) => h('div', {class: 'context'}, icon('file', 16), block.external_id ?? 'File'),
  video: (block) => h('div', {class: 'context'}, link(block.video_url ?? '', textOrString(block.title))),
};

function renderBlock(block, context) {
  const render = kRenderers[block?.type];
  try {
    return h('div', {class: `block block-${render ? block.type : 'unknown'}`, dataset: {block: block?.block_id ?? ''}}, render ? render(block, context) : unknown(block));
  } catch (error) {
    console.error(error);
    return h('div', {class: 'block unknown-block'}, `A “${block?.type}” block is malformed: ${error.message}`);
  }
}

export function renderBlocks(blocks, context) {
  return (blocks ?? []).map((block) => renderBlock(block, context));
}

