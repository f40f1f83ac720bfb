// table and data_table blocks, and tables made of CSV text.
import {h, iconButton, oneStop} from './dom.js';
import {richText} from './richtext.js';

function cellNodes(cell) {
  if (!cell) return [''];
  if (cell.type === 'rich_text') return richText(cell);
  return [cell.text ?? (cell.value === undefined ? '' : String(cell.value))];
}

function cellText(cell) {
  if (!cell) return '';
  if (cell.type === 'rich_text') return richText(cell).map((node) => node.textContent).join(' ');
  return String(cell.text ?? cell.value ?? '');
}

// A table that scrolls sideways where it has to; only then it is a Tab stop, from which arrows scroll it.
export function scroller(label, table) {
  const node = h('div', {class: 'table-scroll', role: 'region', 'aria-label': label}, table);
  new ResizeObserver(() => {
    if (node.scrollWidth > node.clientWidth) node.tabIndex = 0;
    else node.removeAttribute('tabindex');
  }).observe(node);
  return node;
}

export function table(block) {
  const [head, ...rows] = block.rows ?? [];
  const setting = (column) => block.column_settings?.[column] ?? {};
  const classes = (column) => `align-${setting(column).align ?? 'left'}${setting(column).is_wrapped ? ' wrapped' : ''}`;
  const row = (tag, cells) => h('tr', {}, (cells ?? []).map((cell, column) => h(tag, {class: classes(column)}, cellNodes(cell))));
  return scroller('Table', h('table', {class: 'kit-table'}, head ? h('thead', {}, row('th', head)) : null,
                             h('tbody', {}, rows.map((cells) => row('td', cells)))));
}

const collator = new Intl.Collator(undefined, {numeric: true, sensitivity: 'base'});

export function dataTable(block) {
  const [head = [], ...body] = block.rows ?? [];
  const size = Math.max(1, block.page_size ?? 5);
  const numeric = head.map((_, column) => body.length > 0 && body.every((row) => row[column]?.type === 'raw_number'));
  const headerColumn = block.row_header_column_index;
  let rows = body;
  let sorted = {column: -1, down: false};
  let page = 0;

  const tbody = h('tbody');
  const position = h('span', {class: 'table-position'});
  const previous = iconButton('back', 'Previous page', () => show(page - 1));
  const next = iconButton('back', 'Next page', () => show(page + 1), {class: 'icon-button flipped'});
  const show = (wanted) => {
    const pages = Math.max(1, Math.ceil(rows.length / size));
    page = Math.min(Math.max(0, wanted), pages - 1);
    const first = page * size;
    tbody.replaceChildren(...rows.slice(first, first + size).map((row) => h('tr', {}, head.map((_, column) =>
        h(column === headerColumn ? 'th' : 'td', {class: numeric[column] ? 'align-right' : null, scope: column === headerColumn ? 'row' : null},
          cellNodes(row[column]))))));
    position.textContent = rows.length === 0 ? 'No rows' : `${first + 1}–${Math.min(first + size, rows.length)} of ${rows.length}`;
    previous.disabled = page === 0;
    next.disabled = page >= pages - 1;
  };
  const headers = head.map((cell, column) => {
    const mark = h('span', {class: 'sort-mark', 'aria-hidden': 'true'});
    const node = h('th', {class: numeric[column] ? 'align-right' : null, scope: 'col', 'aria-sort': 'none'},
                   h('button', {type: 'button', class: 'sort', onclick: () => sort(column)}, cellNodes(cell), mark));
    return {node, mark};
  });
  const sort = (column) => {
    if (sorted.column !== column) sorted = {column, down: false};
    else if (!sorted.down) sorted = {column, down: true};
    else sorted = {column: -1, down: false};
    const value = (row) => (numeric[column] ? Number(row[column].value) : cellText(row[column]));
    const compare = (a, b) => (numeric[column] ? value(a) - value(b) : collator.compare(value(a), value(b)));
    rows = sorted.column < 0 ? body : [...body].sort((a, b) => (sorted.down ? compare(b, a) : compare(a, b)));
    headers.forEach(({node, mark}, at) => {
      const here = at === sorted.column;
      node.setAttribute('aria-sort', here ? (sorted.down ? 'descending' : 'ascending') : 'none');
      mark.textContent = here ? (sorted.down ? '↓' : '↑') : '';
    });
    show(0);
  };
  const caption = block.caption?.text ?? block.caption ?? 'Table';
  show(0);
  return h('div', {class: 'data-table'}, h('div', {class: 'data-table-caption'}, caption),
           scroller(caption, h('table', {class: 'kit-table'}, h('thead', {}, oneStop(h('tr', {}, headers.map(({node}) => node)))), tbody)),
           h('div', {class: 'table-footer'}, position, body.length > size ? [previous, next] : null));
}

// Rows of CSV text, quotes and all; at most `limit` rows.
export function parseCsv(text, limit) {
  const rows = [];
  let row = [];
  let cell = '';
  let quoted = false;
  const endCell = () => {
    row.push(cell);
    cell = '';
  };
  for (let at = text.charCodeAt(0) === 0xFEFF ? 1 : 0; at < text.length && rows.length < limit; at += 1) {
    const mark = text[at];
    if (quoted) {
      if (mark !== '"') cell += mark;
      else if (text[at + 1] === '"') cell += text[at += 1];
      else quoted = false;
    } else if (mark === '"' && cell === '') {
      quoted = true;
    } else if (mark === ',') {
      endCell();
    } else if (mark === '\n') {
      endCell();
      rows.push(row);
      row = [];
    } else if (mark !== '\r') {
      cell += mark;
    }
  }
  if ((cell !== '' || row.length > 0) && rows.length < limit) {
    endCell();
    rows.push(row);
  }
  return rows;
}

export function csvTable(text, limit, label) {
  const [head = [], ...rows] = parseCsv(text, limit + 1);
  return scroller(label, h('table', {class: 'kit-table'}, h('thead', {}, h('tr', {}, head.map((cell) => h('th', {}, cell)))),
                           h('tbody', {}, rows.map((row) => h('tr', {}, row.map((cell) => h('td', {}, cell)))))));
}
