// Small floating panels beside what opened them, and the list to choose from inside of one.
import {h, icon} from './dom.js';

let current = null;

export function closePopover() {
  current?.close();
}

// Shows `content` beside `anchor` until Escape, a click elsewhere, or close(). Gives the focus back.
export function openPopover(anchor, content, {role = 'dialog', label = '', wide = false} = {}) {
  closePopover();
  const node = h('div', {class: `popover${wide ? ' popover-wide' : ''}`, role, 'aria-label': label || null}, content);
  const host = anchor.closest('dialog') ?? document.body;
  host.append(node);
  const place = () => {
    const box = anchor.getBoundingClientRect();
    const own = node.getBoundingClientRect();
    const left = Math.max(8, Math.min(box.left, window.innerWidth - own.width - 8));
    const below = box.bottom + 4 + own.height <= window.innerHeight - 8;
    const top = below ? box.bottom + 4 : Math.max(8, box.top - own.height - 4);
    node.style.setProperty('left', `${left}px`);
    node.style.setProperty('top', `${top}px`);
  };
  place();
  const outside = (event) => {
    if (!node.contains(event.target) && !anchor.contains(event.target)) handle.close();
  };
  const keys = (event) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    handle.close();
    anchor.focus();
  };
  const handle = {
    node,
    place,
    close() {
      if (current !== handle) return;
      current = null;
      node.remove();
      document.removeEventListener('pointerdown', outside, true);
      document.removeEventListener('keydown', keys, true);
      window.removeEventListener('resize', place);
      anchor.setAttribute('aria-expanded', 'false');
    },
  };
  current = handle;
  anchor.setAttribute('aria-expanded', 'true');
  document.addEventListener('pointerdown', outside, true);
  document.addEventListener('keydown', keys, true);
  window.addEventListener('resize', place);
  return handle;
}

// A menu of actions: [{label, icon, danger, run}].
export function openMenu(anchor, label, entries) {
  const items = entries.map((entry) =>
      h('button', {type: 'button', role: 'menuitem', class: `menu-item${entry.danger ? ' danger' : ''}`, onclick: () => {
        closePopover();
        anchor.focus();
        entry.run();
      }}, entry.icon ? icon(entry.icon, 18) : null, entry.label));
  const list = h('div', {class: 'menu', onkeydown: (event) => {
    const at = items.indexOf(document.activeElement);
    const next = {ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1}[event.key];
    if (next === undefined) return;
    event.preventDefault();
    items[(next + items.length) % items.length].focus();
  }}, items);
  openPopover(anchor, list, {role: 'menu', label});
  items[0]?.focus();
}

let listNumber = 0;

// A list with a search field. `load(typed)` gives (a promise of) groups [{label, options: [{label, detail, value}]}].
export function openChooser(anchor, {label, load, minLength = 0, selected, choose}) {
  const id = `chooser-${++listNumber}`;
  let options = [];
  let active = -1;
  let asked = 0;
  const list = h('div', {class: 'chooser-list', role: 'listbox', id, 'aria-label': label});
  const field = h('input', {class: 'chooser-field', type: 'text', role: 'combobox', 'aria-controls': id, 'aria-expanded': 'true',
                            'aria-label': label, placeholder: 'Search', autocomplete: 'off', spellcheck: 'false'});
  const popover = openPopover(anchor, [h('div', {class: 'chooser-search'}, icon('search', 16), field), list], {label, wide: true});

  const mark = (next) => {
    active = options.length === 0 ? -1 : (next + options.length) % options.length;
    options.forEach(({node}, index) => node.classList.toggle('active', index === active));
    const node = options[active]?.node;
    field.setAttribute('aria-activedescendant', node?.id ?? '');
    node?.scrollIntoView({block: 'nearest'});
  };
  const pick = (option) => {
    popover.close();
    anchor.focus();
    choose(option);
  };
  const show = (groups) => {
    options = [];
    const nodes = groups.flatMap((group) => [
      group.label ? h('div', {class: 'chooser-group', role: 'presentation'}, group.label) : null,
      ...group.options.map((option) => {
        const chosen = selected !== undefined && option.value === selected;
        const node = h('div', {class: 'chooser-option', role: 'option', id: `${id}-${options.length}`, 'aria-selected': String(chosen),
                               onclick: () => pick(option)},
                       h('span', {class: 'chooser-check'}, chosen ? icon('check', 16) : null),
                       h('span', {class: 'chooser-text'}, h('span', {}, option.label),
                         option.detail ? h('span', {class: 'chooser-detail'}, option.detail) : null));
        options.push({node, option});
        return node;
      }),
    ]);
    list.replaceChildren(...nodes.filter(Boolean));
    if (options.length === 0) list.append(h('div', {class: 'chooser-note'}, 'No results'));
    mark(Math.max(0, options.findIndex(({option}) => option.value === selected)));
    popover.place();
  };
  const search = async () => {
    const typed = field.value;
    const number = ++asked;
    if (typed.length < minLength) {
      options = [];
      list.replaceChildren(h('div', {class: 'chooser-note'}, `Type ${minLength === 1 ? 'to search' : `${minLength} characters to search`}`));
      return;
    }
    const answer = load(typed);
    if (answer instanceof Promise) list.replaceChildren(h('div', {class: 'chooser-note'}, 'Loading…'));
    try {
      const groups = await answer;
      if (number === asked) show(groups);
    } catch (error) {
      if (number === asked) list.replaceChildren(h('div', {class: 'chooser-note error'}, error.message));
    }
  };
  let waiting = 0;
  field.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, 120);
  });
  field.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      mark(active + (event.key === 'ArrowDown' ? 1 : -1));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (options[active]) pick(options[active].option);
    } else if (event.key === 'Tab') {
      popover.close();
    }
  });
  field.focus();
  search();
}
