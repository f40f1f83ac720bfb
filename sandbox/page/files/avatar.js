// Round-cornered initials in a person's own colour.
import {h} from './dom.js';
import {displayName, store} from './store.js';

const kColours = 8;

function colourOf(id) {
  let sum = 0;
  for (const character of id ?? '') sum = (sum * 31 + character.codePointAt(0)) % 997;
  return sum % kColours;
}

export function initials(name) {
  const words = name.split(/[\s._-]+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)].map((word) => [...word][0]) : [...(words[0] ?? '?')].slice(0, 1);
  return letters.join('').toUpperCase();
}

export function avatar(userId, size = 36) {
  const isBot = userId === store.bot.user_id;
  const name = isBot ? store.bot.name : displayName(store.users.get(userId)) || userId || '?';
  return h('span', {class: `avatar avatar-${size} ${isBot ? 'avatar-bot' : `colour-${colourOf(userId)}`}`, 'aria-hidden': 'true'},
           isBot ? '🧞' : initials(name));
}
