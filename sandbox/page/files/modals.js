// Modal views: the stack of views.open and views.push, their inputs and errors.
import {h, iconButton, toast} from './dom.js';
import {attempt, chooserSources} from './messages.js';
import {plainText} from './mrkdwn.js';
import {post} from './api.js';
import {renderBlocks} from './blocks.js';
import {store} from './store.js';

const textOf = (object) => object?.text ?? object ?? '';
const valuesOfViews = new Map();
let shown = null;

function valuesOf(view) {
  if (!valuesOfViews.has(view.id)) valuesOfViews.set(view.id, structuredClone(view.state?.values ?? {}));
  return valuesOfViews.get(view.id);
}

function contextOf(view, errors) {
  const where = () => ({user: store.me.id, view_id: view.id});
  return {
    id: view.id, values: valuesOf(view), errors, me: () => store.me.id, ...chooserSources(),
    press: (action, state) => attempt(post('press', {...where(), action, state})),
    suggest: async (block, element, typed) => (await post('suggest', {...where(), action_id: element.action_id, typed})).suggestions,
  };
}

// Only what the view still has: Slack sends no values of inputs that are gone.
function stateFor(view) {
  const values = valuesOf(view);
  const state = {};
  for (const block of view.blocks ?? []) {
    for (const element of [block.element, block.accessory, ...(block.elements ?? [])]) {
      const id = element?.action_id;
      if (!id) continue;
      const value = values[block.block_id]?.[id];
      if (value || block.type === 'input') (state[block.block_id] ??= {})[id] = value ?? {type: element.type, value: null};
    }
  }
  return state;
}

function missing(view) {
  const state = stateFor(view);
  const errors = {};
  for (const block of view.blocks ?? []) {
    if (block.type !== 'input' || block.optional) continue;
    const value = state[block.block_id]?.[block.element?.action_id] ?? {};
    const filled = ['value', 'selected_option', 'selected_date', 'selected_time', 'selected_user', 'selected_conversation', 'selected_channel']
      .some((key) => value[key]) || value.selected_options?.length > 0;
    if (!filled) errors[block.block_id] = 'Please complete this required field.';
  }
  return errors;
}

async function submit(view, node) {
  const errors = missing(view);
  if (Object.keys(errors).length > 0) {
    store.viewErrors.set(view.id, errors);
    renderModals();
    return;
  }
  node.classList.add('busy');
  await attempt(post('submit_view', {user: store.me.id, view_id: view.id, values: stateFor(view)}));
  setTimeout(() => node.classList.remove('busy'), 3500);
}

const close = (view) => attempt(post('close_view', {user: store.me.id, view_id: view.id}));

function makeDialog(view) {
  const errors = store.viewErrors.get(view.id);
  const general = errors?.[''];
  const title = plainText(textOf(view.title));
  const dialog = h('dialog', {class: 'dialog view', 'aria-label': textOf(view.title), oncancel: (event) => {
    event.preventDefault();
    close(view);
  }},
    h('form', {method: 'dialog', novalidate: true, onsubmit: (event) => {
      event.preventDefault();
      submit(view, dialog);
    }},
      h('header', {class: 'dialog-head'}, h('h2', {}, title), iconButton('close', 'Close', () => close(view))),
      h('div', {class: 'dialog-body'}, general ? h('div', {class: 'banner banner-error', role: 'alert'}, general) : null, renderBlocks(view.blocks, contextOf(view, errors))),
      h('footer', {class: 'dialog-buttons'},
        h('button', {type: 'button', class: 'button', onclick: () => close(view)}, plainText(textOf(view.close) || 'Close')),
        view.submit ? h('button', {type: 'submit', class: 'button button-primary'}, plainText(textOf(view.submit))) : null)));
  return dialog;
}

export function renderModals() {
  const view = store.views.at(-1);
  const fingerprint = view ? JSON.stringify([view.id, view.hash, view.blocks, view.title, view.submit, store.viewErrors.get(view.id)]) : '';
  if (shown?.fingerprint === fingerprint) return;
  shown?.dialog.remove();
  shown = null;
  for (const id of valuesOfViews.keys()) if (!store.views.some((open) => open.id === id)) valuesOfViews.delete(id);
  if (!view) return;
  const dialog = makeDialog(view);
  document.body.append(dialog);
  dialog.showModal();
  (dialog.querySelector('[aria-invalid]') ?? dialog.querySelector('input, textarea'))?.focus();
  shown = {fingerprint, dialog};
  if (store.viewErrors.get(view.id)?.['']) toast(store.viewErrors.get(view.id)[''], 'error');
}
