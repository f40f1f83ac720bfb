// Builds DOM nodes. Data only ever becomes text nodes and attributes here, never markup.

const kSvg = 'http://www.w3.org/2000/svg';

function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false || child === '') continue;
    node.append(child);
  }
}

function setProperty(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
  else if (name === 'dataset') Object.assign(node.dataset, value);
  else if (name === 'style') for (const [key, text] of Object.entries(value)) node.style.setProperty(key, text);
  else if (name === 'value' || name === 'checked' || name === 'disabled' || name === 'hidden') node[name] = value;
  else node.setAttribute(name, value === true ? '' : String(value));
}

// h('p', {class: 'x', onclick: f}, 'text', node, [more]).
export function h(tag, properties, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) setProperty(node, name, value);
  append(node, children);
  return node;
}

export function svg(tag, properties, ...children) {
  const node = document.createElementNS(kSvg, tag);
  for (const [name, value] of Object.entries(properties ?? {})) setProperty(node, name, value);
  append(node, children);
  return node;
}

const kIcons = {
  attach: 'M15.5 9.5 10 15a3.2 3.2 0 0 1-4.6-4.6l6-6a2.1 2.1 0 0 1 3 3l-6 6a1 1 0 0 1-1.5-1.5L12 6.8',
  back: 'M12 4.5 6.5 10l5.5 5.5',
  bolt: 'M11 2.5 5 11h4.5L8.500 17.500 15 9h-4.500z',
  check: 'M4.500 10.500 8.500 14.500 16 6',
  chevron: 'M5.500 8 10 12.500 14.500 8',
  close: 'M5 5l10 10M15 5 5 15',
  download: 'M10 3.500v9M6.500 9.500 10 13l3.500-3.500M4 16.500h12',
  file: 'M5.500 2.500h6l3.500 3.500v11.500h-9.500zM11.500 2.500V6H15',
  forward: 'M11 4.500 16.500 9.500 11 14.500v-3c-4 0-6 1-7.500 4 0-5 2.500-8 7.500-8z',
  hash: 'M8 3 6.500 17M13.500 3 12 17M3.500 7.500h13.500M3 12.500h13.500',
  home: 'M3.500 9.500 10 4l6.500 5.500M5.500 8.500V16h9V8.500',
  lock: 'M5 9h10v8H5zM7 9V6.500a3 3 0 0 1 6 0V9',
  menu: 'M3 5.500h14M3 10h14M3 14.500h14',
  message: 'M3.500 4.500h13v9h-7l-3.500 3v-3h-2.500z',
  mic: 'M10 3a2.200 2.200 0 0 0-2.200 2.200v4.600a2.200 2.200 0 0 0 4.400 0V5.200A2.200 2.200 0 0 0 10 3zM5 9.500a5 5 0 0 0 10 0M10 14.500V17',
  minus: 'M4.500 10h11',
  more: 'M4.500 10h.01M10 10h.01M15.500 10h.01',
  pencil: 'M4 16l.8-3.500L13.500 3.800l2.700 2.700-8.700 8.700z',
  plus: 'M10 4.500v11M4.500 10h11',
  reply: 'M4 4.500h12v8.500H9l-3 3v-3H4zM7 8h6M7 10.500h4',
  search: 'M13 13l4 4M14 8.500a5.500 5.500 0 1 1-11 0 5.500 5.500 0 0 1 11 0z',
  send: 'M3.500 4 17 10 3.500 16l2-6zM5.500 10H11',
  share: 'M6.500 7.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5zM14 3a2.200 2.200 0 1 0 0 4.400A2.200 2.200 0 0 0 14 3zM14 12.600a2.200 2.200 0 1 0 0 4.400 2.200 2.200 0 0 0 0-4.400zM8.700 8.900l3.400-2.600M8.700 11.200l3.400 2.500',
  sliders: 'M4 6h7M15 6h1M4 14h1M9 14h7M11 6a2 2 0 1 0 4 0 2 2 0 0 0-4 0zM5 14a2 2 0 1 0 4 0 2 2 0 0 0-4 0z',
  smile: 'M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0zM7 12c1.500 2 4.500 2 6 0M7.500 8h.01M12.500 8h.01',
  stop: 'M5.500 5.500h9v9h-9z',
  thumbDown: 'M6 11.500V3.500M6 3.500h7.500l2 8H11l.8 4.500L9.500 16 6 11.500H3.500v-8H6',
  thumbUp: 'M6 8.500v8M6 16.500h7.500l2-8H11L11.800 4 9.500 4 6 8.500H3.500v8H6',
  trash: 'M4 6h12M8 6V3.500h4V6M5.500 6l.8 11h7.400l.8-11M8.500 9v5M11.500 9v5',
  warning: 'M10 3 17.500 16.500h-15zM10 8v4.500M10 14.600h.01',
};

