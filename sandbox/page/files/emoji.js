// Emoji short names that people and the bot use.

const kNames = {
  '+1': '👍', '-1': '👎', '100': '💯', airplane: '✈️', alarm_clock: '⏰', arrow_down: '⬇️', arrow_forward: '▶️',
  arrow_right: '➡️', arrow_up: '⬆️', arrows_counterclockwise: '🔄', bar_chart: '📊', bell: '🔔', blue_heart: '💙',
  blush: '😊', bookmark: '🔖', books: '📚', boom: '💥', brain: '🧠', bug: '🐛', bulb: '💡', calendar: '📅', card_index: '📇',
  chart_with_downwards_trend: '📉', chart_with_upwards_trend: '📈', check: '✔️', clap: '👏', clipboard: '📋',
  clock1: '🕐', coffee: '☕', construction: '🚧', crossed_fingers: '🤞', cry: '😢', dart: '🎯', date: '📅', dizzy: '💫',
  earth_africa: '🌍', email: '📧', exclamation: '❗', eyes: '👀', factory: '🏭', file_folder: '📁', fire: '🔥', floppy_disk: '💾',
  gear: '⚙️', gift: '🎁', globe_with_meridians: '🌐', green_heart: '💚', grey_question: '❔', grin: '😁', grinning: '😀',
  hammer_and_wrench: '🛠️', handshake: '🤝', heart: '❤️', heavy_check_mark: '✔️', heavy_plus_sign: '➕', hourglass: '⌛',
  hourglass_flowing_sand: '⏳', information_source: 'ℹ️', joy: '😂', key: '🔑', label: '🏷️', laughing: '😆', link: '🔗',
  lock: '🔒', loudspeaker: '📢', mag: '🔍', memo: '📝', money_with_wings: '💸', moneybag: '💰', muscle: '💪', no_entry: '⛔',
  no_entry_sign: '🚫', octagonal_sign: '🛑', ok: '🆗', ok_hand: '👌', open_file_folder: '📂', package: '📦', page_facing_up: '📄',
  paperclip: '📎', partying_face: '🥳', pencil: '✏️', pencil2: '✏️', point_down: '👇', point_left: '👈', point_right: '👉',
  point_up: '☝️', pray: '🙏', pushpin: '📌', question: '❓', rainbow: '🌈', raised_hands: '🙌', receipt: '🧾', recycle: '♻️',
  red_circle: '🔴', repeat: '🔁', robot_face: '🤖', rocket: '🚀', rotating_light: '🚨', round_pushpin: '📍', scream: '😱',
  see_no_evil: '🙈', shield: '🛡️', shrug: '🤷', slightly_smiling_face: '🙂', smile: '😄', smiley: '😃', smirk: '😏', snail: '🐌',
  sob: '😭', sparkles: '✨', speech_balloon: '💬', star: '⭐', star2: '🌟', stopwatch: '⏱️', sunglasses: '😎', sunny: '☀️',
  sweat_smile: '😅', tada: '🎉', thinking_face: '🤔', thought_balloon: '💭', thumbsdown: '👎', thumbsup: '👍', timer_clock: '⏲️',
  traffic_light: '🚦', trophy: '🏆', truck: '🚚', unlock: '🔓', upside_down_face: '🙃', v: '✌️', warning: '⚠️', wastebasket: '🗑️',
  wave: '👋', white_check_mark: '✅', white_circle: '⚪', wink: '😉', wrench: '🔧', x: '❌', yellow_heart: '💛', zap: '⚡',
  large_blue_circle: '🔵', large_green_circle: '🟢', large_yellow_circle: '🟡', genie: '🧞', male_genie: '🧞‍♂️', magic_wand: '🪄',
};

export const kQuickReactions = ['thumbsup', 'thumbsdown', 'eyes', 'tada', 'heart', 'white_check_mark'];
export const kPickerNames = [
  'thumbsup', 'thumbsdown', 'eyes', 'tada', 'heart', 'white_check_mark', 'x', 'smile', 'joy', 'thinking_face', 'clap', 'raised_hands',
  'pray', 'rocket', 'fire', 'bulb', '100', 'wave', 'sob', 'question', 'warning', 'bar_chart', 'chart_with_upwards_trend', 'genie',
];

// The character of a short name; undefined when it is not known. Skin tones are left away.
export function emoji(name) {
  const plain = name.split('::')[0];
  return Object.hasOwn(kNames, plain) ? kNames[plain] : undefined;
}

export function emojiMatches(prefix, limit = 6) {
  return Object.keys(kNames).filter((name) => name.startsWith(prefix)).slice(0, limit);
}
