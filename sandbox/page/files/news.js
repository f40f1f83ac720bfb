// Says new messages of the bot to screen readers.
import {announce} from './dom.js';
import {newestTs, findMessage, store} from './store.js';

let last = '';

export function announceNews(channel) {
  if (!channel) return;
  const newest = newestTs(channel.id);
  if (newest === '' || newest === last) return;
  const message = findMessage(channel.id, newest);
  if (last !== '' && message?.user === store.bot.user_id && !message.streaming) announce(`${store.bot.name}: ${(message.text ?? '').slice(0, 300)}`);
  last = newest;
}