export function icon(name, size = 20) {
  return svg('svg', {class: 'icon', viewBox: '0 0 20 20', width: size, height: size, 'aria-hidden': 'true'},
             svg('path', {d: kIcons[name] ?? kIcons.more}));
}

export function iconButton(name, label, onclick, properties = {}) {
  return h('button', {type: 'button', class: 'icon-button', 'aria-label': label, title: label, onclick, ...properties},
           icon(name));
}

// Makes a row of controls one Tab stop: arrows, Home and End go from one control to the next.
export function oneStop(row) {
  const controls = [...row.querySelectorAll('button, a[href]')];
  const choose = (chosen) => {
    for (const control of controls) control.tabIndex = control === chosen ? 0 : -1;
  };
  choose(controls[0]);
  row.addEventListener('focusin', (event) => {
    if (controls.includes(event.target)) choose(event.target);
  });
  row.addEventListener('keydown', (event) => {
    const at = controls.indexOf(event.target);
    const next = {ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: controls.length - 1}[event.key];
    if (at < 0 || next === undefined) return;
    event.preventDefault();
    controls[(next + controls.length) % controls.length].focus();
  });
  return row;
}

const nameOf = (control) => control.getAttribute('aria-label') ?? control.textContent;

// The name of the button or link in it that has the focus.
function focusIn(node) {
  const control = document.activeElement;
  return control !== node && node.contains(control) && control.matches('button, a, summary') ? nameOf(control) : '';
}

// Who pressed a button keeps their place when that makes the message anew.
function focusAgain(node, name) {
  const same = [...node.querySelectorAll('button, a, summary')].find((control) => nameOf(control) === name);
  (same ?? node).focus({preventScroll: true});
}

// Replaces the children only where they differ: `wanted` holds [key, fingerprint, make]. Keeps focus, open menus and
// scroll positions of what stays.
export function reconcile(parent, wanted) {
  const old = parent.keyed ?? new Map();
  const next = new Map();
  let previous = null;
  for (const [key, fingerprint, make] of wanted) {
    let entry = old.get(key);
    if (!entry || entry.fingerprint !== fingerprint) {
      const node = make(entry?.node);
      if (entry && entry.node !== node) {
        const focused = focusIn(entry.node);
        entry.node.replaceWith(node);
        if (focused) focusAgain(node, focused);
      }
      entry = {fingerprint, node};
    }
    old.delete(key);
    const expected = previous ? previous.nextSibling : parent.firstChild;
    if (expected !== entry.node) parent.insertBefore(entry.node, expected);
    next.set(key, entry);
    previous = entry.node;
  }
  for (const {node} of old.values()) node.remove();
  parent.keyed = next;
}

// What was said before stays for a moment, since a screen reader may still be busy with it.
export function announce(text) {
  const place = document.getElementById('announcer');
  place.append(h('p', {}, text));
  while (place.childElementCount > 3) place.firstElementChild.remove();
}

export function toast(text, kind = 'info') {
  const node = h('div', {class: `toast toast-${kind}`}, text);
  document.getElementById('toasts').append(node);
  setTimeout(() => node.remove(), kind === 'error' ? 7000 : 3500);
}
