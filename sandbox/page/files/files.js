// Files of a message: a card with download, and a look into CSV files.
import {h, icon} from './dom.js';
import {fileUrl} from './api.js';
import {csvTable, parseCsv} from './tables.js';

const kPreviewRows = 5;
const kAllRows = 200;
const kMaxPreviewBytes = 2 << 20;
const contents = new Map();

function sizeText(bytes) {
  if (!Number.isFinite(bytes)) return '';
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

async function textOf(file) {
  if (!contents.has(file.id)) {
    const response = await fetch(fileUrl(file));
    if (!response.ok) throw new Error('The file is gone.');
    contents.set(file.id, await response.text());
  }
  return contents.get(file.id);
}

function preview(file) {
  const box = h('div', {class: 'file-preview'}, 'Loading…');
  let all = false;
  const show = (text) => {
    const lines = parseCsv(text, Infinity).length - 1;
    const limit = all ? kAllRows : kPreviewRows;
    const more = lines > kPreviewRows
      ? h('button', {type: 'button', class: 'link-button', onclick: () => {
          all = !all;
          show(text);
        }}, all ? 'Show fewer rows' : `Show ${lines > kAllRows ? `the first ${kAllRows}` : `all ${lines}`} rows`)
      : null;
    box.replaceChildren(csvTable(text, limit, file.title ?? file.name), ...(more ? [more] : []));
  };
  textOf(file).then(show, () => box.replaceChildren('The preview cannot be loaded.'));
  return box;
}

// A voice clip, with what Slack heard in it.
function clipCard(file) {
  const words = file.transcription?.preview?.content;
  return h('div', {class: 'file'},
           h('div', {class: 'file-head'}, h('span', {class: 'file-icon'}, icon('mic')),
             h('div', {class: 'file-names'}, h('div', {class: 'file-title'}, 'Audio clip'),
               h('div', {class: 'file-detail'}, `${Math.round((file.duration_ms ?? 0) / 1000)} s`))),
           h('div', {class: 'clip-words'}, words ? `“${words}”` : 'The transcript is not ready yet.'));
}

export function fileCard(file) {
  if (file.subtype === 'slack_audio') return clipCard(file);
  const name = file.name ?? file.title ?? 'file';
  const isCsv = /\.csv$/i.test(name) || file.mimetype === 'text/csv';
  return h('div', {class: 'file'},
           h('div', {class: 'file-head'}, h('span', {class: 'file-icon'}, icon('file')),
             h('div', {class: 'file-names'}, h('div', {class: 'file-title'}, file.title || name),
               h('div', {class: 'file-detail'}, [isCsv ? 'CSV' : file.filetype?.toUpperCase() || 'File', sizeText(file.size)].filter(Boolean).join(' · '))),
             h('a', {class: 'icon-button', href: fileUrl(file), download: name, 'aria-label': `Download ${name}`, title: 'Download'}, icon('download'))),
           isCsv && (file.size ?? 0) < kMaxPreviewBytes ? preview(file) : null);
}
