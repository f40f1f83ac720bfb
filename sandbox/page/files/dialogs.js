// Dialogs that ask one thing.
import {h, toast} from './dom.js';
import {textObject} from './mrkdwn.js';

// Shows Block Kit's confirm object; true when the person agrees.
export function confirmed(confirm) {
  return new Promise((resolve) => {
    let agreed = false;
    const style = confirm.style === 'danger' ? 'button-danger' : 'button-primary';
    const dialog = h('dialog', {class: 'dialog small', 'aria-label': confirm.title?.text ?? 'Please confirm', onclose: () => {
      dialog.remove();
      resolve(agreed);
    }},
      h('h2', {}, textObject(confirm.title ?? {type: 'plain_text', text: 'Are you sure?'})),
      h('div', {class: 'dialog-body'}, textObject(confirm.text)),
      h('div', {class: 'dialog-buttons'},
        h('button', {type: 'button', class: 'button', onclick: () => dialog.close()}, textObject(confirm.deny ?? {type: 'plain_text', text: 'Cancel'})),
        h('button', {type: 'button', class: `button ${style}`, onclick: () => {
          agreed = true;
          dialog.close();
        }}, textObject(confirm.confirm ?? {type: 'plain_text', text: 'Yes'}))));
    document.body.append(dialog);
    dialog.showModal();
  });
}

function fieldNode({name, label, options, rows = 2, value = '', optional}) {
  const id = `ask-${name}`;
  const node = options
    ? h('select', {id, name, class: 'plain-select'}, options.map((option) => h('option', {value: option.value}, option.label)))
    : h('textarea', {id, name, class: 'text-field', rows, required: !optional});
  if (value) node.value = value;
  return h('div', {class: 'input-block'}, h('label', {class: 'label', for: id}, label, optional ? h('span', {class: 'optional'}, ' (optional)') : null), node);
}

// Asks for a few texts or choices: fields [{name, label, options: [{label, value}] (a text without), rows, value, optional}].
// `run(values)` does what was asked for; the dialog stays open with its words when that fails.
export function askFor({title, button, fields, run}) {
  const dialog = h('dialog', {class: 'dialog small', 'aria-label': title, onclose: () => dialog.remove()},
    h('form', {method: 'dialog', onsubmit: async (event) => {
      event.preventDefault();
      try {
        await run(Object.fromEntries([...new FormData(event.target)].map(([name, text]) => [name, text.trim()])));
        dialog.close();
      } catch (error) {
        toast(error.message, 'error');
      }
    }},
      h('h2', {}, title),
      fields.map(fieldNode),
      h('div', {class: 'dialog-buttons'},
        h('button', {type: 'button', class: 'button', onclick: () => dialog.close()}, 'Cancel'),
        h('button', {type: 'submit', class: 'button button-primary'}, button))));
  document.body.append(dialog);
  dialog.showModal();
}
