// Dialogs that ask one thing.
import {h} from './dom.js';
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
