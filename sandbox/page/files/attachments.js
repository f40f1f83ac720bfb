// What stands below a message that somebody else wrote: a forwarded message, the preview of a page, an app's attachment.
import {h} from './dom.js';
import {link, mrkdwn} from './mrkdwn.js';
import {renderBlocks} from './blocks.js';

export function attachmentCard(attachment, context) {
  const source = attachment.author_name ?? attachment.service_name;
  const title = attachment.title ? link(attachment.title_link ?? attachment.from_url ?? '', attachment.title) : null;
  return h('div', {class: 'attachment'},
           source ? h('div', {class: 'attachment-source'}, source) : null,
           title ? h('div', {class: 'attachment-title'}, title) : null,
           attachment.blocks ? renderBlocks(attachment.blocks, context) : mrkdwn(attachment.text ?? attachment.fallback),
           attachment.footer ? h('div', {class: 'attachment-footer'}, attachment.footer) : null);
}
